"""What a posting may be, without a database."""

from decimal import Decimal
from uuid import uuid4

import pytest

from credits.ledger.rules import (
    LINES_MAX,
    MOVES,
    SOURCE_KINDS,
    AccountKind,
    AccountName,
    Line,
    PostingEvent,
    account,
    fault_of,
    mirrored,
    moved,
    sums_by_lot,
)

LOT, HOLDER, HOST = uuid4(), uuid4(), uuid4()
ISSUED, AVAILABLE = account(AccountKind.ISSUED, HOST), account(AccountKind.AVAILABLE, HOLDER)
ONE = Decimal("1.00")
MINT = moved(lot_uuid=LOT, amount=ONE, source=ISSUED, target=AVAILABLE)


def test_a_balanced_posting_that_moves_the_allowed_way_has_no_fault() -> None:
    assert fault_of(PostingEvent.MINTED, MINT) is None
    assert sums_by_lot(MINT) == {LOT: Decimal("0.00")}
    assert fault_of(PostingEvent.REVERSED, mirrored(MINT)) is None


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((), "posting-has-too-few-or-many-lines"),
        (MINT[:1], "posting-has-too-few-or-many-lines"),
        (MINT * LINES_MAX, "posting-has-too-few-or-many-lines"),
        ((*MINT, Line(ISSUED, uuid4(), Decimal(0))), "posting-line-of-zero"),
        (MINT + MINT, "posting-line-twice"),
        ((MINT[0], Line(AVAILABLE, LOT, Decimal("1.01"))), "posting-not-balanced"),
        ((MINT[0], Line(AVAILABLE, uuid4(), ONE)), "posting-not-balanced"),  # balanced in sum, not in each lot
        (mirrored(MINT), "posting-moves-the-wrong-way"),
    ],
)
def test_a_fault_is_named(lines: tuple[Line, ...], fault: str) -> None:
    assert fault_of(PostingEvent.MINTED, lines) == fault


def test_every_event_but_a_reversal_says_where_credit_may_go() -> None:
    assert set(MOVES) == set(PostingEvent) - {PostingEvent.REVERSED}


def test_credit_never_comes_back_into_a_source_but_by_reversal() -> None:
    assert not SOURCE_KINDS & {kind for _, to in MOVES.values() for kind in to}


def test_an_account_has_an_owner_that_fits_its_column() -> None:
    assert str(account(AccountKind.RECOGNISED, HOLDER, HOST, LOT)).count(":") == 3
    for owner in ("", "x" * 121):
        with pytest.raises(ValueError, match="1 to 120"):
            AccountName(AccountKind.UNUSABLE, owner)
