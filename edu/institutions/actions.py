"""Writes of institutions: taking over a list."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from edu.events import actions as events
from edu.institutions.data import ImportReport, RowProblem
from edu.institutions.events import INSTITUTION_RENAMED, INSTITUTIONS_IMPORTED
from edu.institutions.models import Institution, InstitutionKind, InstitutionName
from edu.institutions.rules import ListedInstitution, cell_problems, is_year, listed, region_of
from edu.institutions.sheets import Column, SheetRow, read_sheet
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal

GUANGXI_LIST = Path(__file__).parent / "lists" / "guangxi_institutions.csv"
IMPORT_LOCK = 3_202_601  # advisory lock: two imports at once wait for each other
BATCH = 1000  # rows a statement: 2,631 institutions are three statements

COLUMNS = (
    Column("code", ("学校标识码", "school_code"), required=True),
    Column("name", ("学校名称", "name"), required=True),
    Column("name_en", ("英文名称", "name_en")),
    Column("authority", ("主管部门", "authority")),
    Column("city", ("所在地", "city")),
    Column("level", ("办学层次", "level")),
    Column("remarks", ("备注", "remarks")),
    Column("former_name", ("曾用名", "former_name")),
    Column("former_name_en", ("曾用英文名称", "former_name_en")),
    Column("renamed_in", ("更名年份", "renamed_in")),
)
RENAME_COLUMNS = (
    Column("old_name", ("原名", "old_name"), required=True),
    Column("new_name", ("现名", "new_name"), required=True),
    Column("year", ("年份", "year"), required=True),
    Column("source", ("来源", "source")),
)
FIELDS = ("region", "city", "authority", "level", "remarks")


@dataclass
class _Plan:
    """What an import would do; rows with problems are in none of the lists."""

    problems: list[RowProblem] = field(default_factory=list)
    created: list[Institution] = field(default_factory=list)
    changed: dict[int, Institution] = field(default_factory=dict)
    renamed: set[int] = field(default_factory=set)
    ended: list[InstitutionName] = field(default_factory=list)
    names: list[InstitutionName] = field(default_factory=list)

    def blame(self, row: int, column: str, message: str) -> None:
        self.problems.append(RowProblem(row, column, message))


def import_institutions(content: bytes, *, acting: Actor, dry_run: bool = False) -> ImportReport:
    """Take over a list of institutions (CSV or xlsx); all of it or, when any row has a problem, nothing.

    Idempotent: a second run changes nothing. An older list does not undo a renaming, since any name an institution
    ever had is accepted. Refusal for a file that is no such list; NotPermitted for anybody but operators.
    """
    if acting.role not in {"operator", "system"}:
        raise NotPermitted("not-operator", _("Only an operator may import institutions."))
    rows = read_sheet(content, COLUMNS)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        plan = _plan(rows)
        touched = set(plan.changed) | plan.renamed
        report = ImportReport(
            rows=len(rows),
            created=len(plan.created),
            changed=len(touched),
            unchanged=len(rows) - len(plan.created) - len(touched) - len({problem.row for problem in plan.problems}),
            problems=tuple(sorted(plan.problems, key=lambda problem: (problem.row, problem.column))),
            dry_run=dry_run,
        )
        if report.written and (plan.created or touched):
            _write(plan)
            counts = {"created": str(report.created), "changed": str(report.changed)}
            events.record(INSTITUTIONS_IMPORTED, counts, acting=acting)
    return report


def _plan(rows: list[SheetRow]) -> _Plan:
    plan = _Plan()
    good = _checked(rows, plan)
    here = {row.code: row for row in Institution.objects.filter(code__in=[entry.code for entry in good])}
    names: dict[int, list[InstitutionName]] = {}
    bearers: dict[str, str | None] = {}
    for name in InstitutionName.objects.select_related("institution"):
        names.setdefault(name.institution_id, []).append(name)
        if name.to_on is None:
            bearers[name.name] = name.institution.code
    for entry in good:
        bearer = bearers.get(entry.name, entry.code)
        if bearer != entry.code:
            plan.blame(entry.row, "name", _("The institution %(code)s already has this name.") % {"code": bearer})
        elif entry.code in here:
            _plan_existing(entry, here[entry.code], names.get(here[entry.code].pk, []), plan)
        else:
            _plan_new(entry, plan)
    return plan


def _checked(rows: list[SheetRow], plan: _Plan) -> list[ListedInstitution]:
    """Return the rows that are right in themselves and not doubled; the others are blamed."""
    good: list[ListedInstitution] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        problems = [(column, _wrong(key)) for column, key in cell_problems(row.cells)]
        for column in ("code", "name"):
            first = seen.setdefault((column, row.cells[column]), row.number)
            if first != row.number and row.cells[column]:
                problems.append((column, _("The same as in row %(row)d. Keep one of them.") % {"row": first}))
        for column, message in problems:
            plan.blame(row.number, column, message)
        if not problems:
            good.append(listed(row.number, row.cells))
    return good


def _wrong(key: str) -> str:
    return {
        "code": _("Write the 10-digit school code, for example 4145010593, and format the column as text."),
        "name-missing": _("Write the institution's name."),
        "too-long": _("Shorten the text."),
        "level": _("Write 本科 or 专科, or leave it empty."),
        "year": _("Write a year of four digits, for example 2018."),
        "rename-incomplete": _("A former name needs the year of the change, and the year a former name."),
        "rename-to-itself": _("The former name is the present one. Remove it."),
    }[key]


def _plan_new(entry: ListedInstitution, plan: _Plan) -> None:
    institution = Institution(code=entry.code, kind=InstitutionKind.UNIVERSITY, **_facts(entry))
    plan.created.append(institution)
    for language, name, from_on, to_on, by_year in entry.names():
        plan.names.append(
            InstitutionName(
                institution=institution, language=language, name=name, from_on=from_on, to_on=to_on, by_year=by_year
            )
        )


def _facts(entry: ListedInstitution) -> dict[str, str]:
    return {
        "region": region_of(entry.code, entry.city),
        "city": entry.city,
        "authority": entry.authority,
        "level": entry.level,
        "remarks": entry.remarks,
    }


def _plan_existing(
    entry: ListedInstitution, institution: Institution, names: list[InstitutionName], plan: _Plan
) -> None:
    known = {(name.language, name.name) for name in names}
    if ("zh-hans", entry.name) not in known and not entry.former_name:
        message = _("Here it is called %(name)s. If it was renamed, add the former name and the year of the change.")
        plan.blame(entry.row, "name", message % {"name": _current(names)})
        return
    facts = {key: value for key, value in _facts(entry).items() if value and getattr(institution, key) != value}
    for key, value in facts.items():
        setattr(institution, key, value)
    if facts:
        plan.changed[institution.pk] = institution
    for language, name, from_on, to_on, by_year in entry.names():
        if (language, name) in known:
            continue
        if from_on is None and any(n.language == language and n.from_on is None for n in names):
            if to_on is None:
                continue  # an undated name beside dated ones says nothing new
            plan.blame(entry.row, "former_name", _("Another former name is recorded here already."))
            return
        _end_present_name(entry, names, language, plan)
        plan.names.append(
            InstitutionName(
                institution=institution, language=language, name=name, from_on=from_on, to_on=to_on, by_year=by_year
            )
        )
        plan.renamed.add(institution.pk)


def _end_present_name(entry: ListedInstitution, names: list[InstitutionName], language: str, plan: _Plan) -> None:
    """Let the name that held until now end with the year of the renaming."""
    former = entry.former_name if language == "zh-hans" else entry.former_name_en
    for name in names:
        if name.language == language and name.to_on is None and name.name == former and entry.renamed_in:
            name.to_on = name.to_on or _year_end(entry.renamed_in)
            name.by_year = True
            plan.ended.append(name)


def _year_end(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def _current(names: list[InstitutionName]) -> str:
    return next((name.name for name in names if name.language == "zh-hans" and name.to_on is None), "")


def _write(plan: _Plan) -> None:
    Institution.objects.bulk_create(plan.created, batch_size=BATCH)
    Institution.objects.bulk_update(plan.changed.values(), FIELDS, batch_size=BATCH)
    InstitutionName.objects.bulk_update(plan.ended, ["to_on", "by_year"], batch_size=BATCH)
    InstitutionName.objects.bulk_create(plan.names, batch_size=BATCH)


def load_guangxi_institutions(*, acting: Actor) -> ImportReport:
    """Take over the 74 institutions of Guangxi that ship with the project; safe to call again."""
    return import_institutions(GUANGXI_LIST.read_bytes(), acting=acting)


@transaction.atomic
def rename_institution(
    *, institution_uuid: UUID, language: str, name: str, from_on: dt.date, by_year: bool, acting: Actor
) -> None:
    """Give an institution a new name from a day on; with `by_year` from some day of that year on.

    The old name ends the day before, or with that year. Refusal when a later name is recorded already or the name is
    the present one; NotPermitted for anybody but operators; NotThere without institution.
    """
    if acting.role not in {"operator", "system"}:
        raise NotPermitted("not-operator", _("Only an operator may rename an institution."))
    institution = Institution.objects.select_for_update().filter(uuid=institution_uuid).first()
    if institution is None:
        raise NotThere("institution-not-there", _("There is no such institution."))
    starts_on = dt.date(from_on.year, 1, 1) if by_year else from_on
    ends_on = dt.date(from_on.year, 12, 31) if by_year else from_on - dt.timedelta(days=1)
    present = institution.names.filter(language=language, to_on__isnull=True).first()
    if present and (present.name == name or (present.from_on and present.from_on >= starts_on)):
        raise Refusal("name-not-later", _("This name does not follow the present one. Check name and date."))
    if present:
        institution.names.filter(pk=present.pk).update(to_on=ends_on, by_year=by_year or present.by_year)
    institution.names.create(language=language, name=name, from_on=starts_on, by_year=by_year)
    events.record(INSTITUTION_RENAMED, {"institution_uuid": str(institution.uuid)}, acting=acting)


@transaction.atomic
def import_renames(content: bytes, *, acting: Actor, dry_run: bool = False) -> ImportReport:
    """Take over a list of renamings (old_name, new_name, year, source); all or nothing, and safe to repeat."""
    rows = read_sheet(content, RENAME_COLUMNS)
    problems: list[RowProblem] = []
    due: list[tuple[Institution, SheetRow]] = []
    done = 0
    for row in rows:
        old, new, year = row.cells["old_name"], row.cells["new_name"], row.cells["year"]
        found = Institution.objects.filter(names__name=old, names__language="zh-hans").first()
        if found is None:
            problems.append(RowProblem(row.number, "old_name", _("No institution has this name here.")))
        elif not is_year(year):
            problems.append(RowProblem(row.number, "year", _wrong("year")))
        elif found.names.filter(name=new, language="zh-hans").exists():
            done += 1
        else:
            due.append((found, row))
    report = ImportReport(len(rows), 0, len(due), done, tuple(problems), dry_run)
    if report.written:
        for institution, row in due:
            rename_institution(
                institution_uuid=institution.uuid,
                language="zh-hans",
                name=row.cells["new_name"],
                from_on=dt.date(int(row.cells["year"]), 1, 1),
                by_year=True,
                acting=acting,
            )
    return report
