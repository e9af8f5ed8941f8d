"""Many at once: one lot is spent once, opposite transfers do not wait in a circle, one key posts once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from credits.data import PostingInfo, RecognisedLotInfo, Source
from credits.ledger import actions, queries
from credits.ledger.models import Lot, Posting
from credits.ledger.reconciliation import differences
from credits.ledger.rules import AccountKind, Line, account
from edu.kernel.errors import Refusal
from tests.factories.ledger import REGISTRAR, minted_lot


def at_once[T](workers: int, deed: Callable[[int], T]) -> list[T | Refusal]:
    """Run `deed(number)` in as many threads, all started together, each on a connection of its own."""
    together = Barrier(workers)

    def run(number: int) -> T | Refusal:
        try:
            connection.ensure_connection()
            together.wait(timeout=60)
            return deed(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


@pytest.mark.parametrize("workers", [16, 64])
def test_of_many_recognitions_of_one_lot_exactly_one_wins(committed_database: str, workers: int) -> None:
    lot = minted_lot()

    def recognise(_number: int) -> RecognisedLotInfo:
        return actions.recognise(
            lot_uuid=lot.uuid,
            home_uuid=uuid4(),
            programme_uuid=uuid4(),
            slot_uuid=uuid4(),
            converted_amount=Decimal("2.00"),
            unusable_amount=Decimal("0.00"),
            rule_hash="a" * 64,
            decision_uuid=uuid4(),
            acting=REGISTRAR,
        )

    results = at_once(workers, recognise)
    won = [result for result in results if isinstance(result, RecognisedLotInfo)]
    lost = [result for result in results if isinstance(result, Refusal)]
    assert len(won) == 1
    assert {refusal.code for refusal in lost} == {"credit-already-used"}
    assert Posting.objects.count() == 2
    assert Lot.objects.count() == 2  # the losers' home lots left no trace
    assert differences() == []


def test_one_result_delivered_to_many_workers_mints_once(committed_database: str) -> None:
    issuer, activity, holder, source = uuid4(), uuid4(), uuid4(), Source("result", uuid4())

    def mint(_number: int) -> UUID:
        return minted_lot(issuer_uuid=issuer, activity_uuid=activity, holder_uuid=holder, source=source).uuid

    results = at_once(16, mint)
    assert len(set(results)) == 1
    assert Posting.objects.count() == 1


def test_one_key_posts_once(committed_database: str) -> None:
    lot, application = minted_lot(), uuid4()
    results = at_once(
        16, lambda _number: actions.reserve(lot_uuid=lot.uuid, application_uuid=application, acting=REGISTRAR).uuid
    )
    assert set(results) == {lot.uuid}
    assert queries.lot(lot.uuid).amount_in("reserved") == Decimal("2.00")
    assert Posting.objects.count() == 2


def test_opposite_transfers_over_the_same_lots_do_not_deadlock(committed_database: str) -> None:
    holder, rounds = uuid4(), 20
    first, second = (minted_lot(amount="500.00", holder_uuid=holder) for _lot in range(2))

    def transfer(number: int) -> list[PostingInfo]:
        """Move both lots, in one order by even workers and in the other by odd ones, and back again."""
        there = [_line(lot.uuid, lot.holder_uuid) for lot in (first, second)]
        if number % 2:
            there.reverse()
        out = tuple(line for pair in there for line in pair)
        back = tuple(Line(line.account, line.lot_uuid, -line.amount) for line in reversed(out))
        source = Source("application", uuid4())
        postings = []
        for turn in range(rounds):
            for event, lines in (("reserved", out), ("released", back)):
                key = f"{number}:{turn}:{event}"
                postings.append(
                    actions.post(event=event, lines=lines, idempotency_key=key, source=source, acting=REGISTRAR)
                )
        return postings

    results = at_once(16, transfer)
    assert all(isinstance(result, list) and len(result) == 2 * rounds for result in results)
    assert differences() == []


def _line(lot_uuid: UUID, holder_uuid: UUID) -> tuple[Line, Line]:
    return (
        Line(account(AccountKind.AVAILABLE, holder_uuid), lot_uuid, Decimal("-1.00")),
        Line(account(AccountKind.RESERVED, "both"), lot_uuid, Decimal("1.00")),
    )
