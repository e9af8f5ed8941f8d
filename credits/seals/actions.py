"""Sealing a term. The deed may be repeated, is done by the system alone, and leaves no trace when it is refused."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.log import sequencer
from credits.seals import building, logged, queries, tree
from credits.seals.building import Cut, Placed
from credits.seals.leaves import HUNDREDTHS
from credits.seals.models import TermSeal, TermSealWindow
from credits.seals.rules import Window, verdict_on
from edu.events import actions as outbox
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

LOCK = 20261128  # repeated in 0076_seal_guards, where reversals share it
COPY = "COPY credits_sealedperson (seal_id, key, lots_root, sums) FROM STDIN"


def seal_term(*, term_code: str, acting: Actor) -> TermSeal:
    """Seal the ledger for a term whose windows for corrections have closed; a sealed term stays as it is.

    Refusal while a window is open or has no rule, while a correction waits for the log, or another seal is being made.
    """
    if not acting.is_system:  # no person may choose the moment
        raise NotThere("no-such-term", _("There is no such page."))
    if found := TermSeal.objects.filter(term_code=term_code).first():
        return found
    with transaction.atomic():
        _alone()
        if found := TermSeal.objects.filter(term_code=term_code).first():
            return found
        windows = queries.windows_of(term_code)
        _require_closed(windows)
        cut = _cut(windows)
        seal = _sealed(term_code, cut, windows)
        logged.append(seal)
        payload = {"seal_uuid": str(seal.uuid), "term_code": term_code}
        outbox.record(announced.TERM_SEALED, payload, acting=acting)
    return seal


def seal_due(*, acting: Actor) -> tuple[str, ...]:
    """Seal every term that may be sealed today, the oldest first; return their codes. Safe to repeat and at once."""
    done = set(TermSeal.objects.values_list("term_code", flat=True))
    first = queries.first_days()
    sealed = []
    for code in reversed(institutions.term_codes_begun(clock.today())):
        if code not in done and verdict_on(queries.windows_of(code, first)).allows(clock.today()):
            try:
                seal_term(term_code=code, acting=acting)
            except Refusal as refusal:
                if refusal.code not in LATER:
                    raise
            else:
                sealed.append(code)
    return tuple(sealed)


LATER = {"nothing-to-seal", "correction-not-logged", "sealing-already"}  # of no account: the task comes again


def _alone() -> None:
    """Take the lock that every reversal shares, without waiting: nobody then stands behind us in a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refusal("sealing-already", _("A correction or another seal is being written. Try again in a minute."))
    if queries.correction_waits_for_the_log():
        raise Refusal("correction-not-logged", _("A correction waits for its place in the log. Try again in a minute."))


def _require_closed(windows: Sequence[Window]) -> None:
    verdict = verdict_on(windows)
    if verdict.nothing:
        raise Refusal("nothing-to-seal", _("No institution has entered credit up to this term."))
    if verdict.without_rule:
        raise Refusal(
            "no-correction-rule",
            _("An institution has not said how long corrections are made after a term. Its registrar sets the rule."),
            {"institutions": [str(uuid) for uuid in verdict.without_rule]},
        )
    if not verdict.allows(clock.today()):
        assert verdict.closes_on
        raise Refusal(
            "window-open",
            _("Corrections are still made as a matter of course, until %(day)s.") % {"day": verdict.closes_on},
            {"closes_on": verdict.closes_on.isoformat()},
        )


def _cut(windows: Sequence[Window]) -> Cut:
    ends = {window.institution_uuid: window.ends_on for window in windows}
    return Cut(sequencer.count(), max(ends.values()), ends)


def _sealed(term_code: str, cut: Cut, windows: Sequence[Window]) -> TermSeal:
    """Build the tree and write its rows."""
    seal = TermSeal(term_code=term_code, ends_on=cut.ends_on, log_size=cut.log_size, sealed_at=clock.now())
    found: list[Placed] = []
    lot_count = 0
    for person in building.people(cut):
        found.append(building.placed(person, seal.uuid))
        lot_count += len(person.documents)
    if not found:
        raise Refusal("nothing-to-seal", _("No institution has entered credit up to this term."))
    crown = tree.crown_of(tree.sorted_items([one.item for one in found]))
    root = crown.root()
    seal.root, seal.crown = root.hash, crown.packed()
    seal.entered, seal.recognised, seal.contact_hours = (_amount(value) for value in root.sums)
    seal.person_count, seal.lot_count = len(found), lot_count
    seal.save(force_insert=True)
    TermSealWindow.objects.bulk_create(
        TermSealWindow(
            seal=seal, institution_uuid=one.institution_uuid, ends_on=one.ends_on, closed_on=one.closes_on,
            rule_id=one.rule_id,
        )
        for one in windows
        if one.closes_on and one.rule_id  # all of them: a seal is made of closed windows
    )  # fmt: skip
    _write_people(seal, found)
    return seal


def _write_people(seal: TermSeal, found: Sequence[Placed]) -> None:
    """Write everybody's row in the order of keys: the order of uuids would tell who is who."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for one in sorted(found, key=lambda placed: placed.key):
            copy.write_row((seal.pk, one.key, one.lots.hash, tree.packed(one.lots.sums)))


def _amount(hundredths: int) -> Decimal:
    return Decimal(hundredths) / HUNDREDTHS
