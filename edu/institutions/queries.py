"""Reads of institutions, their names, programmes and terms."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from edu.institutions.data import (
    InstitutionInfo,
    NameOnDate,
    NamePeriod,
    ProgrammeInfo,
    SlotInfo,
    TermInfo,
)
from edu.institutions.models import Institution, InstitutionName, Programme, RequirementSlot, Term
from edu.kernel import clock
from edu.kernel.errors import NotThere

CHINESE = "zh-hans"
ENGLISH = "en"
SEARCH_RESULTS_MAX = 20  # what fits one phone screen of suggestions


def institution(uuid: UUID) -> InstitutionInfo:
    """Return an institution; NotThere when there is none."""
    return _one(Q(uuid=uuid))


def institution_by_code(code: str) -> InstitutionInfo:
    """Return the institution with a 10-digit code, or with the 5-digit one inside it; NotThere otherwise."""
    if len(code) == 5 and code.isdigit():
        return _one(Q(code__endswith=code))
    return _one(Q(code=code))


def institutions(uuids: Iterable[UUID] | None = None, *, region: str = "") -> dict[UUID, InstitutionInfo]:
    """Return institutions by uuid in two queries: those asked for, or all (of a region, by the start of its code)."""
    rows = Institution.objects.all() if uuids is None else Institution.objects.filter(uuid__in=set(uuids))
    if region:
        rows = rows.filter(region__startswith=region)
    return {row.uuid: _info(row) for row in rows.prefetch_related(_current_names())}


def institution_id(uuid: UUID) -> int:
    """Return the row id of an institution, for a foreign key of an upper app; NotThere when there is none."""
    found = Institution.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    if found is None:
        raise _not_there()
    return found


def programme_ids(institution_uuid: UUID) -> dict[UUID, int]:
    """Return the row ids of an institution's programmes by uuid, for foreign keys of an upper app."""
    return dict(Programme.objects.filter(institution__uuid=institution_uuid).values_list("uuid", "pk"))


def names_today(uuids: Iterable[UUID], language: str) -> dict[UUID, str]:
    """Return today's names in the language, else in Chinese, in one query; for page heads and lists."""
    today = clock.today()
    rows = (
        InstitutionName.objects.filter(institution__uuid__in=set(uuids))
        .filter(Q(from_on__isnull=True) | Q(from_on__lte=today))
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=today))
        .order_by("from_on")
        .values_list("institution__uuid", "language", "name")
    )
    wanted = ENGLISH if language.startswith("en") else CHINESE
    found: dict[UUID, dict[str, str]] = {}
    for uuid, spoken, name in rows:
        found.setdefault(uuid, {})[spoken] = name
    return {uuid: names.get(wanted) or names.get(CHINESE) or names[ENGLISH] for uuid, names in found.items()}


def search_institutions(text: str) -> tuple[InstitutionInfo, ...]:
    """Return up to SEARCH_RESULTS_MAX institutions whose present or past name or code contains the text."""
    text = text.strip()
    if not text:
        return ()
    named = InstitutionName.objects.filter(name__icontains=text).values("institution_id")
    rows = Institution.objects.filter(Q(pk__in=named) | Q(code__endswith=text)).order_by("code")
    return tuple(_info(row) for row in rows.prefetch_related(_current_names())[:SEARCH_RESULTS_MAX])


def institution_name(uuid: UUID, language: str, on: dt.date) -> NameOnDate:
    """Return today's name and the name on a day, in the language or else in Chinese; NotThere without institution.

    In a year of which only the year of a change is known, `then` is the older name, so that both are shown.
    """
    periods = names_of(uuid)
    if not periods:
        raise _not_there()
    wanted = ENGLISH if language.startswith("en") and any(p.language == ENGLISH for p in periods) else CHINESE
    own = [period for period in periods if period.language == wanted]
    current = _on(own, clock.today(), latest=True)
    return NameOnDate(current=current, then=_on(own, on, latest=False) or current)


def names_of(uuid: UUID) -> tuple[NamePeriod, ...]:
    """Return every name an institution has had, oldest first; empty when there is no such institution."""
    rows = InstitutionName.objects.filter(institution__uuid=uuid).order_by("language", "from_on")
    periods = [NamePeriod(row.language, row.name, row.from_on, row.to_on, row.by_year) for row in rows]
    return tuple(sorted(periods, key=lambda p: (p.language, p.from_on or dt.date.min)))


def programme(uuid: UUID) -> ProgrammeInfo:
    """Return a programme with its slots; NotThere when there is none."""
    found = programmes([uuid]).get(uuid)
    if found is None:
        raise NotThere("programme-not-there", _("There is no such programme."))
    return found


def programmes(uuids: Iterable[UUID]) -> dict[UUID, ProgrammeInfo]:
    """Return programmes by uuid, with their slots, in two queries."""
    return _programmes(Q(uuid__in=set(uuids)))


def programmes_of(institution_uuid: UUID) -> tuple[ProgrammeInfo, ...]:
    """Return the programmes of an institution in the order of their codes, newest plan first."""
    found = _programmes(Q(institution__uuid=institution_uuid)).values()
    return tuple(sorted(sorted(found, key=lambda p: p.plan_version, reverse=True), key=lambda p: p.code))


def slot(uuid: UUID) -> SlotInfo:
    """Return a requirement slot; NotThere when there is none."""
    row = RequirementSlot.objects.select_related("programme").filter(uuid=uuid).first()
    if row is None:
        raise NotThere("slot-not-there", _("There is no such requirement."))
    return _slot(row, row.programme.uuid)


def current_term(institution_uuid: UUID, on: dt.date | None = None) -> TermInfo | None:
    """Return the term in which a day lies (today without one), or None between terms."""
    day = on or clock.today()
    row = Term.objects.filter(institution__uuid=institution_uuid, starts_on__lte=day, ends_on__gte=day).first()
    return _term(row, institution_uuid) if row else None


def terms_of(institution_uuid: UUID) -> tuple[TermInfo, ...]:
    """Return the terms of an institution, newest first."""
    rows = Term.objects.filter(institution__uuid=institution_uuid).order_by("-starts_on")
    return tuple(_term(row, institution_uuid) for row in rows)


def terms_with_code(code: str) -> tuple[TermInfo, ...]:
    """Return the term of this code at every institution that has one."""
    rows = Term.objects.filter(code=code).select_related("institution").order_by("institution__uuid")
    return tuple(_term(row, row.institution.uuid) for row in rows)


def term_codes_begun(on: dt.date) -> tuple[str, ...]:
    """Return the codes of terms that have begun somewhere by a day, the latest first."""
    begun = Term.objects.filter(starts_on__lte=on).values("code").annotate(last=Max("ends_on"))
    return tuple(begun.order_by("-last", "-code").values_list("code", flat=True))


def _one(condition: Q) -> InstitutionInfo:
    rows = list(Institution.objects.filter(condition).prefetch_related(_current_names())[:2])
    if len(rows) != 1:
        raise _not_there()
    return _info(rows[0])


def _not_there() -> NotThere:
    return NotThere("institution-not-there", _("There is no such institution."))


def _current_names() -> "Prefetch[str]":
    today = clock.today()
    rows = InstitutionName.objects.filter(Q(from_on__isnull=True) | Q(from_on__lte=today)).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=today)
    )
    return Prefetch("names", queryset=rows.order_by("from_on"), to_attr="current_names")


def _info(row: Institution) -> InstitutionInfo:
    names = {name.language: name.name for name in row.current_names}  # type: ignore[attr-defined]  # set by Prefetch
    name_zh = names.get(CHINESE) or names.get(ENGLISH) or row.code or ""
    return InstitutionInfo(row.uuid, row.code, row.kind, name_zh, names.get(ENGLISH, ""), row.city, row.level)


def _on(periods: list[NamePeriod], day: dt.date, *, latest: bool) -> str:
    holding = [
        period.name
        for period in periods
        if (period.from_on is None or period.from_on <= day) and (period.to_on is None or day <= period.to_on)
    ]
    if not holding:
        return periods[-1].name if latest and periods else ""
    return holding[-1] if latest else holding[0]


def _programmes(condition: Q) -> dict[UUID, ProgrammeInfo]:
    slots = Prefetch("slots", queryset=RequirementSlot.objects.order_by("code"))
    rows = Programme.objects.filter(condition).select_related("institution").prefetch_related(slots)
    return {
        row.uuid: ProgrammeInfo(
            uuid=row.uuid,
            institution_uuid=row.institution.uuid,
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            plan_version=row.plan_version,
            slots=tuple(_slot(slot_row, row.uuid) for slot_row in row.slots.all()),
        )
        for row in rows
    }


def _slot(row: RequirementSlot, programme_uuid: UUID) -> SlotInfo:
    return SlotInfo(
        row.uuid, row.code, row.name_zh, row.name_en, row.credit_points_min, row.credit_points_max, programme_uuid
    )


def _term(row: Term, institution_uuid: UUID) -> TermInfo:
    return TermInfo(row.uuid, institution_uuid, row.code, row.name_zh, row.name_en, row.starts_on, row.ends_on)
