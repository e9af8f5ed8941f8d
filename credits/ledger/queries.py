"""Reads of the ledger: lots with where they are now, and how they came there."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from credits.data import BalanceInfo, LotInfo, PostingInfo, PostingLineInfo, Source
from credits.ledger.models import Balance, Lot, Posting
from edu.kernel.errors import NotThere


def lot(uuid: UUID) -> LotInfo:
    """Return a lot with its balances; NotThere when there is none."""
    row = _lots().filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-lot", _("There is no such credit."))
    return lot_info(row)


def lots_of(person_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return every lot a person holds, newest first: the host's and those recognised from them."""
    return tuple(lot_info(row) for row in _lots().filter(holder_uuid=person_uuid).order_by("-minted_at", "-id"))


def lot_from(source: Source) -> LotInfo | None:
    """Return the lot that a result or a recognition brought, or None while there is none yet."""
    row = _lots().filter(source_kind=source.kind, source_uuid=source.uuid).first()
    return lot_info(row) if row else None


def lots_derived_from(lot_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return the lots that home institutions recognised from a lot."""
    return tuple(lot_info(row) for row in _lots().filter(derived_from__uuid=lot_uuid).order_by("id"))


def balances_of(person_uuid: UUID) -> dict[str, dict[str, Decimal]]:
    """Return {unit: {account kind: amount}} over a person's lots, without the sources and without zeros."""
    totals: dict[str, dict[str, Decimal]] = {}
    rows = Balance.objects.filter(lot__holder_uuid=person_uuid, is_source=False).exclude(amount=0)
    for unit, kind, amount in rows.values_list("lot__unit", "account__kind", "amount"):
        of_unit = totals.setdefault(unit, {})
        of_unit[kind] = of_unit.get(kind, Decimal("0.00")) + amount
    return totals


def history_of(lot_uuid: UUID) -> tuple[PostingInfo, ...]:
    """Return the postings that touched a lot, oldest first, each with all its lines."""
    rows = _postings().filter(pk__in=Posting.objects.filter(lines__lot__uuid=lot_uuid).values("pk"))
    return tuple(posting_info(row) for row in rows.order_by("recorded_at", "id"))


def posting(uuid: UUID) -> PostingInfo:
    """Return a posting with its lines; NotThere when there is none."""
    row = _postings().filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-posting", _("There is no such posting."))
    return posting_info(row)


def posting_with_key(idempotency_key: str) -> PostingInfo | None:
    """Return the posting that was made with a key, or None."""
    row = _postings().filter(idempotency_key=idempotency_key).first()
    return posting_info(row) if row else None


def holders_of(posting_info: PostingInfo) -> frozenset[UUID]:
    """Return the people whose lots a posting touched."""
    lots = Lot.objects.filter(uuid__in={line.lot_uuid for line in posting_info.lines})
    return frozenset(lots.values_list("holder_uuid", flat=True))


def lot_info(row: Lot) -> LotInfo:
    """Return the value of a row; reads balances and the lot it derives from when they were not fetched along."""
    return LotInfo(
        uuid=row.uuid,
        issuer_uuid=row.issuer_uuid,
        activity_uuid=row.activity_uuid,
        holder_uuid=row.holder_uuid,
        student_record_uuid=row.student_record_uuid,
        attempt=row.attempt,
        unit=row.unit,
        amount=row.amount,
        source=Source(row.source_kind, row.source_uuid),
        derived_from_uuid=row.derived_from.uuid if row.derived_from else None,
        rule_hash=row.rule_hash,
        minted_at=row.minted_at,
        facts=row.facts,
        balances=_balances(row.balances.all()),
    )


def _balances(rows: Iterable[Balance]) -> tuple[BalanceInfo, ...]:
    infos = (BalanceInfo(row.account.kind, row.account.owner, row.amount) for row in rows)
    return tuple(sorted(infos, key=lambda info: (info.account_kind, info.account_owner)))


def posting_info(row: Posting) -> PostingInfo:
    """Return the value of a posting's row."""
    reversal = getattr(row, "reversed_by", None)
    return PostingInfo(
        uuid=row.uuid,
        event=row.event,
        source=Source(row.source_kind, row.source_uuid),
        lines=in_order(
            PostingLineInfo(line.account.kind, line.account.owner, line.lot.uuid, line.amount)
            for line in row.lines.all()
        ),
        event_at=row.event_at,
        recorded_at=row.recorded_at,
        actor_role=row.actor_role,
        actor_institution_uuid=row.actor_institution_uuid,
        reverses_uuid=row.reverses.uuid if row.reverses else None,
        reversed_by_uuid=reversal.uuid if reversal else None,
    )


def in_order(lines: Iterable[PostingLineInfo]) -> tuple[PostingLineInfo, ...]:
    """Return lines lot by lot, what leaves before what comes."""
    return tuple(sorted(lines, key=lambda line: (line.lot_uuid, line.amount, line.account_kind, line.account_owner)))


def _lots() -> QuerySet[Lot]:
    return Lot.objects.select_related("derived_from").prefetch_related("balances__account")


def _postings() -> QuerySet[Posting]:
    related = Posting.objects.select_related("reverses", "reversed_by")
    return related.prefetch_related("lines__account", "lines__lot")


def achievements_of_issuer(
    issuer_uuid: UUID, *, activity_uuids: Iterable[UUID] | None = None, holder_uuids: Iterable[UUID] | None = None
) -> tuple[tuple[UUID, UUID], ...]:
    """Return (lot, holder) of what an issuer certified and did not take back, in one query: of runs, or of people."""
    found = Lot.objects.filter(issuer_uuid=issuer_uuid, derived_from__isnull=True)
    if activity_uuids is not None:
        found = found.filter(activity_uuid__in=set(activity_uuids))
    if holder_uuids is not None:
        found = found.filter(holder_uuid__in=set(holder_uuids))
    standing = Balance.objects.filter(lot=OuterRef("pk"), is_source=True, amount__lt=0)
    return tuple(found.filter(Exists(standing)).order_by("id").values_list("uuid", "holder_uuid"))
