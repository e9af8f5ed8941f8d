"""What a posting may be: accounts, lines, which event moves credit where. The database checks the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

LINES_MAX = 64  # the widest known posting (several slots, several reasons) has under ten; 64 keeps one lock list short
FOREIGN_ID_LENGTH_MAX = 120  # an address of a digital credential fits
OWNER_LENGTH_MAX = 120  # three uuids and two colons are 110 characters


class AccountKind(StrEnum):
    """The places where an amount of a lot can be (credits.md §3.4)."""

    ISSUED = "issued"
    AVAILABLE = "available"
    RESERVED = "reserved"
    CONVERTED_OUT = "converted_out"
    CONVERTED_IN = "converted_in"
    RECOGNISED = "recognised"
    UNUSABLE = "unusable"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    EXPORTED = "exported"
    IMPORTED = "imported"
    OPENING = "opening"


# Credit begins here: their balance is never above zero.
SOURCE_KINDS = frozenset({AccountKind.ISSUED, AccountKind.CONVERTED_IN, AccountKind.IMPORTED, AccountKind.OPENING})


class PostingEvent(StrEnum):
    """What a posting records."""

    MINTED = "minted"
    RESERVED = "reserved"
    RELEASED = "released"
    RECOGNISED = "recognised"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    EXPORTED = "exported"
    RETURNED = "returned"
    IMPORTED = "imported"
    OPENED = "opened"
    REVERSED = "reversed"


# What others rely on outside this ledger: no mirror undoes it. A return needs the recipient's release, a degree stays.
IRREVERSIBLE = frozenset({PostingEvent.EXPORTED, PostingEvent.RETURNED, PostingEvent.REDEEMED})

# From which kinds, and to which, an event may move credit. A reversal is the mirror of its posting instead.
MOVES: Mapping[PostingEvent, tuple[frozenset[AccountKind], frozenset[AccountKind]]] = {
    PostingEvent.MINTED: (frozenset({AccountKind.ISSUED}), frozenset({AccountKind.AVAILABLE})),
    PostingEvent.RESERVED: (frozenset({AccountKind.AVAILABLE}), frozenset({AccountKind.RESERVED})),
    PostingEvent.RELEASED: (frozenset({AccountKind.RESERVED}), frozenset({AccountKind.AVAILABLE})),
    PostingEvent.RECOGNISED: (
        frozenset({AccountKind.AVAILABLE, AccountKind.RESERVED, AccountKind.CONVERTED_IN}),
        frozenset({AccountKind.CONVERTED_OUT, AccountKind.UNUSABLE, AccountKind.RECOGNISED}),
    ),
    PostingEvent.REDEEMED: (frozenset({AccountKind.RECOGNISED}), frozenset({AccountKind.REDEEMED})),
    PostingEvent.EXPIRED: (frozenset({AccountKind.AVAILABLE}), frozenset({AccountKind.EXPIRED})),
    PostingEvent.EXPORTED: (frozenset({AccountKind.AVAILABLE}), frozenset({AccountKind.EXPORTED})),
    PostingEvent.RETURNED: (frozenset({AccountKind.EXPORTED}), frozenset({AccountKind.AVAILABLE})),
    PostingEvent.IMPORTED: (frozenset({AccountKind.IMPORTED}), frozenset({AccountKind.AVAILABLE})),
    PostingEvent.OPENED: (frozenset({AccountKind.OPENING}), frozenset({AccountKind.RECOGNISED, AccountKind.AVAILABLE})),
}


class Unit(StrEnum):
    """What a lot counts in; units are never mixed."""

    CREDIT_POINTS = "credit_points"
    CONTACT_HOURS = "contact_hours"


@dataclass(frozen=True, slots=True, order=True)
class AccountName:
    """An account: its kind and whose it is (uuids or a reason, joined by colons)."""

    kind: AccountKind
    owner: str

    def __post_init__(self) -> None:
        if not self.owner or len(self.owner) > OWNER_LENGTH_MAX:
            raise ValueError(f"An account's owner has 1 to {OWNER_LENGTH_MAX} characters.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.owner}"


def account(kind: AccountKind, *owners: UUID | str) -> AccountName:
    """Return the account of a kind that belongs to these owners: account(RECOGNISED, holder, programme, slot)."""
    return AccountName(kind, ":".join(str(owner) for owner in owners))


@dataclass(frozen=True, slots=True)
class Line:
    """An amount of one lot that comes into an account, or leaves it when negative."""

    account: AccountName
    lot_uuid: UUID
    amount: Decimal


def moved(*, lot_uuid: UUID, amount: Decimal, source: AccountName, target: AccountName) -> tuple[Line, Line]:
    """Return the two lines that bring `amount` of a lot from one account to another."""
    return Line(source, lot_uuid, -amount), Line(target, lot_uuid, amount)


def mirrored(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines that undo these exactly."""
    return tuple(Line(line.account, line.lot_uuid, -line.amount) for line in lines)


def fault_of(event: PostingEvent, lines: tuple[Line, ...]) -> str | None:
    """Return the code of the first rule these lines break, or None.

    A posting has at least two lines, none of zero, none twice, sums to zero for every lot (and so for every
    unit, because a lot has one), and moves credit only the way its event may.
    """
    if not 2 <= len(lines) <= LINES_MAX:
        return "posting-has-too-few-or-many-lines"
    if any(line.amount == 0 for line in lines):
        return "posting-line-of-zero"
    if len({(line.account, line.lot_uuid) for line in lines}) != len(lines):
        return "posting-line-twice"
    if any(sums_by_lot(lines).values()):
        return "posting-not-balanced"
    if event is not PostingEvent.REVERSED and not _moves_the_allowed_way(event, lines):
        return "posting-moves-the-wrong-way"
    return None


def sums_by_lot(lines: Iterable[Line]) -> dict[UUID, Decimal]:
    """Return the sum of the lines of each lot; all zero when balanced."""
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.lot_uuid] += line.amount
    return dict(sums)


def _moves_the_allowed_way(event: PostingEvent, lines: tuple[Line, ...]) -> bool:
    sources, targets = MOVES[event]
    return all(line.account.kind in (sources if line.amount < 0 else targets) for line in lines)
