"""What the tests of content share: a course, its author, and a media folder of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from courses.catalogue.models import Course
from courses.content import storage
from courses.content.models import ContentAsset, ContentBlock, ContentVersion
from edu.kernel.actor import Actor
from tests.factories.courses import make_course
from tests.factories.people import make_person


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """A media folder for this test alone."""
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for unpacking, for this test alone."""
    folder = tmp_path / "unpacking"
    monkeypatch.setattr(storage, "work_folder", lambda: folder)
    return folder


@pytest.fixture
def course(db: None) -> Course:
    """A course without content."""
    return make_course()


@pytest.fixture
def author(course: Course) -> Actor:
    """An author of the course's institution."""
    return Actor(make_person().uuid, course.institution.uuid, "author")


def nothing_was_written(media: Path, work: Path) -> bool:
    """True when no row and no file tells of an import."""
    rows = ContentVersion.objects.count() + ContentBlock.objects.count() + ContentAsset.objects.count()
    files = [path for folder in (media, work) if folder.exists() for path in folder.rglob("*") if path.is_file()]
    return rows == 0 and files == []
