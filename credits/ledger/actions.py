"""What may be done to the ledger. Every deed may be repeated and runs inside the caller's transaction if any."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.data import LotInfo, PostingInfo, PostingLineInfo, RecognisedLotInfo, Source
from credits.ledger import queries, rules
from credits.ledger.models import Lot, Posting
from credits.ledger.queries import in_order
from credits.ledger.rules import AccountKind, Line, PostingEvent, Unit, account
from credits.ledger.store import REFUSALS, Written, refusals_in_words, write_posting
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.credit import credit_points
from edu.kernel.errors import NotThere, Refusal

KEPT_FACTS = (
    "course_code",
    "course_name_zh",
    "course_name_en",
    "run_code",
    "certified_at",
)  # a home lot names its origin
SURPLUS = "surplus"  # the host gave more than the home institution's rule can count


def mint(
    *,
    issuer_uuid: UUID,
    activity_uuid: UUID,
    holder_uuid: UUID,
    student_record_uuid: UUID | None,
    attempt: int,
    unit: str,
    amount: Decimal,
    source: Source,
    facts: Mapping[str, str],
    acting: Actor,
) -> LotInfo:
    """Mint one lot into the holder's available account; the same source again returns the same lot.

    Refusal when another source has already minted for (issuer, activity, holder, attempt).
    """
    values = {
        "student_record_uuid": student_record_uuid,
        "unit": Unit(unit).value,
        "amount": _positive(amount),
        "source_kind": source.kind,
        "source_uuid": source.uuid,
        "facts": _strings(facts),
        "minted_at": clock.now(),
    }
    with refusals_in_words(), transaction.atomic():
        row, _made = Lot.objects.get_or_create(
            issuer_uuid=issuer_uuid,
            activity_uuid=activity_uuid,
            holder_uuid=holder_uuid,
            attempt=attempt,
            defaults=values,
        )
        if (row.source_kind, row.source_uuid) != (source.kind, source.uuid) or row.amount != values["amount"]:
            raise Refusal("already-minted", _("This achievement already has its credit."), {"lot_uuid": str(row.uuid)})
        lines = rules.moved(
            lot_uuid=row.uuid,
            amount=row.amount,
            source=account(AccountKind.ISSUED, issuer_uuid),
            target=account(AccountKind.AVAILABLE, holder_uuid),
        )
        written = write_posting(
            event=PostingEvent.MINTED,
            lines=_checked(PostingEvent.MINTED, lines),
            idempotency_key=f"mint:{row.uuid}",
            source=source,
            acting=acting,
        )
        if written.fresh:
            outbox.record(announced.LOT_MINTED, _minted_payload(row), acting=acting)
    return queries.lot(row.uuid)


def post(
    *,
    event: str,
    lines: tuple[Line, ...],
    idempotency_key: str,
    source: Source,
    acting: Actor,
    reverses: UUID | None = None,
) -> PostingInfo:
    """Write one balanced posting; the same key with the same content returns the posting that is there.

    Refusal when a rule or the database refuses, or when the key belongs to a posting with other content.
    """
    kind = PostingEvent(event)
    with refusals_in_words(), transaction.atomic():
        written = write_posting(
            event=kind,
            lines=_checked(kind, lines),
            idempotency_key=idempotency_key,
            source=source,
            acting=acting,
            reverses_id=_posting_row(reverses).pk if reverses else None,
        )
        if written.fresh:
            return _posted(written, kind, lines, source, acting, reverses)
        earlier = queries.posting(written.uuid)
        _require_same(earlier, kind, lines, source)
    return earlier


def reserve(*, lot_uuid: UUID, application_uuid: UUID, acting: Actor) -> LotInfo:
    """Set aside what is available of a lot for an application; safe to repeat, Refusal when nothing is available."""
    key = _key_for_application(PostingEvent.RESERVED, lot_uuid, application_uuid)
    info = queries.lot(lot_uuid)
    if _amount_reserved(info, application_uuid):
        return info
    lines = rules.moved(
        lot_uuid=lot_uuid,
        amount=positive_or_used(info.amount_in(AccountKind.AVAILABLE)),
        source=account(AccountKind.AVAILABLE, info.holder_uuid),
        target=account(AccountKind.RESERVED, application_uuid),
    )
    source = Source("application", application_uuid)
    post(event=PostingEvent.RESERVED, lines=lines, idempotency_key=key, source=source, acting=acting)
    return queries.lot(lot_uuid)


def release(*, lot_uuid: UUID, application_uuid: UUID, acting: Actor) -> LotInfo:
    """Give back what an application has reserved of a lot; safe to repeat, nothing happens when nothing is reserved."""
    key = _key_for_application(PostingEvent.RELEASED, lot_uuid, application_uuid)
    info = queries.lot(lot_uuid)
    amount = _amount_reserved(info, application_uuid)
    if not amount:
        return info
    lines = rules.moved(
        lot_uuid=lot_uuid,
        amount=amount,
        source=account(AccountKind.RESERVED, application_uuid),
        target=account(AccountKind.AVAILABLE, info.holder_uuid),
    )
    source = Source("application", application_uuid)
    post(event=PostingEvent.RELEASED, lines=lines, idempotency_key=key, source=source, acting=acting)
    return queries.lot(lot_uuid)


def recognise(
    *,
    lot_uuid: UUID,
    home_uuid: UUID,
    programme_uuid: UUID,
    slot_uuid: UUID,
    converted_amount: Decimal,
    unusable_amount: Decimal,
    rule_hash: str,
    decision_uuid: UUID,
    acting: Actor,
    application_uuid: UUID | None = None,
    unusable_reason: str = SURPLUS,
    facts: Mapping[str, str] | None = None,
) -> RecognisedLotInfo:
    """Turn a lot, in one posting, into home credit in a programme's slot; safe to repeat by `decision_uuid`.

    Takes all that is available, or all that `application_uuid` has reserved. Of it `unusable_amount` (in the
    host's credit) stays visible as unusable and the rest leaves the lot; `converted_amount` (in the home
    institution's credit, zero allowed) becomes a lot of its own that names this one.
    """
    source = Source("recognition", decision_uuid)
    key = f"recognise:{decision_uuid}:{lot_uuid}"
    if earlier := queries.posting_with_key(key):
        return RecognisedLotInfo(queries.lot(lot_uuid), queries.lot_from(source), earlier.uuid)
    info = queries.lot(lot_uuid)
    taken_from, amount = _what_is_taken(info, application_uuid)
    lines = _leaving_lines(info, taken_from, amount, credit_points(unusable_amount), home_uuid, unusable_reason)
    with refusals_in_words(), transaction.atomic():
        if credit_points(converted_amount):
            home_lot = _home_lot(info, home_uuid, converted_amount, rule_hash, source, facts or {})
            slot = account(AccountKind.RECOGNISED, info.holder_uuid, programme_uuid, slot_uuid)
            came_in = account(AccountKind.CONVERTED_IN, home_uuid)
            lines += rules.moved(lot_uuid=home_lot.uuid, amount=home_lot.amount, source=came_in, target=slot)
        posting = post(event=PostingEvent.RECOGNISED, lines=lines, idempotency_key=key, source=source, acting=acting)
    return RecognisedLotInfo(queries.lot(lot_uuid), queries.lot_from(source), posting.uuid)


def reverse(*, posting_uuid: UUID, source: Source, acting: Actor) -> PostingInfo:
    """Undo a posting by its exact mirror; safe to repeat for the same source.

    Refusal when it was reversed for another reason, is itself a reversal, or its credit has moved on since.
    """
    undone = queries.posting(posting_uuid)
    if undone.event in rules.IRREVERSIBLE:
        raise Refusal(*REFUSALS["posting_irreversible"])
    if undone.reversed_by_uuid:
        earlier = queries.posting(undone.reversed_by_uuid)
        if earlier.source == source:
            return earlier
        raise Refusal("posting-already-reversed", _("This posting has already been reversed."))
    lines = tuple(
        Line(account(AccountKind(line.account_kind), line.account_owner), line.lot_uuid, -line.amount)
        for line in undone.lines
    )
    with transaction.atomic():
        made = post(
            event=PostingEvent.REVERSED,
            lines=lines,
            idempotency_key=f"reverse:{posting_uuid}",
            source=source,
            acting=acting,
            reverses=posting_uuid,
        )
        outbox.record(announced.POSTING_REVERSED, _reversed_payload(made), acting=acting)
    return made


def _key_for_application(event: PostingEvent, lot_uuid: UUID, application_uuid: UUID) -> str:
    """Return a key that counts, because an application may be withdrawn and submitted again.

    It is taken before the balances are read: who then reads old balances posts under a key that is used already.
    """
    earlier = Posting.objects.filter(event=event, source_uuid=application_uuid, lines__lot__uuid=lot_uuid)
    return f"{event.value}:{application_uuid}:{lot_uuid}:{earlier.values('pk').distinct().count()}"


def _minted_payload(row: Lot) -> dict[str, str]:
    return {
        "lot_uuid": str(row.uuid),
        "result_uuid": str(row.source_uuid),
        "run_uuid": str(row.activity_uuid),
        "person_uuid": str(row.holder_uuid),
    }


def _reversed_payload(made: PostingInfo) -> dict[str, object]:
    return {
        "posting_uuid": str(made.uuid),
        "reversed_posting_uuid": str(made.reverses_uuid),
        "lot_uuids": sorted({str(line.lot_uuid) for line in made.lines}),
        "person_uuids": sorted(str(holder) for holder in queries.holders_of(made)),
    }


def _checked(event: PostingEvent, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if fault := rules.fault_of(event, lines):
        raise Refusal(fault, _("This posting does not follow the rules of the ledger."), {"event": event.value})
    return lines


def _posted(
    written: Written, event: PostingEvent, lines: tuple[Line, ...], source: Source, acting: Actor, reverses: UUID | None
) -> PostingInfo:
    """Return the posting just written, without reading it again: a term's postings are millions."""
    return PostingInfo(
        uuid=written.uuid,
        event=event.value,
        source=source,
        lines=in_order(
            PostingLineInfo(line.account.kind.value, line.account.owner, line.lot_uuid, line.amount) for line in lines
        ),
        event_at=written.event_at,
        recorded_at=written.recorded_at,
        actor_role=acting.role,
        actor_institution_uuid=acting.institution_uuid,
        reverses_uuid=reverses,
        reversed_by_uuid=None,
    )


def _require_same(info: PostingInfo, event: PostingEvent, lines: tuple[Line, ...], source: Source) -> None:
    there = {(line.account_kind, line.account_owner, line.lot_uuid, line.amount) for line in info.lines}
    asked = {(line.account.kind.value, line.account.owner, line.lot_uuid, line.amount) for line in lines}
    if info.event != event or info.source != source or there != asked:
        raise Refusal("key-belongs-to-another-posting", _("This was already recorded with other content."))


def _posting_row(uuid: UUID) -> Posting:
    row = Posting.objects.filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-posting", _("There is no such posting."))
    return row


def _positive(amount: Decimal) -> Decimal:
    checked = credit_points(amount)
    if checked == 0:
        raise ValueError("A lot holds more than zero.")
    return checked


def positive_or_used(amount: Decimal) -> Decimal:
    """Return what there is of a lot; Refusal when nothing is left."""
    if amount <= 0:
        raise Refusal(
            "credit-already-used",
            _("This credit is already used or reserved elsewhere. Reload the page to see where it is now."),
        )
    return amount


def _strings(facts: Mapping[str, str]) -> dict[str, str]:
    if not all(isinstance(key, str) and isinstance(value, str) for key, value in facts.items()):
        raise ValueError("The facts of a lot are strings, so that they are hashed as they are.")
    return dict(facts)


def _amount_reserved(info: LotInfo, application_uuid: UUID) -> Decimal:
    mine = (AccountKind.RESERVED.value, str(application_uuid))
    return sum((b.amount for b in info.balances if (b.account_kind, b.account_owner) == mine), Decimal("0.00"))


def _what_is_taken(info: LotInfo, application_uuid: UUID | None) -> tuple[rules.AccountName, Decimal]:
    """Return the account a recognition takes from, and all that is in it; Refusal when it is empty."""
    if application_uuid is None:
        taken_from = account(AccountKind.AVAILABLE, info.holder_uuid)
        return taken_from, positive_or_used(info.amount_in(AccountKind.AVAILABLE))
    taken_from = account(AccountKind.RESERVED, application_uuid)
    return taken_from, positive_or_used(_amount_reserved(info, application_uuid))


def _leaving_lines(
    info: LotInfo, taken_from: rules.AccountName, amount: Decimal, unusable: Decimal, home_uuid: UUID, reason: str
) -> tuple[Line, ...]:
    """Return the lines by which a lot leaves: what the home institution takes, and the surplus by its reason."""
    if unusable > amount:
        raise ValueError(f"More is unusable ({unusable}) than there is ({amount}).")
    lines = [Line(taken_from, info.uuid, -amount)]
    if amount > unusable:
        lines.append(Line(account(AccountKind.CONVERTED_OUT, home_uuid), info.uuid, amount - unusable))
    if unusable:
        lines.append(Line(account(AccountKind.UNUSABLE, reason), info.uuid, unusable))
    return tuple(lines)


def _home_lot(
    info: LotInfo, home_uuid: UUID, amount: Decimal, rule_hash: str, source: Source, facts: Mapping[str, str]
) -> Lot:
    return Lot.objects.create(
        issuer_uuid=home_uuid,
        activity_uuid=source.uuid,
        holder_uuid=info.holder_uuid,
        student_record_uuid=info.student_record_uuid,
        unit=info.unit,
        amount=credit_points(amount),
        derived_from=Lot.objects.get(uuid=info.uuid),
        rule_hash=rule_hash,
        source_kind=source.kind,
        source_uuid=source.uuid,
        facts={key: info.facts[key] for key in KEPT_FACTS if key in info.facts} | _strings(facts),
        minted_at=clock.now(),
    )
