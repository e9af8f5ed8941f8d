"""Marking a course as a textbook: who may, what is written down, what a refusal leaves."""

import pytest
from django.db import DatabaseError, connection, transaction

from courses.catalogue.models import Course, Textbook, TextbookDeed
from courses.textbooks import marking
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people.models import Role
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db
SAID = {"edition": "第1版", "licence": "CC BY-SA 4.0"}


def deeds() -> list[tuple[str, str]]:
    return list(TextbookDeed.objects.values_list("verb", "edition"))


def test_each_deed_is_written_down_with_who_did_it(course: Course, author: Actor) -> None:
    row = marking.mark(course_id=course.pk, acting=author, approval_number="桂审 2026-01", **SAID)
    marking.mark(course_id=course.pk, acting=author, edition="第2版", licence="CC BY-SA 4.0")
    marking.end(course_id=course.pk, acting=author)
    marking.mark(course_id=course.pk, acting=author, **SAID)

    assert deeds() == [("marked", "第1版"), ("changed", "第2版"), ("ended", "第2版"), ("marked", "第1版")]
    assert set(row.deeds.values_list("actor_person_uuid", "actor_role")) == {(author.person_uuid, "author")}
    row.refresh_from_db()
    assert (row.is_active, row.revision, row.approval_number) == (True, 4, "")
    assert Event.objects.filter(name="courses.textbook.marked").count() == 4


def test_saying_the_same_again_is_no_deed(course: Course, author: Actor) -> None:
    for _again in range(2):
        marking.mark(course_id=course.pk, acting=author, **SAID)
    assert deeds() == [("marked", "第1版")]


@pytest.mark.parametrize(("field", "code"), [("edition", "no-edition"), ("licence", "no-licence")])
def test_without_edition_or_licence_nothing_is_marked(course: Course, author: Actor, field: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        marking.mark(course_id=course.pk, acting=author, **{**SAID, field: "  "})
    assert refused.value.code == code
    assert not Textbook.objects.exists()
    assert not Event.objects.filter(name="courses.textbook.marked").exists()


def test_strangers_and_readers_mark_nothing(course: Course) -> None:
    stranger = make_actor(make_person(role=Role.AUTHOR))
    student = make_actor(make_person(role=Role.STUDENT, institution=course.institution))
    with pytest.raises(NotThere):
        marking.mark(course_id=course.pk, acting=stranger, **SAID)
    with pytest.raises(NotPermitted):
        marking.mark(course_id=course.pk, acting=student, **SAID)
    assert not Textbook.objects.exists()


def test_what_is_no_textbook_is_not_ended(course: Course, author: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        marking.end(course_id=course.pk, acting=author)
    assert refused.value.code == "no-textbook"
    assert deeds() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE courses_textbookdeed SET verb = 'ended'",
        "DELETE FROM courses_textbookdeed",
        "DELETE FROM courses_textbook",
    ],
)
def test_the_database_keeps_the_history(course: Course, author: Actor, statement: str) -> None:
    marking.mark(course_id=course.pk, acting=author, **SAID)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert deeds() == [("marked", "第1版")]
