"""What was made on screen and what was imported are the same kind of thing: each becomes the other without a loss."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.authoring import editors, publishing, queries, structure
from courses.authoring.models import ContentDraft, DraftBlock
from courses.catalogue.models import Course
from courses.content.actions import import_course
from courses.content.exporting import export_folder
from courses.content.models import ContentBlock, ContentVersion
from edu.kernel.actor import Actor
from tests.courses.authoring.test_files import MP4, SRT
from tests.courses.authoring.test_views import answers, at, new, page, signed_in
from tests.factories.courses import make_course

DEMO = Path(__file__).resolve().parents[3] / "courses" / "content" / "demo"
BOTH = answers(("红", True), ("蓝", True))
FORMS: dict[str, dict[str, object]] = {
    "text": {"name": "导言", "text": "第一段\n\n第二段 <没有标签"},
    "single": {"name": "一", "question": "甲\n\n乙", "points": "2", **answers(("红", True), ("蓝", False))},
    "multiple": {
        "name": "二",
        "question": "甲",
        "points": "1.5",
        "attempts": "3",
        **answers(("红", True), ("蓝", True)),
    },
    "number": {"name": "三", "question": "甲", "points": "1", "answer": "2,5", "tolerance": "5%", "feedback": "对"},
    "words": {
        "name": "四",
        "question": "甲",
        "points": "1",
        "answer": "桂林",
        "others": "桂林市\nGuilin",
        "explanation": "解",
    },
    "poll": {"name": "五", "question": "喜欢吗？", "answers": "喜欢\n不喜欢"},
    "done": {"name": "六"},
    "essay": {"name": "七", "prompt": "写", "least": "1", "most": "500", "points": "5"},
    "olx": {"olx": '<word_cloud display_name="八" num_inputs="3"/>'},
}


@pytest.fixture
def made(course: Course, empty: ContentDraft) -> DraftBlock:
    """A unit with a block of every kind, made through the forms."""
    client = signed_in(course)
    section = new(client, course, "course@course", name="第一章")
    subsection = new(client, course, section.usage_id, name="第一节")
    unit = new(client, course, subsection.usage_id, name="第一单元")
    for kind, values in FORMS.items():
        new(client, course, unit.usage_id, kind, **values)
    uploads = {"upload": SimpleUploadedFile("课.mp4", MP4), "captions": SimpleUploadedFile("课.srt", SRT)}
    new(client, course, unit.usage_id, "video", name="九", language="zh", **uploads)
    return unit


def rows_of(version: ContentVersion) -> list[dict[str, object]]:
    names = ("usage_id", "display_name", "fields", "inherited", "has_score", "graded", "support", "reason", "olx")
    return list(ContentBlock.objects.filter(version=version).order_by("ordinal").values(*names))


def test_what_was_made_on_screen_is_exported_and_imported_without_a_difference(
    course: Course, author: Actor, made: DraftBlock, tmp_path: Path
) -> None:
    draft = ContentDraft.objects.get()
    version = publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    export_folder(version.pk, tmp_path / "out")
    again = import_course(source=tmp_path / "out" / "course", course_id=course.pk, source_name="again", acting=author)
    other = make_course()
    elsewhere = import_course(
        source=tmp_path / "out" / "course",
        course_id=other.pk,
        source_name="elsewhere",
        acting=Actor(author.person_uuid, other.institution.uuid, "author"),
    )
    assert (again.is_new, again.version) == (False, version)
    assert rows_of(elsewhere.version) == rows_of(version)
    assert version.report["counts"]["supported"] == version.block_count
    assert version.report["missing_files"] == []


def test_every_form_shows_again_what_it_wrote(course: Course, made: DraftBlock) -> None:
    client = signed_in(course)
    for row in DraftBlock.objects.filter(parent_usage_id=made.usage_id):
        kind = editors.kind_of(row)
        assert (kind == "olx") == (row.block_type == "word_cloud")
        body = page(client, at("edit", course, row.usage_id))
        assert f'value="{row.display_name}"' in body or kind == "olx"
        shown = dict(editors.initial_of(kind, row))
        given = FORMS.get(kind, {})
        for name in set(given) & {"question", "others", "answers", "prompt", "tolerance", "feedback", "explanation"}:
            assert shown[name] == given[name], (kind, name)


def test_saving_a_form_as_it_is_changes_nothing(course: Course, made: DraftBlock) -> None:
    client = signed_in(course)
    for row in DraftBlock.objects.filter(parent_usage_id=made.usage_id):
        kind = editors.kind_of(row)
        values = {name: value for name, value in editors.initial_of(kind, row).items() if value is not None}
        values = {name: value for name, value in values.items() if value is not False}
        choices = [tuple(choice.get(name) for name in ("text", "correct")) for choice in editors.choices_of(kind, row)]
        if kind in ("single", "multiple"):
            values |= answers(*((text or "", bool(right)) for text, right in choices))
        assert client.post(at("edit", course, row.usage_id), values).status_code == 302, kind
        after = DraftBlock.objects.get(pk=row.pk)
        assert (after.fields, after.olx) == (row.fields, row.olx), kind


def test_an_imported_course_goes_through_a_draft_unchanged(course: Course, author: Actor) -> None:
    version = import_course(source=DEMO, course_id=course.pk, source_name="demo", acting=author).version
    draft = structure.begin(course_id=course.pk, acting=author)
    assert publishing.save_version(course_id=course.pk, note="", seen=1, acting=author) == version
    copy = structure.duplicate(course_id=course.pk, usage_id="chapter@ch1-describe", acting=author)
    structure.delete(course_id=course.pk, usage_id=copy, seen=2, acting=author)
    assert publishing.save_version(course_id=course.pk, note="", seen=3, acting=author) == version
    client = signed_in(course)
    kinds = set()
    for row in DraftBlock.objects.filter(draft=draft):
        assert client.get(at("edit", course, row.usage_id)).status_code == 200, row.usage_id
        kinds.add(editors.kind_of(row))
    assert kinds >= {"text", "olx"}


def test_a_unit_page_asks_the_same_for_any_number_of_blocks(course: Course, author: Actor, made: DraftBlock) -> None:
    client, counts = signed_in(course), []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(client, reverse("courses:authoring_unit", args=[course.uuid, made.usage_id]))
        counts.append(len(captured))
        for child in queries.tree(ContentDraft.objects.get()).children[made.usage_id][:3]:
            structure.duplicate(course_id=course.pk, usage_id=child, acting=author)
    assert counts[0] == counts[1]
    assert counts[0] <= 10
