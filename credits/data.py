"""Values that cross the door of credits: frozen, without any framework."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """What caused a lot or a posting: "result", "recognition", "application", "correction" and its uuid."""

    kind: str
    uuid: UUID


@dataclass(frozen=True, slots=True)
class BalanceInfo:
    """How much of a lot is in one account, for instance kind "available" and the holder's uuid."""

    account_kind: str
    account_owner: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LotInfo:
    """A lot: one certified achievement, or a credit that a home institution recognised from one."""

    uuid: UUID
    issuer_uuid: UUID
    activity_uuid: UUID
    holder_uuid: UUID
    student_record_uuid: UUID | None
    attempt: int
    unit: str
    amount: Decimal
    source: Source
    derived_from_uuid: UUID | None
    rule_hash: str
    minted_at: dt.datetime
    facts: Mapping[str, str]
    balances: tuple[BalanceInfo, ...]

    def amount_in(self, account_kind: str) -> Decimal:
        """Return how much of the lot is in accounts of a kind: "available", "reserved", "recognised"…"""
        return sum((row.amount for row in self.balances if row.account_kind == account_kind), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class RecognisedLotInfo:
    """What a recognition left in the ledger: the host's lot, the home institution's new one, the posting of both."""

    lot: LotInfo
    recognised_lot: LotInfo | None  # None when nothing of the lot was usable
    posting_uuid: UUID


@dataclass(frozen=True, slots=True)
class PostingLineInfo:
    """An amount of a lot that came into an account, or left it when negative."""

    account_kind: str
    account_owner: str
    lot_uuid: UUID
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PostingInfo:
    """A balanced event of the ledger."""

    uuid: UUID
    event: str
    source: Source
    lines: tuple[PostingLineInfo, ...]
    event_at: dt.datetime
    recorded_at: dt.datetime
    actor_role: str
    actor_institution_uuid: UUID | None
    reverses_uuid: UUID | None
    reversed_by_uuid: UUID | None


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate: "requested" until its paper is drawn, then "issued", in the end "revoked" or "superseded"."""

    uuid: UUID
    number: str
    token: str
    address: str  # the permanent page that verifies it
    kind: str  # "course", or "transcript" over several credits
    lot_uuid: UUID | None  # None for a transcript
    issuer_uuid: UUID
    holder_uuid: UUID
    status: str
    requested_at: dt.datetime
    issued_at: dt.datetime | None
