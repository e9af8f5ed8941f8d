"""Sums over the whole ledger, for overviews. Read from balances, so that what was reversed does not count."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from credits.ledger.models import Balance
from credits.ledger.rules import AccountKind, Unit

NOUGHT = Decimal("0.00")


def credit_certified_by_institution() -> dict[UUID, Decimal]:
    """Return the credit points that each host institution has certified."""
    return {uuid: -amount for uuid, amount in _sums(AccountKind.ISSUED).items()}


def credit_recognised_by_institution() -> dict[UUID, Decimal]:
    """Return the credit points that each home institution has recognised."""
    recognised, used = _sums(AccountKind.RECOGNISED), _sums(AccountKind.REDEEMED)  # a degree takes nothing away
    return {uuid: recognised.get(uuid, NOUGHT) + used.get(uuid, NOUGHT) for uuid in recognised.keys() | used.keys()}


def _sums(kind: AccountKind) -> dict[UUID, Decimal]:
    balances = Balance.objects.filter(account__kind=kind.value, lot__unit=Unit.CREDIT_POINTS.value)
    return dict(balances.values_list("lot__issuer_uuid").annotate(total=Sum("amount")))
