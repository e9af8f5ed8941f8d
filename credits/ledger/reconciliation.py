"""Recomputing the ledger from its posting lines, and looking whether its guards still stand.

Trusts no balance and no trigger: every invariant is asked again in plain SQL over the rows.
"""

from dataclasses import dataclass

from django.db import connection, transaction

ROWS_MAX = 1000  # per check: enough to see the pattern, and a broken ledger of millions still answers


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as it must be."""

    check: str
    row: str
    says: str
    should: str


CHECKS: dict[str, str] = {
    "balance-equals-lines": """
        SELECT 'account ' || coalesce(l.account_id, b.account_id) || ' lot ' || coalesce(l.lot_id, b.lot_id),
            coalesce(b.amount::text, 'no balance'), coalesce(l.amount, 0)::text
        FROM (SELECT account_id, lot_id, sum(amount) AS amount FROM credits_postingline GROUP BY 1, 2) l
        FULL JOIN credits_balance b ON b.account_id = l.account_id AND b.lot_id = l.lot_id
        WHERE b.amount IS DISTINCT FROM coalesce(l.amount, 0)
    """,
    "balance-has-its-sign": """
        SELECT 'account ' || b.account_id || ' lot ' || b.lot_id, b.amount::text,
            CASE WHEN k.kind IN ('issued', 'converted_in') THEN 'at most 0' ELSE 'at least 0' END
        FROM credits_balance b JOIN credits_account k ON k.id = b.account_id
        WHERE (k.kind IN ('issued', 'converted_in')) <> b.is_source
            OR (b.is_source AND b.amount > 0) OR (NOT b.is_source AND b.amount < 0)
    """,
    "posting-sums-to-zero": """
        SELECT 'posting ' || p.uuid || ' lot ' || l.lot_id, sum(l.amount)::text, '0.00'
        FROM credits_postingline l JOIN credits_posting p ON p.id = l.posting_id
        GROUP BY p.uuid, l.lot_id HAVING sum(l.amount) <> 0
    """,
    "posting-has-its-lines": """
        SELECT 'posting ' || p.uuid, count(l.id)::text, p.line_count::text
        FROM credits_posting p LEFT JOIN credits_postingline l ON l.posting_id = p.id
        GROUP BY p.id HAVING count(l.id) <> p.line_count OR p.line_count < 2
    """,
    "posting-moves-allowed": """
        SELECT 'posting ' || p.uuid, k.kind || ' ' || l.amount, 'not by ' || p.event
        FROM credits_postingline l
        JOIN credits_posting p ON p.id = l.posting_id JOIN credits_account k ON k.id = l.account_id
        WHERE p.event <> 'reversed' AND NOT EXISTS (
            SELECT 1 FROM ledger_allowed_moves() m
            WHERE m.event = p.event AND m.comes_in = (l.amount > 0) AND m.kind = k.kind)
    """,
    "reversal-mirrors": """
        SELECT 'posting ' || r.uuid || ' account ' || l.account_id, sum(l.amount)::text, '0.00 with what it reverses'
        FROM credits_posting r JOIN credits_posting p ON p.id = r.reverses_id
        JOIN credits_postingline l ON l.posting_id = r.id OR l.posting_id = p.id
        GROUP BY r.uuid, l.account_id, l.lot_id HAVING sum(l.amount) <> 0
    """,
    "reversal-not-of-a-reversal": """
        SELECT 'posting ' || r.uuid, 'reverses ' || p.event, 'another event'
        FROM credits_posting r JOIN credits_posting p ON p.id = r.reverses_id
        WHERE p.reverses_id IS NOT NULL OR r.event <> 'reversed'
    """,
    "posting-reversed-once": """
        SELECT 'posting ' || p.uuid, count(*)::text || ' reversals', '1'
        FROM credits_posting r JOIN credits_posting p ON p.id = r.reverses_id GROUP BY p.uuid HAVING count(*) > 1
    """,
    "posting-key-once": """
        SELECT 'key ' || idempotency_key, count(*)::text || ' postings', '1'
        FROM credits_posting GROUP BY idempotency_key HAVING count(*) > 1
    """,
    "event-not-after-record": """
        SELECT 'posting ' || uuid, event_at::text, 'not after ' || recorded_at::text
        FROM credits_posting WHERE event_at > recorded_at
    """,
    "lot-minted-once": """
        SELECT 'activity ' || activity_uuid || ' attempt ' || attempt, count(*)::text || ' lots', '1'
        FROM credits_lot GROUP BY issuer_uuid, activity_uuid, holder_uuid, attempt HAVING count(*) > 1
    """,
    "lot-equals-its-first-posting": """
        SELECT 'lot ' || t.uuid, coalesce(f.amount::text, 'never posted'), t.amount::text
        FROM credits_lot t LEFT JOIN (
            SELECT DISTINCT ON (l.lot_id) l.lot_id, -l.amount AS amount
            FROM credits_postingline l JOIN credits_account k ON k.id = l.account_id
            WHERE k.kind IN ('issued', 'converted_in') AND l.amount < 0
            ORDER BY l.lot_id, l.id) f ON f.lot_id = t.id
        WHERE f.amount IS DISTINCT FROM t.amount
    """,
    "lot-recognised-at-home-names-another": """
        SELECT 'lot ' || t.uuid, 'converted in', 'a lot it derives from'
        FROM credits_lot t JOIN credits_balance b ON b.lot_id = t.id JOIN credits_account k ON k.id = b.account_id
        WHERE k.kind = 'converted_in' AND t.derived_from_id IS NULL
    """,
    "guard-in-place": """
        SELECT 'trigger ' || wanted.name || ' on ' || wanted.place,
            CASE t.tgenabled WHEN 'O' THEN 'off for replicas' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replicas only'
                ELSE 'missing' END, 'always on'
        FROM (VALUES ('credits_lot', 'ledger_guard'), ('credits_lot', 'ledger_stamp'),
            ('credits_account', 'ledger_guard'), ('credits_posting', 'ledger_guard'),
            ('credits_posting', 'ledger_stamp'), ('credits_posting', 'ledger_check'),
            ('credits_postingline', 'ledger_guard'), ('credits_postingline', 'ledger_move'),
            ('credits_balance', 'ledger_guard')) AS wanted(place, name)
        LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgrelid = wanted.place::regclass
        WHERE t.tgenabled IS DISTINCT FROM 'A'
    """,
    "application-privileges": """
        SELECT 'role guixue_app on ' || place, right_name, 'not granted'
        FROM (VALUES ('credits_lot'), ('credits_account'), ('credits_posting'), ('credits_postingline'),
            ('credits_balance')) AS tables(place),
            (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS rights(right_name)
        WHERE (right_name <> 'INSERT' OR place = 'credits_balance')
            AND has_table_privilege('guixue_app', place, right_name)
    """,
}


def differences() -> list[Difference]:
    """Return every row that breaks an invariant, from one snapshot of the database; empty when all is well."""
    found: list[Difference] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # our own transaction, not one inside a test's
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for check, sql in CHECKS.items():
            cursor.execute(f"{sql} LIMIT {ROWS_MAX}")
            found.extend(Difference(check, *row) for row in cursor.fetchall())
    return found


def sizes() -> dict[str, int]:
    """Return how many rows were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM credits_lot), (SELECT count(*) FROM credits_posting),"
            " (SELECT count(*) FROM credits_postingline), (SELECT count(*) FROM credits_balance)"
        )
        lots, postings, lines, balances = cursor.fetchone()
    return {"lots": lots, "postings": postings, "lines": lines, "balances": balances}
