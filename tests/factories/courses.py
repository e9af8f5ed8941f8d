"""Courses, runs and places for tests: valid by default, nothing random that a test reads."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from courses.catalogue.models import Course, CoursePage
from courses.catalogue.site_tree import CourseText, ensure_site_tree, put_course_pages
from courses.content.models import ContentVersion
from courses.enrolment.models import Enrolment
from courses.runs.models import CourseRun, RunTeacher
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people.models import Affiliation, Person
from tests.factories.institutions import make_institution

_numbers = count(1)


def make_course(institution: Institution | None = None, **fields: Any) -> Course:
    """A course on data literacy."""
    number = next(_numbers)
    values = {
        "institution": institution or make_institution(name_zh="桂海大学", name_en="Guihai University"),
        "code": f"DL{number}",
        "label": f"data-literacy-{number}",
        "name_zh": "数据素养",
        "name_en": "Data literacy",
    }
    return Course.objects.create(**{**values, **fields})


def make_content(course: Course, number: int = 1, **fields: Any) -> ContentVersion:
    """An empty version of a course's content; the content applet's own factories make full ones."""
    return ContentVersion.objects.create(**{"course": course, "number": number, "digest": f"{number:064d}", **fields})


def make_run(course: Course | None = None, *, teacher: Person | None = None, **fields: Any) -> CourseRun:
    """A run that is open: enrolment since a week ago and for a month, teaching from in a week for 100 days."""
    now, today = clock.now(), clock.today()
    values = {
        "course": course or make_course(),
        "code": f"R{next(_numbers)}",
        "enrolment_opens_at": now - dt.timedelta(days=7),
        "enrolment_closes_at": now + dt.timedelta(days=30),
        "starts_on": today + dt.timedelta(days=7),
        "ends_on": today + dt.timedelta(days=107),
        "seats": 30,
        "credit_points": Decimal("2.00"),
        "contact_hours": Decimal("32.0"),
        "open_to_others": True,
    }
    made = CourseRun.objects.create(**{**values, **fields})
    if teacher:
        RunTeacher.objects.create(run=made, person=teacher, leads=True)
    return made


def make_enrolment(person: Person, run: CourseRun, **fields: Any) -> Enrolment:
    """A place in a run, made without asking whether the run is open."""
    fields.setdefault("enrolled_at", clock.now())
    return Enrolment.objects.create(person=person, run=run, **fields)


def make_course_pages(course: Course) -> dict[str, CoursePage]:
    """The site's tree and the course's page in both languages, with a text of every kind."""
    ensure_site_tree()
    return put_course_pages(course.uuid, {"zh-hans": CHINESE_TEXT, "en": ENGLISH_TEXT})


def acting_as(affiliation: Affiliation) -> Actor:
    """The actor that an affiliation stands for."""
    return Actor(affiliation.person.uuid, affiliation.institution.uuid, affiliation.role)


def learner(person: Person) -> Actor:
    """The person acting for themselves, as a public learner."""
    return Actor(person.uuid, None, "learner")


CHINESE_TEXT = CourseText(
    title="数据素养",
    lead="读懂图表与数字，看出它们在哪里会骗人。",
    body=[
        {"type": "about", "value": {"text": "<p>四周时间，从报纸上的一张图开始。</p>"}},
        {"type": "outcomes", "value": {"items": ["说出均值与中位数的区别", "看出截断的坐标轴"]}},
        {"type": "syllabus", "value": {"parts": [{"when": "第一章", "title": "图表", "topics": ["坐标轴", "比例"]}]}},
        {"type": "teachers", "value": {"people": [{"name": "覃老师", "position": "副教授", "about": "统计学"}]}},
        {"type": "assessment", "value": {"parts": [{"name": "作业", "weight_percent": 60, "note": ""}], "note": ""}},
        {"type": "licence", "value": {"name": "CC BY-SA 4.0", "url": "", "note": ""}},
    ],
)
ENGLISH_TEXT = CourseText(
    title="Data literacy",
    lead="Read charts and figures, and see where they mislead.",
    body=[{"type": "about", "value": {"text": "<p>Four weeks, beginning with a chart in a newspaper.</p>"}}],
)
