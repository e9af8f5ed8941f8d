"""Seconds and MB to pack the demo course as a textbook, beside hashing and copying the same bytes alone."""

import hashlib
import io
import os
import time
from pathlib import Path

import pytest

from courses.content.actions import import_course
from courses.content.models import ContentBlock, ContentVersion
from courses.media import queries as media
from courses.textbooks import packing
from courses.textbooks.facts import facts_of
from edu.kernel.actor import SYSTEM
from edu.portal.story.scenes import COURSE
from tests.bench.report import report
from tests.factories.courses import make_course
from tests.factories.films import put_file

HEAVY_BYTES = 100_000_000  # a lecture of an hour in its light copy


@pytest.mark.bench
@pytest.mark.django_db
def test_packing_a_textbook(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]  # pytest-django's settings
    media.forget()
    version = import_course(source=COURSE, course_id=make_course().pk, source_name="demo", acting=SYSTEM).version
    facts = facts_of(version, edition="1", licence="CC BY")
    packing.write_pack(version, facts, io.BytesIO())  # warm; makes the key
    out = io.BytesIO()
    start = time.perf_counter()
    packing.write_pack(version, facts, out)
    took = time.perf_counter() - start
    data = out.getvalue()
    start = time.perf_counter()
    hashlib.sha256(data).hexdigest()
    io.BytesIO().write(data)
    report("pack of the demo course, beside hashing its bytes", took, "s", time.perf_counter() - start)
    report("pack of the demo course", len(data) / 1_000_000, "MB")
    _heavy(version)
    media.sources.cache_clear()
    with (tmp_path / "pack.zip").open("wb") as target:
        start = time.perf_counter()
        packing.write_pack(version, facts, target)
        report("pack of a course with 100 MB more", time.perf_counter() - start, "s")
    assert took < 5


def _heavy(version: ContentVersion) -> None:
    name = put_file(version, os.urandom(HEAVY_BYTES), name="lecture.pdf", media_type="application/pdf")
    assert name
    last = version.blocks.order_by("-ordinal").values_list("ordinal", flat=True)[0]
    unit = version.blocks.filter(level="unit").order_by("-ordinal")[0].usage_id
    ContentBlock.objects.create(
        version=version,
        ordinal=last + 1,
        usage_id="pdf@lecture",
        block_type="pdf",
        url_name="lecture",
        parent_usage_id=unit,
        level="block",
        unit_usage_id=unit,
        fields={"settings": {"url": "/static/lecture.pdf"}},
        support="supported",
        olx="",
    )
