"""The tree of a draft: adding, moving, copying, deleting, and what is refused without a trace."""

from collections.abc import Callable

import pytest
from lxml import etree

from courses.authoring import publishing, queries, structure
from courses.authoring.models import ContentDraft, DraftBlock, DraftDeed, DraftFile
from courses.catalogue.models import Course
from courses.content import limits
from courses.content.models import ContentVersion
from courses.content.queries import outline
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale


def names(draft: ContentDraft, parent: str) -> list[str]:
    rows = DraftBlock.objects.filter(draft=draft, parent_usage_id=parent).order_by("position")
    return list(rows.values_list("url_name", flat=True))


def snapshot(draft: ContentDraft) -> list[tuple[object, ...]]:
    rows = DraftBlock.objects.filter(draft=draft).order_by("id")
    return [tuple(row) for row in rows.values_list("usage_id", "parent_usage_id", "position", "olx", "revision")]


def test_a_draft_holds_what_its_version_holds(draft: ContentDraft, imported: ContentVersion) -> None:
    tree = queries.tree(draft)
    assert [spot.usage_id for spot in tree.below(tree.root.usage_id)] == [
        "course@2026A", "chapter@c1", "sequential@s1", "vertical@v1", "html@h1", "problem@p1", "done@d1",
    ]  # fmt: skip
    assert set(DraftFile.objects.values_list("path", flat=True)) == {"static/图.png", "about/overview.html"}
    assert (draft.base, draft.is_saved) == (imported, True)


def test_beginning_twice_begins_once(course: Course, author: Actor, draft: ContentDraft) -> None:
    assert structure.begin(course_id=course.pk, acting=author) == draft
    assert DraftDeed.objects.count() == 1


def test_parts_stand_only_where_they_belong(course: Course, author: Actor, draft: ContentDraft) -> None:
    before = snapshot(draft)
    html = etree.Element("html", display_name="x")
    for parent in ("course@2026A", "chapter@c1", "sequential@s1", "html@h1"):
        with pytest.raises(Refusal) as refused:
            structure.add_block(course_id=course.pk, parent=parent, element=html, text="<p/>", acting=author)
        assert refused.value.code == "wrong-place"
    for tag in ("chapter", "sequential", "vertical", "course"):
        with pytest.raises(Refusal):
            structure.add_block(course_id=course.pk, parent="vertical@v1", element=etree.Element(tag), acting=author)
    with pytest.raises(Refusal):
        structure.add_part(course_id=course.pk, parent="vertical@v1", name="x", acting=author)
    assert snapshot(draft) == before
    assert DraftDeed.objects.count() == 1


def test_nothing_is_moved_into_itself(course: Course, author: Actor, draft: ContentDraft) -> None:
    before = snapshot(draft)
    for usage_id, parent in (("chapter@c1", "chapter@c1"), ("chapter@c1", "vertical@v1"), ("vertical@v1", "html@h1")):
        with pytest.raises(Refusal):
            structure.move_to(course_id=course.pk, usage_id=usage_id, parent=parent, seen=0, acting=author)
    assert snapshot(draft) == before


def test_a_unit_goes_to_another_subsection(course: Course, author: Actor, draft: ContentDraft) -> None:
    other = structure.add_part(course_id=course.pk, parent="chapter@c1", name="第二节", acting=author)
    structure.move_to(course_id=course.pk, usage_id="vertical@v1", parent=other, seen=0, acting=author)
    draft.refresh_from_db()
    version = publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    first, second = outline(version.pk).children[0].children
    assert (first.children, [unit.usage_id for unit in second.children]) == ((), ["vertical@v1"])
    with pytest.raises(Stale):
        structure.move_to(course_id=course.pk, usage_id="vertical@v1", parent="sequential@s1", seen=0, acting=author)


def test_neighbours_change_places_and_the_last_goes_no_further(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    structure.step(course_id=course.pk, usage_id="html@h1", down=True, seen=0, acting=author)
    assert names(draft, "vertical@v1") == ["p1", "h1", "d1"]
    with pytest.raises(Stale):  # the neighbour was moved by that, too
        structure.step(course_id=course.pk, usage_id="problem@p1", down=True, seen=0, acting=author)
    with pytest.raises(Refusal) as refused:
        structure.step(course_id=course.pk, usage_id="done@d1", down=True, seen=0, acting=author)
    assert refused.value.code == "no-further"
    assert names(draft, "vertical@v1") == ["p1", "h1", "d1"]


def test_a_copy_has_names_of_its_own_and_stands_right_after(course: Course, author: Actor, draft: ContentDraft) -> None:
    structure.add_part(course_id=course.pk, parent="chapter@c1", name="第二节", acting=author)
    copy = structure.duplicate(course_id=course.pk, usage_id="sequential@s1", acting=author)
    order = names(draft, "chapter@c1")
    assert order[:2] == ["s1", copy.partition("@")[2]]
    draft.refresh_from_db()
    version = publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    first, second, _third = outline(version.pk).children[0].children
    assert first.children[0].block_types == second.children[0].block_types == ("html", "problem", "done")
    assert first.children[0].usage_id != second.children[0].usage_id


def test_deleting_takes_what_stands_inside_and_only_what_was_seen(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    seen = draft.revision
    html = etree.Element("html", display_name="x")
    structure.add_block(course_id=course.pk, parent="vertical@v1", element=html, text="<p/>", acting=author)
    with pytest.raises(Stale):
        structure.delete(course_id=course.pk, usage_id="chapter@c1", seen=seen, acting=author)
    assert DraftBlock.objects.count() == 8
    structure.delete(course_id=course.pk, usage_id="chapter@c1", seen=seen + 1, acting=author)
    assert names(draft, "") == ["2026A"]
    assert DraftBlock.objects.count() == 1
    with pytest.raises(Refusal):
        structure.delete(course_id=course.pk, usage_id="course@2026A", seen=99, acting=author)
    with pytest.raises(NotThere):
        structure.delete(course_id=course.pk, usage_id="chapter@never", seen=99, acting=author)


def test_no_more_blocks_than_a_course_may_have(
    course: Course, author: Actor, draft: ContentDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courses.authoring.editing.BLOCKS_MAX", 8)
    assert limits.BLOCKS_MAX == 10_000
    structure.add_part(course_id=course.pk, parent="chapter@c1", name="第二节", acting=author)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: structure.add_part(course_id=course.pk, parent="chapter@c1", name="第三节", acting=author),
        lambda: structure.duplicate(course_id=course.pk, usage_id="html@h1", acting=author),
    )
    for refused_deed in deeds:
        with pytest.raises(Refusal) as refused:
            refused_deed()
        assert refused.value.code == "too-many-blocks"
    assert DraftBlock.objects.count() == 8


def test_beginning_again_needs_a_saved_draft(course: Course, author: Actor, draft: ContentDraft) -> None:
    structure.add_part(course_id=course.pk, parent="chapter@c1", name="第二节", acting=author)
    draft.refresh_from_db()
    with pytest.raises(Refusal):
        structure.begin_again(course_id=course.pk, number=1, seen=draft.revision, acting=author)
    publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    structure.begin_again(course_id=course.pk, number=1, seen=draft.revision, acting=author)
    draft.refresh_from_db()
    assert names(draft, "chapter@c1") == ["s1"]
    assert draft.is_saved
    assert [deed.verb for deed in DraftDeed.objects.order_by("id")] == ["begin", "add", "begin-again"]


def test_in_the_copy_of_a_unit_a_condition_asks_the_copied_problem(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    condition = etree.fromstring(
        '<conditional sources="i4x://O/C/problem/p1" correct="True"><html>p1</html></conditional>'
    )
    structure.add_block(course_id=course.pk, parent="vertical@v1", element=condition, acting=author)
    groups = etree.fromstring(
        """<split_test group_id_to_child='{"0": "block-v1:O+C+R+type@html+block@a1", "1": "a10"}'>"""
        '<html url_name="a1">a</html><html url_name="a10">b</html></split_test>'
    )
    structure.add_block(course_id=course.pk, parent="vertical@v1", element=groups, acting=author)

    copy = structure.duplicate(course_id=course.pk, usage_id="vertical@v1", acting=author)

    inside = {row.block_type: row for row in DraftBlock.objects.filter(draft=draft, parent_usage_id=copy)}
    asked = inside["conditional"]
    assert asked.fields["settings"]["sources"] == f"i4x://O/C/problem/{inside['problem'].url_name}"
    assert inside["problem"].url_name in asked.olx
    shown = names(draft, inside["split_test"].usage_id)
    found = inside["split_test"].fields["settings"]["group_id_to_child"]
    assert found == {"0": f"block-v1:O+C+R+type@html+block@{shown[0]}", "1": shown[1]}
    original = DraftBlock.objects.get(draft=draft, parent_usage_id="vertical@v1", block_type="conditional")
    assert original.fields["settings"]["sources"] == "i4x://O/C/problem/p1"
