"""Seconds to import the Open edX demo course, beside parsing alone (courses.md §12: 0.75-0.97 s of parsing)."""

import time
from pathlib import Path

import pytest

from courses.content.actions import import_course
from courses.content.archives import open_course
from courses.content.blocktypes import preload
from courses.content.building import build
from edu.kernel.actor import SYSTEM
from tests.bench.report import report
from tests.factories.courses import make_course


@pytest.mark.bench
@pytest.mark.reference
@pytest.mark.django_db
def test_import_of_the_demo_course(reference_data: Path, tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]  # pytest-django's settings
    archive = reference_data / "olx" / "openedx-demo-course.tar.gz"
    preload()
    with open_course(archive, work=tmp_path / "work") as root:
        build(root)  # warm
        start = time.perf_counter()
        build(root)
        parsing = time.perf_counter() - start
    course = make_course()
    start = time.perf_counter()
    import_course(source=archive, course_id=course.pk, source_name=archive.name, acting=SYSTEM)
    report("import of the demo course, beside parsing alone", time.perf_counter() - start, "s", parsing)
