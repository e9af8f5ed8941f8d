"""A course with one version, its author, and folders of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from courses.catalogue.models import Course
from courses.content.models import ContentVersion
from courses.media import queries
from edu.kernel.actor import Actor
from tests.factories.courses import make_content, make_course
from tests.factories.people import make_person


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> Path:
    """Files and working places for this test alone; what players remember is forgotten."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    queries.forget()
    return tmp_path


@pytest.fixture
def course(db: None) -> Course:
    """A course."""
    return make_course()


@pytest.fixture
def version(course: Course) -> ContentVersion:
    """Its version, empty."""
    return make_content(course)


@pytest.fixture
def author(course: Course) -> Actor:
    """An author of the course's institution."""
    return Actor(make_person().uuid, course.institution.uuid, "author")
