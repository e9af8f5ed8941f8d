"""Lists of credit from before this system: read with an error for each row, uploaded by one, confirmed by another."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from credits import events as announced
from credits.ledger.access import opening_for_registrar, registrar_of
from credits.ledger.entry import already_opened, open_row
from credits.ledger.grounds import OpeningList, OpeningRow, OpeningVerdict
from credits.ledger.models import Lot
from credits.ledger.rules import Unit
from credits.ledger.store import deed_columns, refusals_in_words
from edu.events import actions as outbox
from edu.institutions import api as institutions
from edu.institutions.api import Column, SheetRow
from edu.institutions.data import RowProblem
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.credit import credit_points
from edu.kernel.errors import NotPermitted, Refusal, Stale
from edu.people import api as people

ROWS_MAX = 5000  # confirmed in one transaction: about 15 s
COLUMNS = (
    Column("number", ("学号/工号", "number"), required=True),
    Column("programme_code", ("专业代码", "programme")),
    Column("plan_version", ("培养方案版本", "plan")),
    Column("slot_code", ("课程类别代码", "slot")),
    Column("course_code", ("课程代码", "course code")),
    Column("course_name", ("课程名称", "course"), required=True),
    Column("amount", ("数量", "amount"), required=True),
    Column("unit", ("单位", "unit"), required=True),
    Column("grade", ("成绩", "grade")),
    Column("earned_on", ("取得日期", "earned on"), required=True),
    Column("evidence", ("依据材料", "evidence"), required=True),
)
UNITS = {
    "学分": Unit.CREDIT_POINTS, "credit_points": Unit.CREDIT_POINTS, "credits": Unit.CREDIT_POINTS,
    "学时": Unit.CONTACT_HOURS, "contact_hours": Unit.CONTACT_HOURS, "contact hours": Unit.CONTACT_HOURS,
}  # fmt: skip
LENGTHS = {"course_code": 60, "course_name": 200, "grade": 20, "evidence": 200}


@dataclass(frozen=True, slots=True)
class Checked:
    """A list as it was read: its lines, and what is wrong with them; with problems nothing is kept."""

    rows: tuple[OpeningRow, ...]
    problems: tuple[RowProblem, ...]
    opening_uuid: UUID | None = None


@dataclass(frozen=True)
class _House:
    """What the rows of one institution may name."""

    holders: dict[str, tuple[UUID, UUID | None, UUID | None]]  # number → person, student record, programme
    slots: dict[tuple[str, str, str], tuple[UUID, UUID]]  # programme code, plan, slot code → programme, slot
    by_programme: dict[tuple[UUID, str], UUID]  # programme, slot code → slot


def upload(content: bytes, *, file_name: str, acting: Actor) -> Checked:
    """Read a list as a registrar and keep it for a colleague to confirm; nothing is posted.

    With a problem in any row nothing is kept. Refusal when the file itself cannot be read.
    """
    institution_uuid = registrar_of(acting)
    sheet = institutions.read_sheet(content, COLUMNS)
    if len(sheet) > ROWS_MAX:
        raise Refusal("sheet-too-long", _("The list has more than 5,000 rows. Split it into several files."))
    checked = _check(sheet, institution_uuid)
    if checked.problems:
        return checked
    with transaction.atomic():
        opening = OpeningList.objects.create(
            institution_uuid=institution_uuid,
            file_name=file_name[:200],
            file_hash=hashlib.sha256(content).hexdigest(),
            row_count=len(checked.rows),
            **deed_columns(acting),
        )
        for row in checked.rows:
            row.opening = opening
        OpeningRow.objects.bulk_create(checked.rows, batch_size=1000)
        outbox.record(announced.OPENING_UPLOADED, {"opening_uuid": str(opening.uuid)}, acting=acting)
    return Checked(checked.rows, (), opening.uuid)


def confirm(*, opening_uuid: UUID, acting: Actor) -> int:
    """Post every line of a list that somebody else uploaded, all or none; returns how many.

    Refusal when a line stands in the ledger already; NotPermitted for the one who uploaded; Stale when it is decided.
    """
    opening = opening_for_registrar(acting, opening_uuid)
    if acting.person_uuid == opening.actor_person_uuid:
        raise NotPermitted("own-list", _("You uploaded this list. A colleague has to confirm it."))
    with refusals_in_words(), transaction.atomic():
        _decide(opening, acting, confirmed=True)
        rows = list(opening.rows.all())
        for row in rows:
            open_row(row, institution_uuid=opening.institution_uuid, acting=acting)
        outbox.record(announced.OPENING_CONFIRMED, {"opening_uuid": str(opening.uuid)}, acting=acting)
    return len(rows)


def discard(*, opening_uuid: UUID, reason: str, acting: Actor) -> None:
    """Put a list aside with a reason, as any registrar of the institution; nothing is posted."""
    opening = opening_for_registrar(acting, opening_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the list is put aside."))
    with refusals_in_words(), transaction.atomic():
        _decide(opening, acting, confirmed=False, reason=reason.strip())
        outbox.record(announced.OPENING_DISCARDED, {"opening_uuid": str(opening.uuid)}, acting=acting)


def _decide(opening: OpeningList, acting: Actor, *, confirmed: bool, reason: str = "") -> None:
    if OpeningVerdict.objects.filter(opening=opening).exists():
        raise Stale("decided-meanwhile", _("A colleague has decided about this list meanwhile."))
    OpeningVerdict.objects.create(opening=opening, confirmed=confirmed, reason=reason, **deed_columns(acting))


def _check(sheet: Sequence[SheetRow], institution_uuid: UUID) -> Checked:
    house = _house(institution_uuid)
    problems: list[RowProblem] = []
    rows: list[OpeningRow] = []
    for row in sheet:
        faults = [RowProblem(row.number, column, message) for column, message in _faults(row.cells, house)]
        problems += faults
        if not faults:
            rows.append(_row(row, house, institution_uuid))
    problems += _doubles(rows, institution_uuid)
    return Checked(tuple(rows), tuple(sorted(problems, key=lambda problem: problem.row)))


def _faults(cells: dict[str, str], house: _House) -> Iterator[tuple[str, str]]:
    unit = UNITS.get(cells["unit"])
    if cells["number"] not in house.holders:
        yield "number", _("Nobody here has this number.")
    if unit is None:
        yield "unit", _("Write 学分 or 学时.")
    if _amount(cells["amount"]) is None:
        yield "amount", _("Write an amount above 0 with at most two decimal places.")
    earned = _date(cells["earned_on"])
    if earned is None or earned > clock.today():
        yield "earned_on", _("Write a day that is past, as 2024-06-30.")
    for column, longest in LENGTHS.items():
        if len(cells[column]) > longest:
            yield column, _("Write this in up to %(n)d characters.") % {"n": longest}
    for column in ("course_name", "evidence"):
        if not cells[column]:
            yield column, _("This may not be empty.")
    if unit is Unit.CREDIT_POINTS and cells["number"] in house.holders and _place(cells, house) is None:
        yield "slot_code", _("The programme of this student has no such category. Write programme, plan and category.")
    if unit is Unit.CONTACT_HOURS and cells["slot_code"]:
        yield "slot_code", _("Contact hours belong to no category. Leave this empty.")


def _row(row: SheetRow, house: _House, institution_uuid: UUID) -> OpeningRow:
    cells = row.cells
    person_uuid, record_uuid, _programme = house.holders[cells["number"]]
    unit = UNITS[cells["unit"]]
    place = _place(cells, house) if unit is Unit.CREDIT_POINTS else None
    earned = _date(cells["earned_on"])
    amount = _amount(cells["amount"])
    assert earned is not None  # checked before
    assert amount is not None
    course = cells["course_code"] or cells["course_name"]
    said = "|".join((str(institution_uuid), cells["evidence"], course, earned.isoformat(), unit.value))
    return OpeningRow(
        number=row.number,
        holder_uuid=person_uuid,
        student_record_uuid=record_uuid,
        programme_uuid=place[0] if place else None,
        slot_uuid=place[1] if place else None,
        unit=unit.value,
        amount=amount,
        course_code=cells["course_code"],
        course_name=cells["course_name"],
        grade=cells["grade"],
        earned_on=earned,
        evidence=cells["evidence"],
        activity_uuid=uuid5(NAMESPACE_URL, f"guixue.opening/1|{said}"),
    )


def _doubles(rows: Sequence[OpeningRow], institution_uuid: UUID) -> list[RowProblem]:
    """Return the rows that say what an earlier row, or the ledger, says already."""
    there = set(
        Lot.objects.filter(issuer_uuid=institution_uuid, activity_uuid__in={row.activity_uuid for row in rows})
        .values_list("activity_uuid", "holder_uuid")
    )  # fmt: skip
    found = []
    seen: dict[tuple[UUID, UUID], int] = {}
    for row in rows:
        key = row.activity_uuid, row.holder_uuid
        if key in there:
            found.append(RowProblem(row.number, "evidence", str(already_opened(row.number).message)))
        elif key in seen:
            says = _("Says the same as row %(row)d: same person, evidence, course and day.") % {"row": seen[key]}
            found.append(RowProblem(row.number, "evidence", says))
        seen.setdefault(key, row.number)
    return found


def _house(institution_uuid: UUID) -> _House:
    holders: dict[str, tuple[UUID, UUID | None, UUID | None]] = {}
    for role in (people.Role.TEACHER, people.Role.ASSISTANT_TEACHER, people.Role.STUDENT):
        for one in people.people_of(institution_uuid, role):
            record = one.uuid if role == people.Role.STUDENT else None
            holders[one.number] = one.person_uuid, record, one.programme_uuid
    holders.pop("", None)
    slots, by_programme = {}, {}
    for programme in institutions.programmes_of(institution_uuid):
        for slot in programme.slots:
            slots[programme.code, programme.plan_version, slot.code] = programme.uuid, slot.uuid
            by_programme[programme.uuid, slot.code] = slot.uuid
    return _House(holders, slots, by_programme)


def _place(cells: dict[str, str], house: _House) -> tuple[UUID, UUID] | None:
    """Return programme and slot that a row names, or of the student's own programme where it names none."""
    if cells["programme_code"] or cells["plan_version"]:
        return house.slots.get((cells["programme_code"], cells["plan_version"], cells["slot_code"]))
    own = house.holders[cells["number"]][2]
    slot = house.by_programme.get((own, cells["slot_code"])) if own else None
    return (own, slot) if own and slot else None


def _amount(text: str) -> Decimal | None:
    try:
        amount = credit_points(text)
    except (ValueError, InvalidOperation):
        return None
    return amount or None


def _date(text: str) -> dt.date | None:
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    try:
        return dt.date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        return None
