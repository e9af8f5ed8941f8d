"""A run with a teacher and two learners."""

from dataclasses import dataclass

import pytest
from django.test import Client

from courses.discussion.actions import open_thread
from courses.enrolment.participants import Participant, participant_of
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.people.models import Person
from tests.factories.courses import make_course, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in


@dataclass(frozen=True)
class Room:
    """The people of a run."""

    run: CourseRun
    teacher: Person
    one: Person
    other: Person

    def participant(self, person: Person) -> Participant:
        return participant_of(self.actor(person), person.pk, self.run.uuid)

    def actor(self, person: Person) -> Actor:
        return make_actor(person)

    def client(self, person: Person) -> Client:
        return sign_in(Client(), person)

    def thread(self, person: Person | None = None, title: str = "中位数怎么算？", text: str = "偶数个数时取哪一个？"):  # type: ignore[no-untyped-def]
        return open_thread(self.participant(person or self.one), title=title, text=text)


def make_room() -> Room:
    """Make a run that is being taught, with people in it."""
    host = make_institution(name_zh="桂海大学", name_en="Guihai University")
    teacher = make_person(name="覃立新", role="teacher", institution=host, number="T1")
    run = make_run(make_course(host), teacher=teacher)
    home = make_institution()
    one = make_person(name="韦晓梅", role="student", institution=home, number="1", email="one@guixue.example")
    other = make_person(name="欧阳明", role="student", institution=home, number="2")
    for person in (one, other):
        make_enrolment(person, run)
    return Room(run, teacher, one, other)


@pytest.fixture
def room(db: None) -> Room:
    return make_room()
