"""Taking over an institution's list of people."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from edu.events import actions as events
from edu.institutions import api as institutions_api
from edu.institutions.api import Column, SheetRow
from edu.institutions.data import ImportReport, RowProblem
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Stale
from edu.people.actions import make_code
from edu.people.data import IssuedCode, PeopleReport
from edu.people.events import PEOPLE_IMPORTED
from edu.people.models import Affiliation, CodePurpose, OneTimeCode, Person, Role
from edu.people.rules import GRANTED_BY, NAME_CHARS_MAX, normal_name, phone_e164, read_identifier, same_name

IMPORT_LOCK = 3_202_602  # advisory lock, with the institution: two lists of one school wait for each other
BATCH = 1000  # rows a statement
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,29}")

COLUMNS = (
    Column("name", ("姓名",), required=True),
    Column("number", ("学号或工号", "学号", "工号"), required=True),
    Column("role", ("角色",)),
    Column("programme_code", ("专业代码",)),
    Column("plan_version", ("培养方案",)),
    Column("from_on", ("开始日期",)),
    Column("to_on", ("结束日期",)),
    Column("phone", ("手机",)),
    Column("email", ("邮箱",)),
    Column("name_latin", ("拼音",)),
)
ROLE_WORDS = {
    "": Role.STUDENT,
    "学生": Role.STUDENT,
    "教师": Role.TEACHER,
    "课程作者": Role.AUTHOR,
    "编辑": Role.EDITOR,
    "教务管理员": Role.REGISTRAR,
    "学校管理员": Role.SCHOOL_COORDINATOR,
    "助教": Role.ASSISTANT_TEACHER,
    "助教教师": Role.ASSISTANT_TEACHER,
    "监管人员": Role.SUPERVISOR,
    **{role.value: role for role in Role},
}


@dataclass
class _Entry:
    """A row that is right in itself."""

    row: int
    name: str
    number: str
    role: Role
    programme_id: int | None
    from_on: dt.date | None
    to_on: dt.date | None
    phone: str | None
    email: str | None
    name_latin: str


@dataclass
class _Plan:
    """What taking the list over would do."""

    problems: list[RowProblem] = field(default_factory=list)
    people: list[tuple[Person, _Entry]] = field(default_factory=list)
    affiliations: list[Affiliation] = field(default_factory=list)
    changed: list[Affiliation] = field(default_factory=list)
    unchanged: int = 0

    def blame(self, row: int, column: str, message: str) -> None:
        self.problems.append(RowProblem(row, column, message))


def import_people(content: bytes, *, institution_uuid: UUID, acting: Actor, dry_run: bool = False) -> PeopleReport:
    """Take over a school's list of people (CSV or xlsx); all of it or, when any row has a problem, nothing.

    Who is new gets an account without password and an activation code. Who is known by number and name keeps the
    account: programme and end are brought up to date, contact data stay the person's own. A second run changes
    nothing and issues no codes. NotThere for who does not run the institution's office, Refusal for a bad file.
    """
    office = acting.role in GRANTED_BY and acting.institution_uuid == institution_uuid
    if not office and acting.role not in {"operator", "system"}:
        raise NotThere("institution-not-there", _("There is no such institution."))
    institution_id = institutions_api.institution_id(institution_uuid)
    rows = institutions_api.read_sheet(content, COLUMNS)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, institution_id])
            plan = _plan(rows, institution_uuid, institution_id, acting)
            report = _report(plan, len(rows), dry_run)
            codes = _write(plan, report, institution_uuid, acting) if report.written else ()
    except IntegrityError as error:  # somebody signed up with one of the phone numbers just now
        raise Stale("changed-meanwhile", _("An account changed meanwhile. Send the list again.")) from error
    return PeopleReport(report, codes)


def _report(plan: _Plan, rows: int, dry_run: bool) -> ImportReport:
    return ImportReport(
        rows=rows,
        created=len(plan.affiliations),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        problems=tuple(sorted(plan.problems, key=lambda problem: (problem.row, problem.column))),
        dry_run=dry_run,
    )


def _plan(rows: list[SheetRow], institution_uuid: UUID, institution_id: int, acting: Actor) -> _Plan:
    plan = _Plan()
    entries = _checked(rows, institution_uuid, acting, plan)
    numbers = [entry.number for entry in entries]
    here = Affiliation.objects.filter(institution_id=institution_id, number__in=numbers).select_related("person")
    by_role = {(row.role, row.number): row for row in here}
    by_number = {row.number: row.person for row in here}
    phones = {entry.phone for entry in entries if entry.phone}
    emails = {entry.email for entry in entries if entry.email}
    taken = dict(Person.objects.filter(phone__in=phones).values_list("phone", "pk"))
    taken |= dict(Person.objects.filter(email__in=emails).values_list("email", "pk"))
    for entry in entries:
        person = by_number.get(entry.number)
        if person and not same_name(person.name, entry.name):
            plan.blame(
                entry.row, "number", _("This number belongs to another name here. Correct the number or the name.")
            )
        elif any(
            contact in taken and (not person or taken[contact] != person.pk) for contact in (entry.phone, entry.email)
        ):
            plan.blame(
                entry.row,
                "phone",
                _("The phone number or e-mail address belongs to another account. Leave both empty."),
            )
        elif existing := by_role.get((entry.role, entry.number)):
            _plan_existing(existing, entry, plan)
        else:
            _plan_new(person, entry, institution_id, plan)
    return plan


def _plan_existing(row: Affiliation, entry: _Entry, plan: _Plan) -> None:
    stated = {"programme_id": entry.programme_id, "to_on": entry.to_on}
    changes = {key: value for key, value in stated.items() if value is not None and getattr(row, key) != value}
    if entry.to_on and entry.to_on < row.from_on:
        plan.blame(entry.row, "to_on", _("The end lies before the beginning that is recorded here."))
    elif changes:
        for key, value in changes.items():
            setattr(row, key, value)
        plan.changed.append(row)
    else:
        plan.unchanged += 1


def _plan_new(person: Person | None, entry: _Entry, institution_id: int, plan: _Plan) -> None:
    if person is None:
        person = Person(name=entry.name, name_latin=entry.name_latin, phone=entry.phone, email=entry.email)
        person.set_unusable_password()
        plan.people.append((person, entry))
    plan.affiliations.append(
        Affiliation(
            person=person,
            institution_id=institution_id,
            role=entry.role,
            number=entry.number,
            programme_id=entry.programme_id,
            from_on=entry.from_on or clock.today(),
            to_on=entry.to_on,
        )
    )


def _checked(rows: list[SheetRow], institution_uuid: UUID, acting: Actor, plan: _Plan) -> list[_Entry]:
    """Return the rows that are right in themselves and not doubled; the others are blamed."""
    programmes = _programme_ids(institution_uuid)
    good: list[_Entry] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        problems = list(_cell_problems(row.cells, programmes, acting))
        role = ROLE_WORDS.get(row.cells["role"], "")
        for column, value in (
            ("number", f"{role} {row.cells['number']}"),
            *((c, row.cells[c]) for c in ("phone", "email")),
        ):
            first = seen.setdefault((column, value), row.number) if row.cells[column] else row.number
            if first != row.number:
                problems.append((column, _("The same as in row %(row)d. Keep one of them.") % {"row": first}))
        for column, message in problems:
            plan.blame(row.number, column, message)
        if not problems:
            good.append(_entry(row, programmes))
    return good


def _programme_ids(institution_uuid: UUID) -> dict[tuple[str, str], int]:
    """Return programme row ids by code and plan version; under "" the newest plan of a code."""
    ids = institutions_api.programme_ids(institution_uuid)
    found: dict[tuple[str, str], int] = {}
    for programme in institutions_api.programmes_of(institution_uuid):  # the newest plan of a code comes first
        found.setdefault((programme.code, ""), ids[programme.uuid])
        found[programme.code, programme.plan_version] = ids[programme.uuid]
    return found


def _cell_problems(
    cells: dict[str, str], programmes: dict[tuple[str, str], int], acting: Actor
) -> Iterator[tuple[str, str]]:
    if not cells["name"] or len(cells["name"]) > NAME_CHARS_MAX:
        yield "name", _("Write the name, in up to 100 characters.")
    if not NUMBER.fullmatch(cells["number"]):
        yield "number", _("Write the number in up to 30 digits and letters, and format the column as text.")
    role = ROLE_WORDS.get(cells["role"])
    if role is None:
        yield "role", _("Write one of: 学生, 教师, 课程作者, 助教.")
    elif role not in GRANTED_BY.get(acting.role, frozenset(Role)):
        yield "role", _("This role is given by the operator of the site, not by a list.")
    if cells["programme_code"] and (cells["programme_code"], cells["plan_version"]) not in programmes:
        yield "programme_code", _("The institution has no such programme and plan here.")
    if cells["phone"] and not phone_e164(cells["phone"]):
        yield "phone", _("Write a whole phone number, or leave it empty.")
    address = read_identifier(cells["email"]) if cells["email"] else None
    if cells["email"] and (address is None or address.kind != "email"):
        yield "email", _("Write a whole e-mail address, or leave it empty.")
    dates = {column: _date(cells[column]) for column in ("from_on", "to_on")}
    for column, value in dates.items():
        if cells[column] and value is None:
            yield column, _("Write the date as 2026-09-01.")
    if dates["from_on"] and dates["to_on"] and dates["to_on"] < dates["from_on"]:
        yield "to_on", _("The end lies before the beginning.")


def _entry(row: SheetRow, programmes: dict[tuple[str, str], int]) -> _Entry:
    cells = row.cells
    return _Entry(
        row=row.number,
        name=normal_name(cells["name"]),
        number=cells["number"],
        role=ROLE_WORDS[cells["role"]],
        programme_id=programmes.get((cells["programme_code"], cells["plan_version"])),
        from_on=_date(cells["from_on"]),
        to_on=_date(cells["to_on"]),
        phone=phone_e164(cells["phone"]) or None,
        email=cells["email"].lower() or None,
        name_latin=cells["name_latin"][:NAME_CHARS_MAX],
    )


def _date(text: str) -> dt.date | None:
    """Return a date written as 2026-09-01, 2026/9/1 or 2026.9.1; None for anything else."""
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    try:
        return dt.date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        return None


def _write(plan: _Plan, report: ImportReport, institution_uuid: UUID, acting: Actor) -> tuple[IssuedCode, ...]:
    Person.objects.bulk_create([person for person, _entry in plan.people], batch_size=BATCH)
    Affiliation.objects.bulk_create(plan.affiliations, batch_size=BATCH)
    Affiliation.objects.bulk_update(plan.changed, ["programme", "to_on"], batch_size=BATCH)
    made = [(*make_code(person, CodePurpose.ACTIVATION, acting), entry) for person, entry in plan.people]
    OneTimeCode.objects.bulk_create([row for row, _code, _entry in made], batch_size=BATCH)
    if report.created or report.changed:
        counts = {"created": str(report.created), "changed": str(report.changed)}
        events.record(PEOPLE_IMPORTED, {"institution_uuid": str(institution_uuid), **counts}, acting=acting)
    return tuple(
        IssuedCode(row.person.uuid, entry.name, entry.number, code, row.expires_at) for row, code, entry in made
    )
