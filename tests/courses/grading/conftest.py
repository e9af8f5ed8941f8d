"""A run whose content has two graded works, with teacher, registrars and learners."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from courses.catalogue.models import Course
from courses.content.models import ContentBlock, ContentVersion
from courses.enrolment.models import Enrolment
from courses.runs.models import CourseRun
from courses.runtime.models import BlockScore
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people.models import Person
from tests.factories.courses import make_content, make_course, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person

POLICY = {
    "GRADER": [
        {"type": "Quiz", "min_count": 1, "drop_count": 0, "weight": 0.4},
        {"type": "Final", "min_count": 1, "drop_count": 0, "weight": 0.6},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.6},
}
QUIZ, FINAL = "problem@quiz", "problem@final"


@dataclass(frozen=True)
class Graded:
    """What a grading test needs."""

    run: CourseRun
    teacher: Actor
    registrar: Actor
    teacher_person: Person
    registrar_person: Person
    enrolment: Enrolment

    def score(self, usage_id: str, earned: str, enrolment: Enrolment | None = None) -> None:
        """Let a learner (the first one unless named) reach so many of four points in a block."""
        place = enrolment or self.enrolment
        version = self.run.content
        assert version is not None
        BlockScore.objects.update_or_create(
            person=place.person,
            run=self.run,
            usage_id=usage_id,
            defaults={
                "earned": Decimal(earned),
                "possible": Decimal(4),
                "content_version": version,
                "scored_at": clock.now(),
            },
        )


def _content(course: Course) -> ContentVersion:
    version = ContentVersion.objects.create(course=course, number=1, grading_policy=POLICY)
    blocks: list[tuple[str, str, str, str]] = [
        ("course@c", "", "course", ""),
        ("chapter@s", "course@c", "section", ""),
        ("sequential@q", "chapter@s", "subsection", "Quiz"),
        ("vertical@q", "sequential@q", "unit", "Quiz"),
        (QUIZ, "vertical@q", "block", "Quiz"),
        ("sequential@f", "chapter@s", "subsection", "Final"),
        ("vertical@f", "sequential@f", "unit", "Final"),
        (FINAL, "vertical@f", "block", "Final"),
    ]
    for ordinal, (usage_id, parent, level, kind) in enumerate(blocks):
        tail = usage_id[-1] if level != "block" else ("q" if usage_id == QUIZ else "f")
        ContentBlock.objects.create(
            version=version,
            usage_id=usage_id,
            block_type=usage_id.split("@")[0],
            url_name=usage_id.split("@")[1],
            parent_usage_id=parent,
            level=level,
            ordinal=ordinal,
            display_name=usage_id,
            assignment_type=kind,
            graded=level == "block",
            has_score=level == "block",
            support="supported",
            unit_usage_id=f"vertical@{tail}" if level in {"unit", "block"} else "",
            subsection_usage_id=f"sequential@{tail}" if level in {"subsection", "unit", "block"} else "",
            fields={"settings": {"weight": 4} if level == "block" else {}, "content": {}},
        )
    return version


@pytest.fixture
def graded(db: None) -> Graded:
    host = make_institution(name_zh="广西大学", name_en="Guangxi University")
    teacher = make_person(name="覃老师", role="teacher", institution=host, number="T1")
    registrar = make_person(name="莫老师", role="registrar", institution=host, number="R1")
    course = make_course(host)
    run = make_run(course, teacher=teacher, content=_content(course))
    learner = make_person(name="韦小明", role="student", institution=host, number="S1")
    return Graded(
        run=run,
        teacher=make_actor(teacher),
        registrar=make_actor(registrar),
        teacher_person=teacher,
        registrar_person=registrar,
        enrolment=make_enrolment(learner, run),
    )


def change_block(graded: Graded, *usage_ids: str, **changes: Any) -> None:
    """Pin a version that differs in some blocks: versions never change."""
    version = make_content(graded.run.course, 2, grading_policy=POLICY)
    for row in ContentBlock.objects.filter(version=graded.run.content).order_by("ordinal"):
        row.pk, row.version = None, version
        if row.usage_id in usage_ids:
            for name, value in changes.items():
                setattr(row, name, value)
        row.save(force_insert=True)
    graded.run.content = version
    graded.run.save()
