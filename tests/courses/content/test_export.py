"""What goes in comes out: import, export and import again give the same content."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from courses.catalogue.models import Course
from courses.content.actions import import_course
from courses.content.archives import open_course
from courses.content.exporting import export_archive, export_folder
from courses.content.models import ContentBlock, ContentVersion
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from tests.factories.courses import make_course
from tests.factories.olx import SMALL_COURSE, write_course

DEMO = Path(__file__).parents[3] / "courses" / "content" / "demo"
NOT_AUTHORED = {"id", "version"}  # every other column of a block must survive, also one that is added later
BLOCK_COLUMNS = [
    field.name for field in ContentBlock._meta.get_fields() if field.concrete and field.name not in NOT_AUTHORED
]


def content_of(version: ContentVersion) -> dict[str, Any]:
    """Everything of a version that its authors wrote."""
    return {
        "blocks": list(version.blocks.order_by("ordinal").values(*BLOCK_COLUMNS)),
        "files": list(version.assets.order_by("path").values("path", "key", "sha256", "size", "media_type")),
        "policies": (version.course_policy, version.grading_policy),
        "names": (version.title, version.source_run, version.source_org, version.source_course),
    }


def there_and_back(
    source: Path, tmp_path: Path, course: Course, author: Actor
) -> tuple[ContentVersion, ContentVersion]:
    first = import_course(source=source, course_id=course.pk, source_name="first", acting=author).version
    with (tmp_path / "out.tar.gz").open("wb") as out:
        export_archive(first.pk, out)
    other = make_course(course.institution)
    second = import_course(
        source=tmp_path / "out.tar.gz", course_id=other.pk, source_name="second", acting=author
    ).version
    return first, second


@pytest.mark.reference
@pytest.mark.parametrize("name", ["openedx-demo-course", "openedx-test-course", "kitchen-sink"])
def test_an_open_edx_course_comes_back_as_it_was(
    reference_data: Path, tmp_path: Path, course: Course, author: Actor, name: str
) -> None:
    first, second = there_and_back(reference_data / "olx" / f"{name}.tar.gz", tmp_path, course, author)
    assert content_of(second) == content_of(first)
    assert second.digest == first.digest


def test_the_course_that_ships_with_the_project_comes_back_as_it_was(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    first, second = there_and_back(DEMO, tmp_path, course, author)
    assert content_of(second) == content_of(first)


# What an export writes differently from what was imported, as docs/imports.md says: nothing else may differ.
OWN_FILE_NOW = {"openedx-demo-course": {"discussion/01b57eb7ba284241bd61462a99798516.xml"}}


def shape(element: etree._Element, *, is_root: bool = True) -> Any:
    """An element without blanks at the edges of texts, and without what a definition's own name adds to it."""
    added = {"url_name"} | ({"org", "course"} if element.tag == "course" else set()) if is_root else set()
    return (
        element.tag if isinstance(element.tag, str) else "comment",
        sorted((name, value) for name, value in element.attrib.items() if name not in added),
        (element.text or "").strip(),
        [(shape(child, is_root=False), (child.tail or "").strip()) for child in element],
    )


def is_same(path: str, before: bytes, after: bytes) -> bool:
    if before == after:
        return True
    if path.endswith(".json"):
        return bool(json.loads(before) == json.loads(after))
    return path.endswith(".xml") and shape(etree.fromstring(before)) == shape(etree.fromstring(after))


def unpacked(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.reference
@pytest.mark.parametrize("name", ["openedx-demo-course", "openedx-test-course", "kitchen-sink", "the demo"])
def test_every_file_of_an_archive_is_in_the_export(
    reference_data: Path, tmp_path: Path, course: Course, author: Actor, name: str
) -> None:
    """Against the archive itself: import → export → import would not notice what the first import dropped."""
    source = DEMO if name == "the demo" else reference_data / "olx" / f"{name}.tar.gz"
    version = import_course(source=source, course_id=course.pk, source_name=name, acting=author).version
    export_folder(version.pk, tmp_path / "out")
    after = unpacked(tmp_path / "out" / "course")
    with open_course(source, work=tmp_path / "work") as root:
        before = {path: data for path, data in unpacked(root).items() if "__pycache__" not in path}
    moved = OWN_FILE_NOW.get(name, set())
    assert set(after) - set(before) == moved
    differing = {path for path in before if path not in after or not is_same(path, before[path], after[path])}
    inline = {path.partition("/")[2].removesuffix(".xml").encode() for path in moved}
    assert {path for path in differing if not any(name in before[path] for name in inline)} == set()
    assert len(differing) <= len(moved)


def test_an_aside_goes_out_as_it_came_in(tmp_path: Path, course: Course, author: Actor) -> None:
    aside = '<tags xblock-family="xblock_asides.v1" level="难"><words>均值</words></tags>'
    problem = SMALL_COURSE["problem/p1.xml"].replace("</problem>", f"{aside}</problem>")
    source = write_course(tmp_path / "c", {"problem/p1.xml": problem})
    first, second = there_and_back(source, tmp_path, course, author)
    export_folder(first.pk, tmp_path / "out")
    assert aside in (tmp_path / "out" / "course" / "problem" / "p1.xml").read_text("utf-8")
    assert aside in second.blocks.get(usage_id="problem@p1").olx
    assert content_of(second) == content_of(first)


ODD = {
    "an aside": '<vertical><problem url_name="p1"><tags xblock-family="xblock_asides.v1" a="难"/></problem></vertical>',
    "an unknown block": '<vertical><!-- 备注 --><starmap url_name="x"><s><![CDATA[a < b]]></s></starmap></vertical>',
    "a wrapper": '<vertical><split_test url_name="t" groups="{}"><vertical url_name="v2"/></split_test></vertical>',
    "a block without a name": "<vertical><html>一 <b>二</b> <i>三</i></html></vertical>",
    "a name with a colon": '<vertical><html url_name="week1:h1">一</html></vertical>',
    "a missing definition": '<vertical><problem url_name="nowhere"/><html url_name="nowhere"/></vertical>',
    "a comment between blocks": '<vertical><html url_name="h1"/><!-- 待改 --><done url_name="d1"/> </vertical>',
}


@pytest.mark.parametrize("what", ODD)
def test_odd_things_come_back_as_they_were(tmp_path: Path, course: Course, author: Actor, what: str) -> None:
    odd: dict[str, str | None] = {"vertical/v1.xml": ODD[what], "vertical/v2.xml": "<vertical/>"}
    if "aside" in what:
        odd["problem/p1.xml"] = None  # it stands inline
    source = write_course(tmp_path / "c", odd)
    first, second = there_and_back(source, tmp_path, course, author)
    assert content_of(second) == content_of(first)


def test_a_broken_definition_comes_back_letter_by_letter(tmp_path: Path, course: Course, author: Actor) -> None:
    source = write_course(tmp_path / "c", {"problem/p1.xml": "<problem><p>甲</problem>"})
    first, second = there_and_back(source, tmp_path, course, author)
    assert second.blocks.get(usage_id="problem@p1").olx == "<problem><p>甲</problem>"
    assert content_of(second) == content_of(first)


def test_a_text_beside_a_definition_of_another_type_is_not_lost(tmp_path: Path, course: Course, author: Actor) -> None:
    source = write_course(tmp_path / "c", {"html/h1.xml": '<problem filename="h1"/>'})
    first, second = there_and_back(source, tmp_path, course, author)
    assert second.blocks.get(usage_id="html@h1").reason == "wrong-tag: problem"
    assert content_of(second) == content_of(first)


def test_the_same_version_gives_the_same_bytes(tmp_path: Path, course: Course, author: Actor) -> None:
    version = import_course(
        source=write_course(tmp_path / "c"), course_id=course.pk, source_name="c", acting=author
    ).version
    first, second = io.BytesIO(), io.BytesIO()
    export_archive(version.pk, first)
    export_archive(version.pk, second)
    assert first.getvalue() == second.getvalue()


def test_an_export_has_the_layout_of_studio(tmp_path: Path, course: Course, author: Actor) -> None:
    version = import_course(
        source=write_course(tmp_path / "c"), course_id=course.pk, source_name="c", acting=author
    ).version
    out = io.BytesIO()
    count = export_archive(version.pk, out)
    out.seek(0)
    with tarfile.open(fileobj=out, mode="r:gz") as tar:
        names = tar.getnames()
        vertical = tar.extractfile("course/vertical/v1.xml")
        assert vertical is not None
        text = vertical.read().decode()
    assert count == len(names) == 12
    assert {"course/course.xml", "course/html/h1.html", "course/policies/2026A/grading_policy.json"} <= set(names)
    assert '<done url_name="d1" xblock-family="xblock.v1" align="right"/>' in text  # as Studio: no file of its own


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, course: Course, author: Actor) -> None:
    version = import_course(
        source=write_course(tmp_path / "c"), course_id=course.pk, source_name="c", acting=author
    ).version
    with pytest.raises(Refusal):
        export_folder(version.pk, tmp_path / "c")
    assert export_folder(version.pk, tmp_path / "new") == 12


def test_a_version_that_is_not_there_is_not_exported(db: None) -> None:
    with pytest.raises(NotThere):
        export_archive(1, io.BytesIO())
