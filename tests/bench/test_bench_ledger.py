"""Postings per second through the ledger's door, beside hand-written SQL into the same tables with the same guards."""

import hmac
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from credits.data import LotInfo, Source
from credits.ledger import actions
from credits.ledger.reconciliation import differences
from credits.ledger.rules import AccountKind, account, moved
from edu.embedded.database import Cluster
from tests.bench.report import report
from tests.factories.ledger import REGISTRAR, minted_lot

LOTS, POSTINGS, WORKERS = 200, 2000, 4
AMOUNT = Decimal("0.01")

pytestmark = pytest.mark.bench


def through_the_door(lots: list[LotInfo], number: int) -> None:
    """One posting as every part of the product makes one."""
    lot, application = lots[number % len(lots)], uuid4()
    lines = moved(
        lot_uuid=lot.uuid,
        amount=AMOUNT,
        source=account(AccountKind.AVAILABLE, lot.holder_uuid),
        target=account(AccountKind.RESERVED, application),
    )
    source = Source("application", application)
    actions.post(event="reserved", lines=lines, idempotency_key=str(uuid4()), source=source, acting=REGISTRAR)


POSTING = """
    INSERT INTO credits_posting
        (uuid, event, idempotency_key, line_count, source_kind, source_uuid, actor_role, event_at)
    VALUES (%s, 'reserved', %s, 2, 'application', %s, 'registrar', now()) RETURNING id, uuid
"""
ACCOUNTS = """
    INSERT INTO credits_account (kind, owner) VALUES ('available', %s), ('reserved', %s) ON CONFLICT DO NOTHING
"""
LINES = """
    INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)
    SELECT %s, k.id, t.id, CASE k.kind WHEN 'available' THEN -0.01 ELSE 0.01 END
    FROM credits_lot t, credits_account k
    WHERE t.uuid = %s AND (k.kind, k.owner) IN (('available', %s), ('reserved', %s))
"""

ENTRY = "INSERT INTO credits_logentry (kind, subject_uuid, owner_uuid, entry) VALUES ('posting', %s, %s, %s)"


def by_hand(database: psycopg.Connection, lot: UUID, holder: UUID) -> None:
    """The same posting and its log entry in five statements, as somebody would write them by hand."""
    application = uuid4()
    with database.transaction():
        row = database.execute(POSTING, [uuid4(), str(uuid4()), application]).fetchone()
        assert row
        database.execute(ACCOUNTS, [str(holder), str(application)])
        database.execute(LINES, [row[0], lot, str(holder), str(application)])
        salt = database.execute("SELECT salt FROM credits_ownersalt WHERE owner_uuid = %s", [holder]).fetchone()
        assert salt
        document = json.dumps({"posting": str(row[1]), "lot": str(lot), "holder": str(holder), "amount": "0.01"})
        committed = hmac.new(salt[0], document.encode(), "sha256").hexdigest()
        database.execute(ENTRY, [row[1], holder, json.dumps({"commitment": committed}).encode()])


def per_second(count: int, deed: Callable[[int], None]) -> float:
    began = time.perf_counter()
    for number in range(count):
        deed(number)
    return count / (time.perf_counter() - began)


def test_postings_per_second(committed_database: str, cluster: Cluster) -> None:
    lots = [minted_lot(amount="100.00") for _ in range(LOTS)]
    with cluster.connect(committed_database, role="application") as database:

        def hand(number: int) -> None:
            lot = lots[number % LOTS]
            by_hand(database, lot.uuid, lot.holder_uuid)

        per_second(100, hand)  # plans are made, pages are warm
        per_second(100, lambda number: through_the_door(lots, number))
        baseline = per_second(POSTINGS, hand)
        ours = per_second(POSTINGS, lambda number: through_the_door(lots, number))
    report("ledger postings, one connection", ours, "postings/s", baseline)
    assert differences() == []
    assert ours > baseline / 2


def test_postings_per_second_with_several_workers(committed_database: str) -> None:
    lots = [minted_lot(amount="100.00") for _ in range(LOTS)]

    def work(worker: int) -> None:
        try:
            for number in range(worker, POSTINGS, WORKERS):
                through_the_door(lots, number)
        finally:
            connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    report(f"ledger postings, {WORKERS} threads", POSTINGS / (time.perf_counter() - began), "postings/s")
    began = time.perf_counter()
    assert differences() == []
    report(f"reconciling {POSTINGS + LOTS} postings", time.perf_counter() - began, "s")
