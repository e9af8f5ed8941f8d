"""A learner in a run that has begun, with a unit of blocks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from courses.content.models import ContentVersion
from courses.enrolment.models import Enrolment
from courses.runs.models import CourseRun
from courses.runtime.grants import Grant
from edu.kernel import clock
from edu.people.models import Person
from tests.factories.blocks import Spec, grant_for, make_unit
from tests.factories.courses import make_content, make_run
from tests.factories.people import make_person


@dataclass
class Classroom:
    """What a test needs to act as a learner."""

    person: Person
    run: CourseRun
    content: ContentVersion
    unit: str

    def grant(self, usage: str = "", **options: Any) -> Grant:
        """The learner's right to the unit or a block."""
        return grant_for(self.person, self.run, self.unit, usage, **options)


class MakeClassroom(Protocol):
    """What the fixture `classroom` hands over."""

    def __call__(self, specs: list[Spec], *, support: str = "supported", **more: Any) -> Classroom:
        """Make a run whose content is one unit of the given blocks, and one learner in it."""
        ...


@pytest.fixture
def classroom() -> MakeClassroom:
    """Make a run whose content is one unit of the given blocks, and one learner in it."""

    def make(specs: list[Spec], *, support: str = "supported", **more: Any) -> Classroom:
        run = make_run(starts_on=clock.today() - dt.timedelta(days=1))
        run.content = content = make_content(run.course)
        run.save()
        person = make_person()
        Enrolment.objects.create(person=person, run=run, enrolled_at=clock.now())
        return Classroom(person, run, content, make_unit(content, specs, support=support, **more))

    return make
