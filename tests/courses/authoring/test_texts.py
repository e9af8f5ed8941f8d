"""Writing blocks: OLX of any type, what is refused with its line, policies that do not overrule an author."""

from collections.abc import Callable

import pytest
from lxml import etree

from courses.authoring import blocks, publishing, structure, texts
from courses.authoring.models import ContentDraft, DraftBlock
from courses.catalogue.models import Course
from courses.content.exporting import entries
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal


def add(course: Course, author: Actor, olx: str) -> DraftBlock:
    usage_id = structure.add_block(
        course_id=course.pk, parent="vertical@v1", element=blocks.element_of(olx), acting=author
    )
    return DraftBlock.objects.get(usage_id=usage_id)


@pytest.mark.parametrize(
    ("olx", "code", "words"),
    [
        ("<problem>\n<p>\n</problem>", "broken-olx", "line 3"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><html>&b;</html>', "has-dtd", "DOCTYPE"),
        ("<html>&nbsp;</html>", "broken-olx", "nbsp"),
        ("", "broken-olx", ""),
        ("just text", "broken-olx", ""),
        ("<p:q xmlns:p='x'/>", "bad-tag", ""),
        ("<problem url_name='x'/>" * 2, "broken-olx", "line 1"),
    ],
)
def test_olx_that_cannot_be_read_says_where(
    course: Course, author: Actor, draft: ContentDraft, olx: str, code: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add(course, author, olx)
    assert refused.value.code == code
    assert words in str(refused.value.message)
    assert DraftBlock.objects.count() == 7


def test_a_type_that_is_not_installed_is_kept_as_a_placeholder(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    row = add(course, author, '<whatever display_name="奇怪的组件"/>')
    assert (row.support, row.reason) == ("placeholder", "unknown-type")


def test_a_problem_builder_comes_with_its_parts(course: Course, author: Actor, draft: ContentDraft) -> None:
    row = add(
        course,
        author,
        '<problem-builder display_name="题组"><pb-mcq name="a" question="几？" correct_choices=\'["x"]\'>'
        '<pb-choice value="x">一</pb-choice></pb-mcq></problem-builder>',
    )
    parts = DraftBlock.objects.filter(parent_usage_id=row.usage_id)
    assert [part.block_type for part in parts] == ["pb-mcq"]
    assert DraftBlock.objects.filter(parent_usage_id=parts[0].usage_id).count() == 1
    deeds: tuple[Callable[[], object], ...] = (
        lambda: structure.duplicate(course_id=course.pk, usage_id=parts[0].usage_id, acting=author),
        lambda: structure.delete(course_id=course.pk, usage_id=parts[0].usage_id, seen=99, acting=author),
    )
    for refused_deed in deeds:
        with pytest.raises(Refusal) as refused:
            refused_deed()
        assert refused.value.code == "is-part"
    structure.duplicate(course_id=course.pk, usage_id=row.usage_id, acting=author)
    assert DraftBlock.objects.filter(block_type="pb-choice").count() == 2


def test_a_block_stays_what_it_is(course: Course, author: Actor, draft: ContentDraft) -> None:
    with pytest.raises(Refusal) as refused:
        texts.write(course_id=course.pk, usage_id="problem@p1", element=etree.Element("html"), seen=0, acting=author)
    assert refused.value.code == "other-type"


def test_the_text_of_a_unit_orders_its_blocks_and_cannot_lose_one(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    given = {"course_id": course.pk, "usage_id": "vertical@v1", "acting": author}
    turned = blocks.element_of(
        '<vertical display_name="倒过来"><done url_name="d1"/><problem url_name="p1"/><html url_name="h1"/></vertical>'
    )
    texts.write(**given, element=turned, seen=0)  # type: ignore[arg-type]
    rows = DraftBlock.objects.filter(parent_usage_id="vertical@v1").order_by("position")
    assert [row.url_name for row in rows] == ["d1", "p1", "h1"]
    for inside in ('<html url_name="h1"/>', '<html url_name="h1"/>' * 3, '<chapter url_name="c1"/>'):
        with pytest.raises(Refusal) as refused:
            texts.write(**given, element=blocks.element_of(f"<vertical>{inside}</vertical>"), seen=99)  # type: ignore[arg-type]
        assert refused.value.code == "other-children"


def test_a_policy_file_does_not_overrule_what_an_author_says(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    values = {"display_name": "数据素养（修订）"}
    texts.change_settings(course_id=course.pk, usage_id="course@2026A", values=values, seen=0, acting=author)
    draft.refresh_from_db()
    assert "display_name" not in draft.course_policy["course/2026A"]
    version = publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    assert version.title == "数据素养（修订）"
    files = {entry.path: entry.data.decode() for entry in entries(version.pk) if entry.data}
    assert "数据素养（修订）" in files["course/2026A.xml"]
    assert files["html/h1.html"].startswith("<p>平均数")
