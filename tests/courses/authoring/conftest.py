"""What the tests of authoring share: a course with its author, media of their own, and a draft to work on."""

from pathlib import Path

import pytest
from pytest_django import Settings

from courses.authoring import structure
from courses.authoring.models import ContentDraft
from courses.catalogue.models import Course
from courses.content import storage
from courses.content.actions import import_course
from courses.content.models import ContentVersion
from edu.kernel.actor import Actor
from tests.factories.courses import make_course
from tests.factories.olx import write_course
from tests.factories.people import make_person


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders for media and for unpacking, for this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(storage, "work_folder", lambda: tmp_path / "unpacking")
    return tmp_path / "media"


@pytest.fixture
def course(db: None) -> Course:
    """A course without content."""
    return make_course()


@pytest.fixture
def author(course: Course) -> Actor:
    """An author of the course's institution."""
    return Actor(make_person(name="覃作者").uuid, course.institution.uuid, "author")


@pytest.fixture
def imported(course: Course, author: Actor, tmp_path: Path) -> ContentVersion:
    """The small course, imported as version 1."""
    folder = write_course(tmp_path / "olx")
    return import_course(source=folder, course_id=course.pk, source_name="small", acting=author).version


@pytest.fixture
def draft(course: Course, author: Actor, imported: ContentVersion) -> ContentDraft:
    """A draft begun from version 1."""
    return structure.begin(course_id=course.pk, acting=author)


@pytest.fixture
def empty(course: Course, author: Actor) -> ContentDraft:
    """A draft of a course without content."""
    return structure.begin(course_id=course.pk, acting=author)
