"""The gradebook as xlsx: what goes out is text where it is text, what comes in is previewed and then written whole."""

import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from courses.grading import deciding, sheets
from courses.grading.deciding import Setting
from courses.grading.records import GradeSheet, ScoreDecision
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.courses.grading.test_actions import submit
from tests.courses.grading.test_deciding import row_of
from tests.factories.courses import make_enrolment
from tests.factories.people import make_actor, make_person

HEADS = ["编号", "姓名", "学号", "学籍院校", "Quiz %", "Final %", "总分", "成绩", "状态", "理由"]
EXPORTED = [*HEADS, "导出时"]


def rows_of(content: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]


def book(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in [heads, *rows]:
        sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def line(
    graded: Graded, *, quiz: Any = "0.00", final: Any = "0.00", score: Any = "0.00", reason: str = "线下"
) -> list[Any]:
    return [str(graded.enrolment.uuid), "", "", "", quiz, final, score, "", "", reason]


def preview(graded: Graded, *rows: list[Any], **options: Any) -> GradeSheet:
    content = book(*rows, **options)
    return sheets.preview_sheet(run_uuid=graded.run.uuid, content=content, name="成绩.xlsx", acting=graded.teacher)


def apply(graded: Graded, sheet: GradeSheet) -> int:
    return sheets.apply_sheet(run_uuid=graded.run.uuid, sheet_uuid=sheet.uuid, acting=graded.teacher)


def test_the_file_has_a_row_for_every_learner_and_text_stays_text(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    attacker = make_person(
        name='=HYPERLINK("http://x")', role="student", institution=graded.run.course.institution, number="0007"
    )
    make_enrolment(attacker, graded.run)
    written = sheets.write_book(graded.run, "zh-hans")
    rows = rows_of(written)
    assert rows[0] == EXPORTED
    assert rows[1][:7] == [str(graded.enrolment.uuid), "韦小明", "S1", "广西大学", 100, 0, 40]
    cells = list(load_workbook(io.BytesIO(written)).worksheets[0].iter_rows())[2]
    assert (cells[1].value, cells[1].data_type, cells[1].quotePrefix) == ('=HYPERLINK("http://x")', "s", True)
    assert (cells[2].value, cells[2].number_format) == ("0007", "@")


def test_what_was_written_changes_nothing_when_it_comes_back(graded: Graded) -> None:
    graded.score(FINAL, "3")
    written = sheets.write_book(graded.run, "en")
    sheet = sheets.preview_sheet(run_uuid=graded.run.uuid, content=written, name="x", acting=graded.teacher)
    assert (sheet.changes, sheet.problems, sheet.rows_total) == ([], [], 1)


def test_a_preview_writes_nothing_and_applying_it_writes_all(graded: Graded) -> None:
    sheet = preview(graded, line(graded, final=90, score="0"))
    assert [(c["line"], c["was"], c["score"]) for c in sheet.changes] == [("Final", "0.00", "90.00")]
    assert not ScoreDecision.objects.exists()
    assert apply(graded, sheet) == 1
    assert row_of(graded).computed.score == Decimal("54.00")
    decision = ScoreDecision.objects.get()
    assert (decision.reason, decision.was, decision.actor_person_uuid) == (
        "线下",
        Decimal(0),
        graded.teacher.person_uuid,
    )
    with pytest.raises(Refusal):
        apply(graded, sheet)
    assert ScoreDecision.objects.count() == 1


def test_an_empty_cell_takes_a_set_score_back(graded: Graded) -> None:
    setting = Setting(graded.enrolment.uuid, "Final", Decimal(90), "x")
    deciding.set_scores(run_uuid=graded.run.uuid, settings=[setting], acting=graded.teacher)
    assert apply(graded, preview(graded, line(graded, final=None, score="54"))) == 1
    assert row_of(graded).computed.score == 0


def test_a_column_that_is_not_in_the_list_takes_nothing_back(graded: Graded) -> None:
    setting = Setting(graded.enrolment.uuid, "Final", Decimal(90), "x")
    deciding.set_scores(run_uuid=graded.run.uuid, settings=[setting], acting=graded.teacher)
    sheet = preview(graded, [str(graded.enrolment.uuid), 80, "补交"], heads=["编号", "Quiz %", "理由"])
    assert [(c["line"], c["was"], c["score"]) for c in sheet.changes] == [("Quiz", "0.00", "80.00")]


def exported(graded: Graded, **cells: Any) -> bytes:
    """The gradebook as it goes out now, with cells of the first learner changed by their heads."""
    rows = rows_of(sheets.write_book(graded.run, "zh-hans"))
    for head, value in cells.items():
        rows[1][EXPORTED.index(head)] = value
    return book(*rows[1:], heads=EXPORTED)


def read(graded: Graded, content: bytes) -> GradeSheet:
    return sheets.preview_sheet(run_uuid=graded.run.uuid, content=content, name="x", acting=graded.teacher)


def test_a_list_that_was_out_for_days_does_not_undo_what_learners_did_meanwhile(graded: Graded) -> None:
    content = exported(graded, **{"Final %": 90, "理由": "线下"})
    graded.score(QUIZ, "4")

    sheet = read(graded, content)

    assert sheet.problems == []
    assert [(c["line"], c["score"]) for c in sheet.changes] == [("Final", "90.00")]
    assert apply(graded, sheet) == 1
    assert row_of(graded).computed.score == Decimal("94.00")  # 40 + 54


def test_two_teachers_who_change_the_same_score_are_told(graded: Graded) -> None:
    content = exported(graded, **{"Final %": 90, "理由": "线下"})
    setting = Setting(graded.enrolment.uuid, "Final", Decimal(70), "同事改的")
    deciding.set_scores(run_uuid=graded.run.uuid, settings=[setting], acting=graded.teacher)

    sheet = read(graded, content)

    (problem,) = sheet.problems
    assert problem["message"] == "Final：导出时为 0.00，现为 70.00。请重新导出成绩册。"
    assert read(graded, exported(graded, **{"Final %": None, "理由": "撤回"})).changes[0]["score"] == ""


def test_scores_are_kept_with_two_places_rounded_half_up(graded: Graded) -> None:
    assert apply(graded, preview(graded, line(graded, final=85.125))) == 1
    assert ScoreDecision.objects.get().score == Decimal("85.13")
    sheet = preview(graded, line(graded, final="1e40"))
    assert (sheet.changes, len(sheet.problems)) == ([], 1)


def test_every_row_that_cannot_be_taken_is_named_and_nothing_is_written(graded: Graded) -> None:
    good, other = line(graded, final=90), make_enrolment(make_person(name="黄志远"), graded.run)
    rows = [
        good,
        ["no-id", "某人", "", "", "", "", "", "", "", ""],
        good,
        [str(other.uuid), "", "", "", "much", "", "", "", "", "x"],
    ]
    sheet = preview(graded, *rows)
    assert [problem["row"] for problem in sheet.problems] == [3, 4, 5]
    with pytest.raises(Refusal) as refused:
        apply(graded, sheet)
    assert refused.value.code == "sheet-has-problems"
    assert not ScoreDecision.objects.exists()


@pytest.mark.parametrize(("final", "reason"), [(101, "x"), (-1, "x"), (90, " ")])
def test_scores_out_of_range_or_without_reason_are_problems(graded: Graded, final: int, reason: str) -> None:
    sheet = preview(graded, line(graded, final=final, reason=reason))
    assert (sheet.changes, len(sheet.problems)) == ([], 1)


def test_a_score_that_changed_since_the_preview_stops_it_all(graded: Graded) -> None:
    sheet = preview(graded, line(graded, final=90))
    graded.score(FINAL, "4")
    with pytest.raises(Stale):
        apply(graded, sheet)
    assert not ScoreDecision.objects.exists()


def test_a_submitted_result_is_a_problem(graded: Graded) -> None:
    submit(graded)
    assert len(preview(graded, line(graded, final=90)).problems) == 1


@pytest.mark.parametrize(
    ("row", "heads", "code"),
    [
        (["=1+1"] + [""] * 9, HEADS, "sheet-formula"),
        ([""] * 9 + ["x"], [*HEADS[:9], "别的"], "sheet-strange-column"),
        (["x"] * 9, HEADS[1:], "sheet-missing-column"),
    ],
)
def test_a_file_that_is_no_gradebook_is_refused(graded: Graded, row: list[Any], heads: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        preview(graded, row, heads=heads)
    assert refused.value.code == code
    assert not GradeSheet.objects.exists()


def test_a_preview_can_be_left_and_is_nobody_elses(graded: Graded) -> None:
    sheet = preview(graded, line(graded, final=90))
    stranger = make_actor(make_person(name="外人", role="teacher", number="X"))
    with pytest.raises(NotThere):
        sheets.apply_sheet(run_uuid=graded.run.uuid, sheet_uuid=sheet.uuid, acting=stranger)
    colleague = make_person(name="陆老师", role="teacher", institution=graded.run.course.institution, number="T2")
    graded.run.run_teachers.create(person=colleague)
    with pytest.raises(NotPermitted):
        sheets.apply_sheet(run_uuid=graded.run.uuid, sheet_uuid=sheet.uuid, acting=make_actor(colleague))
    sheets.drop_sheet(run_uuid=graded.run.uuid, sheet_uuid=sheet.uuid, acting=graded.teacher)
    with pytest.raises(Refusal):
        apply(graded, sheet)
    assert not ScoreDecision.objects.exists()
