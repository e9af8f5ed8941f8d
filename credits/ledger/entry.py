"""Credit that enters otherwise than by a certified result: imported from outside, or opened from before this system."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.data import LotInfo, Source
from credits.ledger import queries, rules
from credits.ledger.access import registrar_of_holder
from credits.ledger.actions import post
from credits.ledger.grounds import ForeignParty, OpeningRow
from credits.ledger.models import Lot
from credits.ledger.rules import FOREIGN_ID_LENGTH_MAX, AccountKind, PostingEvent, Unit, account
from credits.ledger.store import refusals_in_words
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.credit import credit_points
from edu.kernel.errors import NotThere, Refusal


def import_credit(
    *,
    party_code: str,
    foreign_id: str,
    holder_uuid: UUID,
    unit: str,
    amount: Decimal,
    evidence: str,
    facts: Mapping[str, str],
    acting: Actor,
) -> LotInfo:
    """Enter credit that an outside party issued, as a registrar of the holder's institution; safe to repeat.

    Refusal when the party's number for it is here with another holder or amount, or no evidence is named.
    """
    registrar_of_holder(acting, holder_uuid)
    party = ForeignParty.objects.filter(code=party_code).first()
    if party is None:
        raise NotThere("no-such-party", _("This institution is not registered for outside credit. Ask the operator."))
    number = _foreign_id(foreign_id)
    if not evidence.strip():
        raise Refusal("no-evidence", _("Name the evidence: file number, page or decision."))
    uuid = uuid5(party.uuid, number)
    with refusals_in_words(), transaction.atomic():
        row, made = Lot.objects.get_or_create(
            issuer_uuid=party.uuid,
            foreign_id=number,
            defaults={
                "activity_uuid": uuid,
                "holder_uuid": holder_uuid,
                "unit": Unit(unit).value,
                "amount": positive(amount),
                "source_kind": "import",
                "source_uuid": uuid,
                "facts": dict(facts) | {"evidence": evidence.strip()},
                "minted_at": clock.now(),
            },
        )
        if (row.holder_uuid, row.amount, row.unit) != (holder_uuid, credit_points(amount), unit):
            raise Refusal("foreign-credit-is-here", _("This outside credit was entered already, with other content."))
        source, target = account(AccountKind.IMPORTED, party.uuid), account(AccountKind.AVAILABLE, holder_uuid)
        lines = rules.moved(lot_uuid=row.uuid, amount=row.amount, source=source, target=target)
        cause = Source("import", uuid)
        post(
            event=PostingEvent.IMPORTED, lines=lines, idempotency_key=f"import:{row.uuid}", source=cause, acting=acting
        )
        if made:
            outbox.record(announced.LOT_IMPORTED, _named(row), acting=acting)
    return queries.lot(row.uuid)


def open_row(row: OpeningRow, *, institution_uuid: UUID, acting: Actor) -> None:
    """Enter one line of a confirmed list, inside the caller's transaction; Refusal when it is in the ledger already."""
    facts = {
        "course_code": row.course_code,
        "course_name_zh": row.course_name,
        "grade": row.grade,
        "ends_on": row.earned_on.isoformat(),
        "evidence": row.evidence,
    }
    lot, made = Lot.objects.get_or_create(
        issuer_uuid=institution_uuid,
        activity_uuid=row.activity_uuid,
        holder_uuid=row.holder_uuid,
        attempt=1,
        defaults={
            "student_record_uuid": row.student_record_uuid,
            "unit": row.unit,
            "amount": row.amount,
            "source_kind": "opening",
            "source_uuid": row.uuid,
            "facts": facts,
            "minted_at": clock.now(),
        },
    )
    if not made:
        raise already_opened(row.number)
    target = account(AccountKind.AVAILABLE, row.holder_uuid)
    if row.programme_uuid and row.slot_uuid:
        target = account(AccountKind.RECOGNISED, row.holder_uuid, row.programme_uuid, row.slot_uuid)
    source = account(AccountKind.OPENING, institution_uuid)
    lines = rules.moved(lot_uuid=lot.uuid, amount=lot.amount, source=source, target=target)
    cause = Source("opening", row.uuid)
    post(event=PostingEvent.OPENED, lines=lines, idempotency_key=f"open:{row.uuid}", source=cause, acting=acting)


def already_opened(number: int) -> Refusal:
    """Return the refusal for a line whose credit stands in the ledger."""
    return Refusal(
        "opened-already",
        _("Row %(row)d stands in the ledger already: same person, evidence, course and day.") % {"row": number},
    )


def positive(amount: Decimal) -> Decimal:
    """Return an amount with two places; Refusal for nought, and for what is no amount."""
    try:
        checked = credit_points(amount)
    except ValueError:
        checked = Decimal(0)
    if checked == 0:
        raise Refusal("no-amount", _("Write an amount above 0 with at most two decimal places."))
    return checked


def _foreign_id(text: str) -> str:
    number = " ".join(text.split())
    if not number or len(number) > FOREIGN_ID_LENGTH_MAX:
        raise Refusal("no-foreign-id", _("Write the number under which the issuer keeps this credit."))
    return number


def _named(row: Lot) -> dict[str, str]:
    return {"lot_uuid": str(row.uuid), "party_uuid": str(row.issuer_uuid), "person_uuid": str(row.holder_uuid)}
