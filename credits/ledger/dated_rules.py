"""An institution's dated rules of the ledger: when unused credit expires, how long a term may be corrected."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.ledger.access import registrar_of
from credits.ledger.grounds import LedgerRule, RuleKind
from credits.ledger.store import deed_columns
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal

NUMBER_MAX = {RuleKind.EXPIRY_MONTHS: 240, RuleKind.CORRECTION_DAYS: 400}  # twenty years; a little over a year


def rule_on(institution_uuid: UUID, kind: RuleKind, day: dt.date) -> LedgerRule | None:
    """Return the rule in force on a day, or None."""
    rules = LedgerRule.objects.filter(institution_uuid=institution_uuid, kind=kind, from_on__lte=day)
    return rules.order_by("-from_on", "-id").first()


def rules_of(institution_uuid: UUID) -> list[LedgerRule]:
    """Return every rule an institution ever set, the latest first."""
    return list(LedgerRule.objects.filter(institution_uuid=institution_uuid).order_by("kind", "-from_on"))


def set_rule(
    *, kind: str, number: int, from_on: dt.date, source_text: str, acting: Actor, source_url: str = ""
) -> LedgerRule:
    """Set a rule from a day on, as a registrar, with its legal source; what began before stays as it was.

    Refusal for a day that is past (what was decided under the old rule stays), or without a source.
    """
    institution_uuid, known = registrar_of(acting), RuleKind(kind)
    if not 0 < number <= NUMBER_MAX[known]:
        raise Refusal("rule-out-of-range", _("Write a number from 1 to %(most)d.") % {"most": NUMBER_MAX[known]})
    if from_on < clock.today():
        raise Refusal("rule-in-the-past", _("A rule begins today or later: what was decided under the old one stays."))
    if not source_text.strip():
        raise Refusal("rule-without-source", _("Quote the document that says so."))
    if LedgerRule.objects.filter(institution_uuid=institution_uuid, kind=known, from_on=from_on).exists():
        raise Refusal("rule-that-day", _("A rule begins on that day already. Choose a later day."))
    with transaction.atomic():
        made = LedgerRule.objects.create(
            institution_uuid=institution_uuid,
            kind=known,
            number=number,
            from_on=from_on,
            source_text=source_text.strip(),
            source_url=source_url,
            **deed_columns(acting),
        )
        outbox.record(announced.LEDGER_RULE_SET, {"rule_uuid": str(made.uuid), "kind": known.value}, acting=acting)
    return made
