"""Reads of seals: which term may be sealed when, and where a seal cut the ledger."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from credits.ledger.grounds import LedgerRule, RuleKind
from credits.seals.building import Cut
from credits.seals.models import LateCorrection, TermSeal
from credits.seals.rules import Window
from edu.institutions import api as institutions
from edu.institutions.data import TermInfo

LATE_SHOWN = 200  # corrections on a seal's page; more of them are a case for the operator, not for reading

FIRST_DAYS = """
    SELECT t.issuer_uuid, min(seal_day(o)) FROM credits_lot t
    JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id) GROUP BY t.issuer_uuid
"""


@dataclass(frozen=True, slots=True)
class Late:
    """A correction after a seal: which posting, when, and by what."""

    uuid: UUID
    event_at: dt.datetime
    source_kind: str


def seals() -> QuerySet[TermSeal]:
    """Return every seal, the newest first."""
    return TermSeal.objects.order_by("-pk")


def cut_of(seal: TermSeal) -> Cut:
    """Return where a seal cut the ledger."""
    ends = dict(seal.windows.values_list("institution_uuid", "ends_on"))
    return Cut(seal.log_size, seal.ends_on, ends)


def first_days() -> dict[UUID, str]:
    """Return, for each institution, the day of the oldest credit it certified or recognised, as ISO text."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_DAYS)
        return dict(cursor.fetchall())


def windows_of(term_code: str, first: Mapping[UUID, str] | None = None) -> tuple[Window, ...]:
    """Return the windows of the institutions that have this term and credit up to its end; empty when none has.

    `first` is what `first_days` returned, for who asks about several terms.
    """
    known = first_days() if first is None else first
    found = {term.institution_uuid: term for term in institutions.terms_with_code(term_code)}
    terms = {uuid: term for uuid, term in found.items() if uuid in known and known[uuid] <= term.ends_on.isoformat()}
    rules = LedgerRule.objects.filter(institution_uuid__in=terms, kind=RuleKind.CORRECTION_DAYS)
    of_institution: dict[object, list[LedgerRule]] = {}
    for rule in rules.order_by("from_on", "pk"):
        of_institution.setdefault(rule.institution_uuid, []).append(rule)
    return tuple(_window(terms[uuid], of_institution.get(uuid, [])) for uuid in sorted(terms))


def correction_waits_for_the_log() -> bool:
    """True while the entry of a reversal has no place in the log yet: a seal made now would not know of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM credits_logentry e JOIN credits_posting p ON p.uuid = e.subject_uuid"
            " WHERE e.index IS NULL AND e.kind = 'posting' AND p.reverses_id IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


def _window(term: TermInfo, rules: list[LedgerRule]) -> Window:
    """Return an institution's window by the rule in force when the term ended, or else by the first one after."""
    begun = [rule for rule in rules if rule.from_on <= term.ends_on]
    rule = begun[-1] if begun else next(iter(rules), None)
    if rule is None:
        return Window(term.institution_uuid, term.ends_on)
    return Window(term.institution_uuid, term.ends_on, rule.pk, rule.number, rule.from_on, rule.source_text)


def corrections_by_seal(seals: Iterable[TermSeal]) -> dict[int, int]:
    """Return how many corrections came after each of these seals."""
    counted = LateCorrection.objects.filter(seal__in=list(seals)).values("seal_id").annotate(many=Count("pk"))
    return dict(counted.values_list("seal_id", "many"))


def corrections_of(seal: TermSeal) -> list[Late]:
    """Return the corrections that came after a seal, the newest first."""
    found = LateCorrection.objects.filter(seal=seal).select_related("posting").order_by("-posting_id")
    return [Late(one.posting.uuid, one.posting.event_at, one.posting.source_kind) for one in found[:LATE_SHOWN]]
