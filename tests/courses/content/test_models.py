"""What the database forbids."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from courses.catalogue.models import Course
from courses.content.actions import import_course
from courses.content.models import ContentAsset, ContentBlock, ContentVersion
from edu.kernel.actor import Actor
from tests.factories.olx import write_course

pytestmark = pytest.mark.django_db
GUARDED = ("contentversion", "contentblock", "contentasset", "contentcheck", "contentpin", "importmove")


@pytest.fixture
def version(tmp_path: Path, course: Course, author: Actor) -> ContentVersion:
    source = write_course(tmp_path / "c")
    return import_course(source=source, course_id=course.pk, source_name="c", acting=author).version


def test_a_version_cannot_be_changed_by_the_application(version: ContentVersion) -> None:
    for rows, change in (
        (ContentVersion.objects.all(), {"title": "别的"}),
        (ContentBlock.objects.all(), {"olx": "<problem/>"}),
        (ContentAsset.objects.all(), {"sha256": "0" * 64}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    assert ContentBlock.objects.count() == version.block_count


@pytest.mark.parametrize("table", GUARDED)
def test_no_history_of_content_can_be_truncated(version: ContentVersion, table: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE courses_{table} CASCADE")


def test_a_course_has_one_version_of_a_digest(version: ContentVersion) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ContentVersion.objects.create(course=version.course, number=2, digest=version.digest)
