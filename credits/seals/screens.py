"""Sealed terms as screens show them: to a holder, and to those who keep the ledger."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from credits.ledger.grounds import LedgerRule, RuleKind
from credits.ledger.sections import Section
from credits.log import rows, salts
from credits.log.models import LogEntry
from credits.seals import leaves, queries, tree
from credits.seals.models import SealedPerson, TermSeal
from credits.seals.proofs import SEAL_KIND
from credits.seals.proving import Sealed
from credits.seals.rules import Verdict, verdict_on
from edu.institutions import api as institutions
from edu.kernel import clock

ROOT_SHOWN = 16  # hex digits where the whole root would fill the page
OPEN_TERMS_MAX = 8  # two years of terms: older ones without a seal have no credit


@dataclass(frozen=True, slots=True)
class Total:
    """What a person's lots add up to in a seal."""

    entered: Decimal
    recognised: Decimal
    contact_hours: Decimal


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal in a list, with its place in the log."""

    seal: TermSeal
    term: str
    root: str
    short_root: str
    tone: str
    state: str
    index: int | None
    corrections: int
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A term that is not sealed yet, and what it waits for."""

    code: str
    term: str
    tone: str
    state: str
    closes_on: dt.date | None
    without_rule: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LotRow:
    """What a seal says about one of the person's lots."""

    uuid: str
    title: str
    amount: Decimal
    unit: str
    homes: tuple[str, ...]
    corrected: bool


def section_of(person_uuid: UUID) -> Section | None:
    """Return the section of a person's page of credit: the seals that have something of theirs."""
    salt = salts.kept(person_uuid)
    if salt is None:
        return None
    seals = list(queries.seals())
    keys = {leaves.person_key(leaves.seal_salt(salt, seal.uuid), person_uuid): seal for seal in seals}
    found = SealedPerson.objects.filter(key__in=list(keys), seal__in=seals)
    totals = {row.seal_id: total_of(tree.unpacked(bytes(row.sums))) for row in found}
    mine = [seal for seal in seals if seal.pk in totals]
    return Section("credits/seals/section.html", seal_rows(mine, totals)) if mine else None


def total_of(sums: tree.Sums) -> Total:
    """Return sums as amounts."""
    return Total(*(Decimal(value) / leaves.HUNDREDTHS for value in sums))


def seal_rows(seals: Iterable[TermSeal], totals: Mapping[int, Total] | None = None) -> list[SealRow]:
    """Return seals for a list."""
    found = list(seals)
    entries = LogEntry.objects.filter(kind=SEAL_KIND, subject_uuid__in=[seal.uuid for seal in found])
    places = dict(entries.values_list("subject_uuid", "index"))
    newest = rows.latest()
    size, counts = newest.size if newest else 0, queries.corrections_by_seal(found)
    return [_seal_row(seal, places.get(seal.uuid), size, counts, totals or {}) for seal in found]


def open_terms() -> list[OpenTerm]:
    """Return the terms that have begun and are not sealed, the latest first."""
    done = set(TermSeal.objects.values_list("term_code", flat=True))
    codes = [code for code in institutions.term_codes_begun(clock.today()) if code not in done][:OPEN_TERMS_MAX]
    first = queries.first_days()
    verdicts = {code: verdict_on(queries.windows_of(code, first)) for code in codes}
    waiting = {uuid for verdict in verdicts.values() for uuid in verdict.without_rule}
    names = {uuid: info.name(_language()) for uuid, info in institutions.institutions(waiting).items()}
    return [_open_term(code, verdict, names) for code, verdict in verdicts.items() if not verdict.nothing]


def seal_page(seal: TermSeal) -> dict[str, Any]:
    """Return the page of a seal for those who keep the ledger."""
    windows = list(seal.windows.select_related("rule").order_by("-closed_on", "institution_uuid"))
    names = institutions.institutions({window.institution_uuid for window in windows})
    [row] = seal_rows([seal])
    return {
        "row": row,
        "windows": [(names[window.institution_uuid].name(_language()), window) for window in windows],
        "late": queries.corrections_of(seal),
    }


def my_page(sealed: Sealed) -> dict[str, Any]:
    """Return the page of a seal for a holder."""
    homes = {UUID(one["home"]) for document in sealed.documents for one in leaves.standing(document)}
    names = {str(uuid): info.name(_language()) for uuid, info in institutions.institutions(homes).items()}
    late = {lot for one in sealed.late for lot in one.lots}
    [row] = seal_rows([sealed.seal])
    return {
        "row": row,
        "total": total_of(sealed.total),
        "lots": [_lot_row(document, names, late) for document in sealed.documents],
        "late": sealed.late,
    }


def correction_rule(institution_uuid: UUID) -> LedgerRule | None:
    """Return the newest rule of an institution about corrections, begun or not."""
    rules = LedgerRule.objects.filter(institution_uuid=institution_uuid, kind=RuleKind.CORRECTION_DAYS)
    return rules.order_by("-from_on").first()


def _lot_row(document: Mapping[str, Any], names: Mapping[str, str], late: set[str]) -> LotRow:
    course = document["course"]
    zh, en = course["name_zh"], course["name_en"]
    return LotRow(
        uuid=document["lot"],
        title=(en if _language().startswith("en") and en else zh) or course["code"] or _("Credit"),
        amount=Decimal(document["amount"]),
        unit=document["unit"],
        homes=tuple(names.get(one["home"], one["home"]) for one in leaves.standing(document)),
        corrected=document["lot"] in late or bool(document["corrections"]),
    )


def _seal_row(
    seal: TermSeal, index: int | None, size: int, counts: Mapping[int, int], totals: Mapping[int, Total]
) -> SealRow:
    in_log = index is not None and index < size
    root = bytes(seal.root).hex()
    return SealRow(
        seal=seal,
        term=_term_name(seal.term_code),
        root=root,
        short_root=root[:ROOT_SHOWN],
        tone="done" if in_log else "info",
        state=_("In the log") if in_log else _("Waits for the log"),
        index=index,
        corrections=counts.get(seal.pk, 0),
        total=totals.get(seal.pk),
    )


def _open_term(code: str, verdict: Verdict, names: Mapping[UUID, str]) -> OpenTerm:
    if verdict.without_rule:
        tone, state = "warn", _("A rule is missing")
    elif verdict.allows(clock.today()):
        tone, state = "info", _("Sealed within the hour")
    else:
        tone, state = "neutral", _("Corrections are open")
    missing = tuple(names.get(uuid, str(uuid)) for uuid in verdict.without_rule)
    return OpenTerm(code, _term_name(code), tone, state, verdict.closes_on, missing)


def _term_name(code: str) -> str:
    """Return a term's name for people: its code says the years, the last part which of them."""
    parts = code.split("-")
    words = {"1": _("first term"), "2": _("second term"), "3": _("third term")}
    if len(parts) != 3 or parts[2] not in words:
        return code
    return _("%(years)s, %(which)s") % {"years": f"{parts[0]}-{parts[1]}", "which": words[parts[2]]}


def _language() -> str:
    return get_language() or "zh-hans"
