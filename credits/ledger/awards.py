"""Credit that comes to its end: used for a degree, or expired by rule; and corrections that come too late."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.data import LotInfo, PostingInfo, Source
from credits.ledger import queries, rules
from credits.ledger.access import flag_for_registrar, registrar_of
from credits.ledger.actions import positive_or_used, post, reverse
from credits.ledger.dated_rules import rule_on
from credits.ledger.grounds import DegreeAward, LedgerRule, LotFlag, LotFlagAnswer, RuleKind
from credits.ledger.models import Lot
from credits.ledger.rules import LINES_MAX, AccountKind, Line, PostingEvent, account
from credits.ledger.store import deed_columns, refusals_in_words
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.kernel.periods import months_after

LOTS_A_POSTING = LINES_MAX // 2
MONTH_DAYS_MIN = 28


def redeem(*, holder_uuid: UUID, programme_uuid: UUID, number: str, awarded_on: dt.date, acting: Actor) -> DegreeAward:
    """Use all credit recognised in a programme for a degree, as the registrar who recognised it; it stays used.

    Safe to repeat with the same number. Refusal when nothing is recognised, or the number is another degree's.
    """
    institution_uuid = registrar_of(acting)
    text = " ".join(number.split())
    if not text:
        raise Refusal("no-award-number", _("Write the number of the degree certificate."))
    if awarded_on > clock.today():
        raise Refusal("award-in-the-future", _("The day of the award lies in the future."))
    there = DegreeAward.objects.filter(institution_uuid=institution_uuid, number=text).first()
    if there:
        if (there.holder_uuid, there.programme_uuid) == (holder_uuid, programme_uuid):
            return there
        raise Refusal("award-number-used", _("This number belongs to another degree."))
    lots = recognised_in(holder_uuid, programme_uuid, institution_uuid)
    if not lots:
        raise Refusal("nothing-recognised", _("Nothing is recognised in this programme that could be used."))
    with refusals_in_words(), transaction.atomic():
        award = DegreeAward.objects.create(
            institution_uuid=institution_uuid, holder_uuid=holder_uuid, programme_uuid=programme_uuid, number=text,
            awarded_on=awarded_on, **deed_columns(acting),
        )  # fmt: skip
        for part, some in enumerate(batched(lots, LOTS_A_POSTING)):
            _redeem_lots(award, some, part, acting)
        payload = {"award_uuid": str(award.uuid), "person_uuid": str(holder_uuid)}
        outbox.record(announced.DEGREE_AWARDED, payload, acting=acting)
    return award


def recognised_in(holder_uuid: UUID, programme_uuid: UUID, institution_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return the lots of a person that an institution recognised in a programme and that no degree has used."""
    start = f"{holder_uuid}:{programme_uuid}:"
    return tuple(
        lot
        for lot in queries.lots_of(holder_uuid)
        if lot.issuer_uuid == institution_uuid
        and any(b.account_kind == "recognised" and b.account_owner.startswith(start) and b.amount for b in lot.balances)
    )


def expire(*, lot_uuid: UUID, acting: Actor) -> LotInfo:
    """Let what is still available of a lot expire by its issuer's rule of today; Refusal when none says so yet."""
    info = queries.lot(lot_uuid)
    if not acting.is_system and registrar_of(acting) != info.issuer_uuid:
        raise NotThere("no-such-lot", _("There is no such credit."))
    rule = rule_on(info.issuer_uuid, RuleKind.EXPIRY_MONTHS, clock.today())
    if rule is None or _expires_on(info.minted_at, rule) > clock.today():
        raise Refusal("not-expired-yet", _("No rule of the issuer lets this credit expire today."))
    lines = rules.moved(
        lot_uuid=lot_uuid,
        amount=positive_or_used(info.amount_in(AccountKind.AVAILABLE)),
        source=account(AccountKind.AVAILABLE, info.holder_uuid),
        target=account(AccountKind.EXPIRED, rule.uuid),
    )
    cause = Source("policy", rule.uuid)
    key = f"expire:{lot_uuid}:{rule.uuid}:{len(queries.history_of(lot_uuid))}"
    with transaction.atomic():
        post(event=PostingEvent.EXPIRED, lines=lines, idempotency_key=key, source=cause, acting=acting)
        payload = {"lot_uuid": str(lot_uuid), "person_uuid": str(info.holder_uuid)}
        outbox.record(announced.LOT_EXPIRED, payload, acting=acting)
    return queries.lot(lot_uuid)


def due_to_expire(institution_uuid: UUID) -> tuple[UUID, ...]:
    """Return the lots of an institution that its rule of today lets expire."""
    rule = rule_on(institution_uuid, RuleKind.EXPIRY_MONTHS, clock.today())
    if rule is None:
        return ()
    left = Lot.objects.filter(
        issuer_uuid=institution_uuid,
        minted_at__lte=clock.now() - dt.timedelta(days=MONTH_DAYS_MIN * rule.number),
        balances__account__kind=AccountKind.AVAILABLE.value,
        balances__amount__gt=0,
    )
    return tuple(row.uuid for row in left.order_by("id") if _expires_on(row.minted_at, rule) <= clock.today())


def correct(*, posting_uuid: UUID, source: Source, reason: str, acting: Actor) -> PostingInfo | LotFlag:
    """Undo a posting whose ground fell away; where its credit was used for a degree, flag it to both registrars.

    Nothing that a degree rests on changes silently: the flag stands on the lot and on the case until both answered.
    """
    used = _used_for_degree(queries.posting(posting_uuid))
    if used is None:
        return reverse(posting_uuid=posting_uuid, source=source, acting=acting)
    origin = queries.lot(used.derived_from_uuid) if used.derived_from_uuid else used
    with transaction.atomic():
        flag, made = LotFlag.objects.get_or_create(
            lot=Lot.objects.get(uuid=used.uuid),
            source_kind=source.kind,
            source_uuid=source.uuid,
            defaults={
                "host_uuid": origin.issuer_uuid,
                "home_uuid": used.issuer_uuid,
                "reason": reason,
                **deed_columns(acting),
            },
        )
        if made:
            payload = {"flag_uuid": str(flag.uuid), "lot_uuid": str(used.uuid)}
            payload |= {"host_uuid": str(flag.host_uuid), "home_uuid": str(flag.home_uuid)}
            outbox.record(announced.LOT_FLAGGED, payload, acting=acting)
    return flag


def answer_flag(*, flag_uuid: UUID, text: str, acting: Actor) -> LotFlagAnswer:
    """Say, once for one's institution, what was decided about a flagged credit."""
    own = registrar_of(acting)
    flag = flag_for_registrar(acting, flag_uuid)
    if not text.strip():
        raise Refusal("no-reason", _("Say what was decided."))
    if flag.answers.filter(institution_uuid=own).exists():
        raise Refusal("answered-already", _("Your institution has answered already."))
    with transaction.atomic():
        made = LotFlagAnswer.objects.create(flag=flag, institution_uuid=own, text=text.strip(), **deed_columns(acting))
        outbox.record(announced.LOT_FLAG_ANSWERED, {"flag_uuid": str(flag.uuid)}, acting=acting)
    return made


def _redeem_lots(award: DegreeAward, lots: Iterable[LotInfo], part: int, acting: Actor) -> None:
    start = f"{award.holder_uuid}:{award.programme_uuid}:"
    lines: list[Line] = []
    for lot in lots:
        total = Decimal(0)
        for balance in lot.balances:
            if balance.account_kind == "recognised" and balance.account_owner.startswith(start) and balance.amount:
                name = rules.AccountName(AccountKind.RECOGNISED, balance.account_owner)
                lines.append(Line(name, lot.uuid, -balance.amount))
                total += balance.amount
        lines.append(Line(account(AccountKind.REDEEMED, award.uuid), lot.uuid, total))
    key, cause = f"redeem:{award.uuid}:{part}", Source("award", award.uuid)
    post(event=PostingEvent.REDEEMED, lines=tuple(lines), idempotency_key=key, source=cause, acting=acting)


def _used_for_degree(posting: PostingInfo) -> LotInfo | None:
    touched = {line.lot_uuid for line in posting.lines}
    lots = [queries.lot(uuid) for uuid in sorted(touched)]
    lots += [lot for uuid in sorted(touched) for lot in queries.lots_derived_from(uuid)]
    return next((lot for lot in lots if lot.amount_in(AccountKind.REDEEMED)), None)


def _expires_on(minted_at: dt.datetime, rule: LedgerRule) -> dt.date:
    return months_after(minted_at.astimezone(clock.SHANGHAI).date(), rule.number)
