"""Which version the learners of a run see, who decided it and why."""

from pathlib import Path

import pytest

from courses import events
from courses.catalogue.models import Course
from courses.content.actions import import_course, pin_version
from courses.content.models import ContentPin, ContentVersion
from courses.runs.models import CourseRun
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.courses import make_content, make_course, make_run
from tests.factories.olx import write_course


@pytest.fixture
def run(course: Course) -> CourseRun:
    return make_run(course)


@pytest.fixture
def version(tmp_path: Path, course: Course, author: Actor) -> ContentVersion:
    source = write_course(tmp_path / "c")
    return import_course(source=source, course_id=course.pk, source_name="c", acting=author).version


def test_pinning_shows_the_version_and_keeps_who_and_why(
    run: CourseRun, version: ContentVersion, author: Actor
) -> None:
    pin_version(run_id=run.pk, version_id=version.pk, reason="新学期", acting=author)
    run.refresh_from_db()
    assert run.content == version
    pin = ContentPin.objects.get()
    assert (pin.previous, pin.reason, pin.actor_person_uuid) == (None, "新学期", author.person_uuid)
    assert Event.objects.get(name=events.CONTENT_PINNED).payload["run_uuid"] == str(run.uuid)


def refused(run: CourseRun) -> bool:
    run.refresh_from_db()
    return run.content is None and not ContentPin.objects.exists()


def test_a_version_of_another_course_cannot_be_pinned(run: CourseRun, author: Actor) -> None:
    foreign = make_content(make_course(run.course.institution))
    with pytest.raises(Refusal):
        pin_version(run_id=run.pk, version_id=foreign.pk, reason="", acting=author)
    assert refused(run)


def test_what_somebody_else_pinned_meanwhile_is_not_overwritten(
    run: CourseRun, version: ContentVersion, author: Actor
) -> None:
    with pytest.raises(Stale):
        pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author, seen_id=version.pk)
    assert refused(run)


def test_the_pinned_version_is_not_pinned_again(run: CourseRun, version: ContentVersion, author: Actor) -> None:
    pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author)
    with pytest.raises(Refusal):
        pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author)
    assert ContentPin.objects.count() == 1


def test_a_student_may_not_pin_and_a_stranger_does_not_find_the_run(
    run: CourseRun, version: ContentVersion, author: Actor
) -> None:
    with pytest.raises(NotPermitted):
        pin_version(
            run_id=run.pk,
            version_id=version.pk,
            reason="",
            acting=Actor(author.person_uuid, author.institution_uuid, "student"),
        )
    with pytest.raises(NotThere):
        pin_version(
            run_id=run.pk, version_id=version.pk, reason="", acting=Actor(author.person_uuid, run.uuid, "author")
        )
    assert refused(run)
