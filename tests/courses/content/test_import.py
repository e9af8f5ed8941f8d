"""What an import keeps of a course, in every layout that is about."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import events
from courses.catalogue.models import Course
from courses.content import queries, storage
from courses.content.actions import Imported, import_course, inspect_course
from courses.content.models import ContentBlock, ContentVersion
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere
from tests.courses.content.conftest import nothing_was_written
from tests.factories.block_course import OTHERS, write_block_course
from tests.factories.olx import pack_course, write_course

ARCHIVES = ("openedx-demo-course", "openedx-test-course", "kitchen-sink")
DEMO = Path(__file__).parents[3] / "courses" / "content" / "demo"


def imported(source: Path, course: Course, author: Actor) -> Imported:
    return import_course(source=source, course_id=course.pk, source_name=source.name, acting=author)


def test_an_archive_becomes_version_one_with_every_block_and_file(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    version = imported(pack_course(tmp_path / "c.tar.gz"), course, author).version
    assert (version.number, version.title, version.source_run) == (1, "数据素养", "2026A")
    assert list(version.blocks.order_by("ordinal").values_list("usage_id", flat=True)) == [
        "course@2026A",
        "chapter@c1",
        "sequential@s1",
        "vertical@v1",
        "html@h1",
        "problem@p1",
        "done@d1",
    ]
    assert set(version.assets.values_list("path", flat=True)) == {"static/图.png", "about/overview.html"}
    assert version.grading_policy["GRADE_CUTOFFS"] == {"Pass": 0.6}


def test_the_fields_of_a_block_are_those_its_own_class_reads(tmp_path: Path, course: Course, author: Actor) -> None:
    version = imported(pack_course(tmp_path / "c.tar.gz"), course, author).version
    problem = queries.block(version.pk, "problem@p1")
    assert problem.fields["settings"]["max_attempts"] == 2
    assert "<multiplechoiceresponse>" in problem.fields["content"]["data"]
    assert queries.block(version.pk, "html@h1").fields["content"]["data"] == '<p>平均数 <img src="/static/图.png"></p>'
    assert queries.block(version.pk, "done@d1").fields["settings"]["align"] == "right"


def test_leaves_inherit_what_their_subsection_says(tmp_path: Path, course: Course, author: Actor) -> None:
    version = imported(pack_course(tmp_path / "c.tar.gz"), course, author).version
    problem = queries.block(version.pk, "problem@p1")
    assert problem.inherited == {"graded": True, "format": "作业", "due": "2026-12-01T00:00:00Z"}
    assert (problem.graded, problem.assignment_type) == (True, "作业")
    (subsection,) = queries.graded_subsections(version.pk)
    assert subsection.block_usage_ids == ("problem@p1", "done@d1")


def test_the_blocks_of_a_unit_come_in_one_query_and_the_outline_in_one(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    version = imported(pack_course(tmp_path / "c.tar.gz"), course, author).version
    with CaptureQueriesContext(
        connection,
    ) as asked:
        blocks = queries.unit_blocks(version.pk, "vertical@v1")
        outline = queries.outline(version.pk)
        queries.outline(version.pk)
    assert len(asked) == 2
    assert blocks[0].children == ("html@h1", "problem@p1", "done@d1")
    assert [unit.display_name for unit in outline.units()] == ["第一单元"]
    assert outline.units()[0].block_types == ("html", "problem", "done")


def test_a_unit_of_another_version_is_not_there(tmp_path: Path, course: Course, author: Actor) -> None:
    version = imported(pack_course(tmp_path / "c.tar.gz"), course, author).version
    with pytest.raises(NotThere):
        queries.unit_blocks(version.pk, "vertical@v2")


def test_a_tree_written_inline_gives_the_same_blocks_as_pointer_files(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    inline = (
        '<course url_name="2026A" org="GXU" course="DL1" display_name="数据素养"><chapter url_name="c1" '
        'display_name="第一章"><sequential url_name="s1" display_name="第一节"><vertical url_name="v1" '
        'display_name="第一单元"><html url_name="h1">一 <b>二</b> <i>三</i></html>'
        "</vertical></sequential></chapter></course>"
    )
    folder = tmp_path / "inline"
    folder.mkdir()
    (folder / "course.xml").write_text(inline)
    version = imported(folder, course, author).version
    assert [unit.usage_id for unit in queries.outline(version.pk).units()] == ["vertical@v1"]
    assert queries.block(version.pk, "html@h1").fields["content"]["data"] == "一 <b>二</b> <i>三</i>"


def test_verticals_may_stand_inside_the_file_of_their_sequential(tmp_path: Path, course: Course, author: Actor) -> None:
    inside = (
        '<sequential display_name="第一节"><vertical url_name="v1"><problem url_name="p1"/></vertical></sequential>'
    )
    version = imported(write_course(tmp_path / "c", {"sequential/s1.xml": inside}), course, author).version
    assert [b.usage_id for b in queries.unit_blocks(version.pk, "vertical@v1")] == ["vertical@v1", "problem@p1"]


def test_what_stands_too_high_in_the_tree_gets_the_missing_levels(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    high = '<chapter display_name="第一章"><vertical url_name="v1"/></chapter>'
    result = imported(write_course(tmp_path / "c", {"chapter/c1.xml": high}), course, author)
    assert [unit.usage_id for unit in queries.outline(result.version.pk).units()] == ["vertical@v1"]
    assert "level-wrapped" in {change["code"] for change in result.report["changes"]}


def test_a_block_without_url_name_gets_the_same_one_every_time(tmp_path: Path, course: Course, author: Actor) -> None:
    nameless = {"vertical/v1.xml": "<vertical><html>一</html><html>二</html></vertical>"}
    first = imported(write_course(tmp_path / "a", nameless), course, author)
    again = inspect_course(source=write_course(tmp_path / "b", nameless))
    assert [line["usage_id"] for line in first.report["blocks"]] == [line["usage_id"] for line in again["blocks"]]
    assert first.report["counts"]["blocks"] == 6


def test_an_unknown_block_is_kept_as_a_placeholder_with_its_text(tmp_path: Path, course: Course, author: Actor) -> None:
    strange = '<vertical><starmap url_name="x" depth="3"><star name="参宿四"/></starmap></vertical>'
    version = imported(write_course(tmp_path / "c", {"vertical/v1.xml": strange}), course, author).version
    block = version.blocks.get(usage_id="starmap@x")
    assert (block.support, block.reason) == ("placeholder", "unknown-type")
    assert '<star name="参宿四"/>' in block.olx


def test_a_broken_problem_is_refused_alone_and_kept_as_text(tmp_path: Path, course: Course, author: Actor) -> None:
    version = imported(
        write_course(tmp_path / "c", {"problem/p1.xml": "<problem><p>甲</problem>"}), course, author
    ).version
    block = version.blocks.get(usage_id="problem@p1")
    assert block.support == "refused"
    assert block.reason.startswith("bad-xml: ")
    assert block.olx == "<problem><p>甲</problem>"
    assert version.blocks.get(usage_id="html@h1").support == "supported"


def test_a_missing_definition_file_is_reported_at_its_block(tmp_path: Path, course: Course, author: Actor) -> None:
    report = imported(write_course(tmp_path / "c", {"problem/p1.xml": None}), course, author).report
    line = next(line for line in report["blocks"] if line["usage_id"] == "problem@p1")
    assert (line["support"], line["reason"]) == ("refused", "no-file: problem/p1.xml")


@pytest.mark.parametrize("tag", ["problem", "html"])
def test_a_name_that_is_longer_than_any_file_is_a_missing_file(
    tmp_path: Path, course: Course, author: Actor, tag: str
) -> None:
    long = {"vertical/v1.xml": f'<vertical><{tag} url_name="{"长" * 300}"/></vertical>'}
    report = imported(write_course(tmp_path / "c", long), course, author).report
    line = next(line for line in report["blocks"] if line["type"] == tag)
    assert (line["support"], line["reason"].partition(":")[0]) == ("refused", "no-file")


def test_a_library_is_run_and_its_problems_count(tmp_path: Path, course: Course, author: Actor) -> None:
    drawn = (
        '<vertical><library_content url_name="l1" max_count="1"><problem url_name="p1"/></library_content></vertical>'
    )
    version = imported(write_course(tmp_path / "c", {"vertical/v1.xml": drawn}), course, author).version
    assert version.blocks.get(usage_id="library_content@l1").support == "supported"
    problem = version.blocks.get(usage_id="problem@p1")
    assert (problem.parent_usage_id, problem.has_score, problem.graded) == ("library_content@l1", True, True)


def test_a_video_without_sources_never_shows_the_default_youtube_film(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    film = {"vertical/v1.xml": '<vertical><video url_name="f1"/></vertical>', "video/f1.xml": '<video url_name="f1"/>'}
    result = imported(write_course(tmp_path / "c", film), course, author)
    assert queries.block(result.version.pk, "video@f1").fields["settings"]["youtube_id_1_0"] == ""
    assert result.report["foreign_hosts"] == []


@pytest.mark.parametrize("value", ["1e999", "NaN", '"\\u0000"', '"\\ud800"', "[" * 500])
def test_a_value_that_the_database_does_not_take_stays_text(
    tmp_path: Path, course: Course, author: Actor, value: str
) -> None:
    quoted = value.replace('"', "&quot;")
    odd = {"vertical/v1.xml": f'<vertical due="{quoted}"><starmap url_name="x" depth="{quoted}"/></vertical>'}
    version = imported(write_course(tmp_path / "c", odd), course, author).version
    assert queries.block(version.pk, "starmap@x").fields["settings"]["depth"] == value
    assert queries.block(version.pk, "vertical@v1").fields["settings"]["due"] == value


def test_an_attribute_that_is_no_field_is_kept_beside_the_fields(tmp_path: Path, course: Course, author: Actor) -> None:
    film = {
        "vertical/v1.xml": '<vertical><video url_name="f1"/></vertical>',
        "video/f1.xml": '<video display_name="短片" poster="/static/图.png"/>',
    }
    version = imported(write_course(tmp_path / "c", film), course, author).version
    assert queries.block(version.pk, "video@f1").fields["settings"]["xml_attributes"] == {"poster": "/static/图.png"}


def test_the_report_names_missing_files_foreign_hosts_and_scripts(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    page = '<img src="/static/无.png"><iframe src="https://example.com/x"></iframe><a href="https://example.org">走</a>'
    script = '<problem><script type="loncapa/python">a = 1</script><numericalresponse answer="$a"/></problem>'
    report = inspect_course(source=write_course(tmp_path / "c", {"html/h1.html": page, "problem/p1.xml": script}))
    assert report["missing_files"] == [{"name": "无.png", "usage_ids": ["html@h1"]}]
    assert report["foreign_hosts"] == [{"name": "example.com", "usage_ids": ["html@h1"]}]
    assert report["counts"]["needs_sandbox"] == 1


def test_a_file_is_found_under_the_name_that_studio_gives_it(tmp_path: Path, course: Course, author: Actor) -> None:
    blank = {"static/Brain red.png": "x", "html/h1.html": '<img src="/static/Brain_red.png">'}
    result = imported(write_course(tmp_path / "c", blank), course, author)
    assert result.report["missing_files"] == []
    found = queries.asset(result.version.pk, "Brain_red.png")
    with storage.open_asset(found.sha256) as file:
        assert (found.path, file.read()) == ("static/Brain red.png", b"x")


def test_equal_files_are_stored_once(tmp_path: Path, course: Course, author: Actor, media: Path) -> None:
    imported(write_course(tmp_path / "c", {"static/a.txt": "same", "static/b.txt": "same"}), course, author)
    kept = [path for path in (media / "content").rglob("*") if path.is_file()]
    assert len(kept) == 3  # 图.png, overview.html, and one for both


def test_the_same_course_imported_again_is_the_same_version(tmp_path: Path, course: Course, author: Actor) -> None:
    first = imported(pack_course(tmp_path / "a.tar.gz"), course, author)
    again = imported(write_course(tmp_path / "b"), course, author)
    assert (again.version, again.is_new) == (first.version, False)
    assert Event.objects.filter(name=events.CONTENT_IMPORTED).count() == 1


def test_a_changed_course_is_the_next_version_and_the_first_stays(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    first = imported(pack_course(tmp_path / "a.tar.gz"), course, author).version
    second = imported(pack_course(tmp_path / "b.tar.gz", {"html/h1.html": "<p>新</p>"}), course, author).version
    assert second.number == 2
    assert queries.block(first.pk, "html@h1").fields["content"]["data"].startswith("<p>平均数")


def test_a_stranger_may_not_import_and_learns_nothing(tmp_path: Path, course: Course, media: Path, work: Path) -> None:
    stranger = Actor(course.uuid, course.uuid, "author")  # of an institution that is not the course's
    with pytest.raises(NotThere):
        imported(pack_course(tmp_path / "c.tar.gz"), course, stranger)
    assert nothing_was_written(media, work)


def test_a_student_of_the_institution_may_not_import(
    tmp_path: Path, course: Course, author: Actor, media: Path, work: Path
) -> None:
    student = Actor(author.person_uuid, author.institution_uuid, "student")
    with pytest.raises(NotPermitted):
        imported(pack_course(tmp_path / "c.tar.gz"), course, student)
    assert nothing_was_written(media, work)


@pytest.mark.parametrize(
    ("attributes", "support", "reason"),
    [
        ("", "supported", ""),
        ('file_upload_response="optional" file_upload_type="image"', "supported", ""),
        ('file_upload_response="required" file_upload_type="image"', "supported", ""),
        ('teams_enabled="true" selected_teamset_id="t"', "placeholder", "needs-teams"),
        ('submission_due="some day"', "refused", "cannot-parse"),
    ],
)
def test_of_open_response_what_cannot_be_done_here_is_said(
    tmp_path: Path, course: Course, author: Actor, attributes: str, support: str, reason: str
) -> None:
    steps = '<assessment name="staff-assessment" required="True"/>'
    text = OTHERS["openassessment/o1.xml"].replace("<openassessment ", f"<openassessment {attributes} ")
    before, after = text.partition("<assessments>")[0], text.partition("</assessments>")[2]
    text = f"{before}<assessments>{steps}</assessments>{after}"
    if "submission_due" in attributes:
        text = text.replace('submission_due="2999-01-01T00:00:00+00:00" ', "")
    folder = write_block_course(
        tmp_path / "c", {"task": '<openassessment url_name="o1"/>'}, {"openassessment/o1.xml": text}
    )

    report = imported(folder, course, author).report

    line = next(line for line in report["blocks"] if line["usage_id"] == "openassessment@o1")
    assert (line["support"], line["reason"].partition(":")[0]) == (support, reason)
    assert not {change["code"] for change in report["changes"]} & {"uploads-off", "leaderboard-off"}


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "blocks", "placeholders", "scripted"),
    [("openedx-demo-course", 401, 3, 7), ("openedx-test-course", 89, 5, 0), ("kitchen-sink", 54, 3, 4)],
)
def test_open_edx_courses_import_whole(
    reference_data: Path, course: Course, author: Actor, name: str, blocks: int, placeholders: int, scripted: int
) -> None:
    result = imported(reference_data / "olx" / f"{name}.tar.gz", course, author)
    counts = result.report["counts"]
    assert (counts["blocks"], counts["placeholder"], counts["refused"]) == (blocks, placeholders, 0)
    assert counts["needs_sandbox"] == scripted
    assert len(result.report["blocks"]) == ContentBlock.objects.filter(version=result.version).count() == blocks
    assert ContentVersion.objects.get().block_count == blocks


def test_the_course_that_ships_with_the_project_imports_without_a_fault(course: Course, author: Actor) -> None:
    if not (DEMO / "course.xml").is_file():
        pytest.skip("the demo course is not written yet")
    report = imported(DEMO, course, author).report
    assert [line for line in report["blocks"] if line["support"] != "supported"] == []
    assert (report["missing_files"], report["foreign_hosts"]) == ([], [])


@pytest.mark.parametrize(
    ("written", "hidden"), [("true", True), ("True", True), ("false", False), ("False", False), ("1", False)]
)
def test_hidden_and_graded_are_read_as_xblock_reads_them(
    tmp_path: Path, course: Course, author: Actor, written: str, hidden: bool
) -> None:
    odd = {
        "sequential/s1.xml": '<sequential graded="True" format="作业"><vertical url_name="v1"/></sequential>',
        "vertical/v1.xml": f'<vertical visible_to_staff_only="{written}"><problem url_name="p1"/></vertical>',
        "policies/2026A/policy.json": '{"course/2026A": {"hide_from_toc": "False"}}',
    }
    version = imported(write_course(tmp_path / "c", odd), course, author).version

    unit = next(unit for unit in queries.outline(version.pk).units() if unit.usage_id == "vertical@v1")
    assert (unit.staff_only, unit.graded) == (hidden, True)
    assert version.blocks.get(usage_id="problem@p1").graded
    assert bool(queries.graded_subsections(version.pk)) is not hidden
    assert version.blocks.get(level="course").fields["settings"]["hide_from_toc"] is False
