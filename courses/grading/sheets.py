"""The gradebook as an xlsx file, out and in. What comes in is previewed: nothing is written before somebody says so.

Cells that a person typed are text in the file: a name that begins with "=" is a name, and numbers of students keep
their zeros. What comes in names its learner by the id column, never by name or number.

A list may be out for days while learners go on. So each row carries what was in it when it was written: what its
reader did not touch changes nothing, and what somebody else changed meanwhile is said instead of undone.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from courses.grading import deciding, queries
from courses.grading.access import NOT_THERE, taught_run
from courses.grading.data import OPEN_TO_SUBMIT, Gradebook, GradeRow
from courses.grading.deciding import Setting, counts_now
from courses.grading.policy import two_places
from courses.grading.proposing import policies_in_force
from courses.grading.records import GradeSheet
from courses.grading.states import SHEET, SheetStatus
from courses.runs.models import CourseRun
from edu.events.history import move
from edu.institutions.api import Column, SheetRow, read_sheet
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

ID, NAME, NUMBER, HOME, SCORE, GRADE, STATUS, REASON, SEEN = (
    "id", "name", "number", "home", "score", "grade", "status", "reason", "seen",
)  # fmt: skip
FIXED_HEADS = {
    ID: ("编号", "ID"),
    NAME: ("姓名", "Name"),
    NUMBER: ("学号", "Student number"),
    HOME: ("学籍院校", "Home institution"),
    SCORE: ("总分", "Score"),
    GRADE: ("成绩", "Grade"),
    STATUS: ("状态", "Status"),
    REASON: ("理由", "Reason"),
    SEEN: ("导出时", "When exported"),
}
LINES_MAX = 30  # with the fixed columns a sheet stays within the forty that are read
CHUNK = 500  # learners computed at once: memory stays small, queries stay few
TEXT = "@"
WIDTHS = {ID: 38, NAME: 16, NUMBER: 16, HOME: 22, REASON: 30}
PROBLEMS_MAX = 500  # more are the same mistake all down a column


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs from what counts now: what it was and what it is to be, as text; "" takes a score back."""

    row: int
    enrolment: str
    name: str
    line: str  # "" is the whole
    was: str
    score: str
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken over."""

    row: int
    name: str
    message: str


def line_head(name: str) -> str:
    """Return the head of a part's column; a mark keeps it apart from the fixed heads."""
    return f"{name} %"


def write_book(run: CourseRun, language: str) -> bytes:
    """Return the gradebook of a run as xlsx: every learner, a column for each part of the grade."""
    policies = policies_in_force(run)
    names = policies.line_names[:LINES_MAX]
    book = Workbook(write_only=True)
    with override(language):
        sheet = book.create_sheet("grades")
    heads = _heads(names, language)
    for number, key in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(key, 12)
        sheet.column_dimensions[get_column_letter(number)].hidden = key == SEEN
    sheet.freeze_panes = "C2"
    sheet.append([_text_cell(sheet, head, bold=True) for head in heads.values()])
    for row in _all_rows(run):
        sheet.append(_cells(sheet, row, names))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _heads(names: Sequence[str], language: str) -> dict[str, str]:
    spoken = 0 if language.startswith("zh") else 1
    fixed = {key: heads[spoken] for key, heads in FIXED_HEADS.items()}
    before = {key: fixed[key] for key in (ID, NAME, NUMBER, HOME)}
    after = {key: fixed[key] for key in (SCORE, GRADE, STATUS, REASON, SEEN)}
    return before | {f"line {name}": line_head(name) for name in names} | after


def _all_rows(run: CourseRun) -> Iterable[GradeRow]:
    places = list(queries.places(run))
    policies = policies_in_force(run)
    for start in range(0, len(places), CHUNK):
        yield from queries.gradebook(run, policies, places[start : start + CHUNK], to_sign=False).rows


def _cells(sheet: Any, row: GradeRow, names: Sequence[str]) -> list[Any]:
    lines = {line.name: line for line in row.computed.lines}
    percents = [two_places(lines[name].mean_percent) if name in lines else None for name in names]
    return [
        *(_text_cell(sheet, text) for text in (str(row.enrolment_uuid), row.name, row.number, row.home_name)),
        *percents,
        row.computed.score,
        _text_cell(sheet, row.submitted_grade or str(row.grade)),
        _text_cell(sheet, row.status or "open"),
        _text_cell(sheet, row.computed.reason),
        _text_cell(sheet, _seal(names, [*percents, row.computed.score])),
    ]


def _seal(names: Sequence[str], values: Iterable[Decimal | None]) -> str:
    """Return the scores of a row as one cell, with a mark of the columns to which they belong."""
    return f"{_mark(names)}:{','.join('' if value is None else str(value) for value in values)}"


def _mark(names: Sequence[str]) -> str:
    return sha256("\n".join(names).encode()).hexdigest()[:8]


def _unsealed(names: Sequence[str], text: str) -> dict[str, str]:
    """Return the scores that a row had when it was written, by part ("" is the whole); empty when it cannot be told."""
    mark, _colon, values = text.partition(":")
    scores = values.split(",")
    return dict(zip([*names, ""], scores, strict=True)) if mark == _mark(names) and len(scores) > len(names) else {}


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Return a cell of text, whatever the text begins with; a spreadsheet shows it and computes nothing."""
    cell: Any = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = TEXT
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


@transaction.atomic
def preview_sheet(*, run_uuid: UUID, content: bytes, name: str, acting: Actor) -> GradeSheet:
    """Read an uploaded gradebook and keep what it would change, with a problem for each row that cannot be taken.

    Refusal when the file is no list at all, or has other columns than the gradebook.
    """
    run = taught_run(acting, run_uuid)
    names = policies_in_force(run).line_names[:LINES_MAX]
    rows = read_sheet(content, _columns(names))
    book = _book_of(run, rows)
    changes: list[Change] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for row in rows:
        found = _read_row(row, book, names, seen)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            changes += found
    assert acting.person_uuid is not None  # a teacher is somebody
    return GradeSheet.objects.create(
        run=run,
        name=name[-200:],
        changes=[asdict(change) for change in changes],
        problems=[asdict(problem) for problem in problems[:PROBLEMS_MAX]],
        rows_total=len(rows),
        uploaded_by_uuid=acting.person_uuid,
        uploaded_at=clock.now(),
    )


def _columns(names: Sequence[str]) -> list[Column]:
    fixed = [Column(key, heads, required=key == ID) for key, heads in FIXED_HEADS.items()]
    return [*fixed, *(Column(f"line {name}", (line_head(name),)) for name in names)]


def _book_of(run: CourseRun, rows: Sequence[SheetRow]) -> Mapping[str, GradeRow]:
    wanted = [uuid for row in rows if (uuid := _uuid(row.cells[ID]))]
    places = list(queries.places(run).filter(uuid__in=wanted))
    policies = policies_in_force(run)
    books: list[Gradebook] = [
        queries.gradebook(run, policies, places[start : start + CHUNK], to_sign=False)
        for start in range(0, len(places), CHUNK)
    ]
    return {str(row.enrolment_uuid): row for book in books for row in book.rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read_row(
    row: SheetRow, book: Mapping[str, GradeRow], names: Sequence[str], seen: set[str]
) -> list[Change] | Problem:
    known = book.get(row.cells[ID].lower())
    if known is None:
        return Problem(row.number, row.cells[NAME], _("The id names no learner of this run."))
    key = str(known.enrolment_uuid)
    if key in seen:
        return Problem(row.number, known.name, _("This learner stands in the list twice."))
    seen.add(key)
    seen_then = _unsealed(names, row.cells[SEEN])
    try:
        changes = [
            change
            for line, cell in [("", SCORE), *((name, f"line {name}") for name in names)]
            if cell in row.given and (change := _read_cell(row, known, line, row.cells[cell], seen_then.get(line)))
        ]
        for change in changes:
            deciding.check_setting(_setting(change), known)
    except Refusal as refusal:
        return Problem(row.number, known.name, str(refusal.message))
    if changes and known.status not in OPEN_TO_SUBMIT:
        return Problem(row.number, known.name, _("The result is with the registrar or certified."))
    return changes


def _read_cell(row: SheetRow, known: GradeRow, line: str, text: str, then: str | None) -> Change | None:
    """Return what a cell would change: a number sets a score, an empty cell takes a set one back.

    `then` is what the cell had when the list was written, None where that is not known.
    """
    has_line = not line or any(one.name == line for one in known.computed.lines)
    was = counts_now(known, line)
    score = _score(text) if text else None
    if then is not None and _same(score, then):
        return None
    taken_back = has_line and line in known.facts.decisions
    if (score is None and not taken_back) or (score == was and has_line):
        return None
    if then is not None and not _same(was if has_line else None, then):
        told = {"line": line or _("Score of the whole"), "then": then or "-", "now": was}
        raise Refusal(
            "score-moved", _("%(line)s was %(then)s in this list and is %(now)s by now. Export it again.") % told
        )
    new = "" if score is None else str(score)
    return Change(row.number, str(known.enrolment_uuid), known.name, line, str(was), new, row.cells[REASON])


def _score(text: str) -> Decimal:
    try:
        score = Decimal(text)
        if not score.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        message = _("“%(text)s” is no score. Write a number from 0 to 100.") % {"text": text}
        raise Refusal("score-unreadable", message) from None
    return two_places(score)


def _same(score: Decimal | None, then: str) -> bool:
    return ("" if score is None else str(score)) == then


def _setting(change: Change) -> Setting:
    score = Decimal(change.score) if change.score else None
    return Setting(UUID(change.enrolment), change.line, score, change.reason)


def sheet_of(acting: Actor, run_uuid: UUID, sheet_uuid: UUID) -> GradeSheet:
    """Return an uploaded sheet of a run that the actor teaches; NotThere for others."""
    run = taught_run(acting, run_uuid)
    row = GradeSheet.objects.filter(run=run, uuid=sheet_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    return row


@transaction.atomic
def apply_sheet(*, run_uuid: UUID, sheet_uuid: UUID, acting: Actor) -> int:
    """Write what a previewed sheet would change, all or none; return how many scores changed.

    Refusals: "sheet-has-problems", "sheet-not-yours"; Stale when a score is no longer what the preview showed.
    """
    sheet = sheet_of(acting, run_uuid, sheet_uuid)
    if sheet.uploaded_by_uuid != acting.person_uuid:
        raise NotPermitted("sheet-not-yours", gettext_lazy("A colleague uploaded this list. Upload it yourself."))
    if sheet.problems:
        raise Refusal("sheet-has-problems", gettext_lazy("Correct the rows named below and upload the list again."))
    changes = [Change(**change) for change in sheet.changes]
    if not changes:
        raise Refusal("sheet-changes-nothing", gettext_lazy("The list changes nothing."))
    move(sheet, to=SheetStatus.APPLIED, table=SHEET, acting=acting)
    _require_unmoved(sheet.run, changes)
    return deciding.set_scores(run_uuid=run_uuid, settings=[_setting(change) for change in changes], acting=acting)


def _require_unmoved(run: CourseRun, changes: Sequence[Change]) -> None:
    places = list(queries.places(run).filter(uuid__in={change.enrolment for change in changes}))
    book = queries.gradebook(run, policies_in_force(run), places, to_sign=False)
    now = {str(row.enrolment_uuid): row for row in book.rows}
    moved = {
        change.name: change.line
        for change in changes
        if change.enrolment not in now or str(counts_now(now[change.enrolment], change.line)) != change.was
    }
    if moved:
        raise Stale(
            "scores-changed", gettext_lazy("Scores have changed since this list was read. Upload it again."), moved
        )


@transaction.atomic
def drop_sheet(*, run_uuid: UUID, sheet_uuid: UUID, acting: Actor) -> None:
    """Leave an uploaded sheet without writing anything."""
    move(sheet_of(acting, run_uuid, sheet_uuid), to=SheetStatus.DROPPED, table=SHEET, acting=acting)
