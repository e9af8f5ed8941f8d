"""Every invariant of the ledger, asked again in plain SQL: which row differs, what it says, what it should say.

Each statement trusts no balance, no trigger and no function that guards the tables. `{sources}` stands for the kinds of
accounts where credit begins.
"""

from credits.ledger.models import SOURCE_KIND_VALUES
from credits.ledger.rules import IRREVERSIBLE

SOURCES = ", ".join(f"'{kind}'" for kind in SOURCE_KIND_VALUES)

GROUNDS = (
    "ledgerrule", "foreignparty", "foreignpartykey", "lotexport", "lotexportrelease", "openinglist", "openingrow",
    "openingverdict", "degreeaward", "lotflag", "lotflaganswer",
)  # fmt: skip

_STATEMENTS: dict[str, str] = {
    "balance-equals-lines": """
        SELECT 'account ' || coalesce(l.account_id, b.account_id) || ' lot ' || coalesce(l.lot_id, b.lot_id),
            coalesce(b.amount::text, 'no balance'), coalesce(l.amount, 0)::text
        FROM (SELECT account_id, lot_id, sum(amount) AS amount FROM credits_postingline GROUP BY 1, 2) l
        FULL JOIN credits_balance b ON b.account_id = l.account_id AND b.lot_id = l.lot_id
        WHERE b.amount IS DISTINCT FROM coalesce(l.amount, 0)
    """,
    "balance-has-its-sign": """
        SELECT 'account ' || b.account_id || ' lot ' || b.lot_id, b.amount::text,
            CASE WHEN k.kind IN ({sources}) THEN 'at most 0' ELSE 'at least 0' END
        FROM credits_balance b JOIN credits_account k ON k.id = b.account_id
        WHERE (k.kind IN ({sources})) <> b.is_source
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
            WHERE k.kind IN ({sources}) AND l.amount < 0
            ORDER BY l.lot_id, l.id) f ON f.lot_id = t.id
        WHERE f.amount IS DISTINCT FROM t.amount
    """,
    "lot-recognised-at-home-names-another": """
        SELECT 'lot ' || t.uuid, 'converted in', 'a lot it derives from'
        FROM credits_lot t JOIN credits_balance b ON b.lot_id = t.id JOIN credits_account k ON k.id = b.account_id
        WHERE k.kind = 'converted_in' AND t.derived_from_id IS NULL
    """,
    "lot-enters-once": """
        SELECT 'lot ' || t.uuid, (-sum(l.amount))::text, 'at most ' || t.amount
        FROM credits_lot t JOIN credits_postingline l ON l.lot_id = t.id JOIN credits_account k ON k.id = l.account_id
        WHERE k.kind IN ({sources}) GROUP BY t.id HAVING -sum(l.amount) > t.amount
    """,
    "lot-recognised-once-at-home": """
        SELECT 'lot ' || o.uuid || ' at ' || t.issuer_uuid, count(*)::text || ' recognitions', '1'
        FROM credits_lot t JOIN credits_lot o ON o.id = t.derived_from_id
        JOIN (SELECT l.lot_id FROM credits_postingline l JOIN credits_account k ON k.id = l.account_id
              WHERE k.kind IN ('recognised', 'redeemed') GROUP BY l.lot_id HAVING sum(l.amount) > 0) h
            ON h.lot_id = t.id
        GROUP BY o.uuid, t.issuer_uuid HAVING count(*) > 1
    """,
    "lot-recognised-at-home-stays-with-its-holder": """
        SELECT 'lot ' || t.uuid, t.holder_uuid || ' ' || t.unit, o.holder_uuid || ' ' || o.unit
        FROM credits_lot t JOIN credits_lot o ON o.id = t.derived_from_id
        WHERE t.holder_uuid <> o.holder_uuid OR t.unit <> o.unit
    """,
    "foreign-credit-once": """
        SELECT 'issuer ' || issuer_uuid || ' number ' || foreign_id, count(*)::text || ' lots', '1'
        FROM credits_lot WHERE foreign_id <> '' GROUP BY issuer_uuid, foreign_id HAVING count(*) > 1
    """,
    "event-has-its-ground": """
        SELECT 'posting ' || p.uuid, p.event || ' without ground', 'a row that allows it'
        FROM credits_posting p
        WHERE (p.event = 'redeemed' AND NOT EXISTS (SELECT 1 FROM credits_degreeaward g WHERE g.uuid = p.source_uuid))
            OR (p.event = 'expired' AND NOT EXISTS (
                SELECT 1 FROM credits_ledgerrule g WHERE g.uuid = p.source_uuid AND g.kind = 'expiry_months'))
            OR (p.event = 'exported' AND NOT EXISTS (SELECT 1 FROM credits_lotexport g WHERE g.uuid = p.source_uuid))
            OR (p.event = 'returned' AND NOT EXISTS (
                SELECT 1 FROM credits_lotexportrelease g WHERE g.uuid = p.source_uuid))
            OR (p.event = 'opened' AND NOT EXISTS (
                SELECT 1 FROM credits_openingrow g JOIN credits_openingverdict v USING (opening_id)
                WHERE g.uuid = p.source_uuid AND v.confirmed))
            OR (p.event = 'imported' AND EXISTS (
                SELECT 1 FROM credits_postingline l JOIN credits_lot t ON t.id = l.lot_id
                WHERE l.posting_id = p.id AND t.foreign_id = ''))
    """,
    "ground-was-posted": """
        SELECT g.what || ' ' || g.uuid, 'not posted', 'a posting of ' || g.event
        FROM (SELECT 'award' AS what, uuid, 'redeemed' AS event FROM credits_degreeaward
            UNION ALL SELECT 'export', uuid, 'exported' FROM credits_lotexport
            UNION ALL SELECT 'release', uuid, 'returned' FROM credits_lotexportrelease
            UNION ALL SELECT 'opening row', w.uuid, 'opened' FROM credits_openingrow w
                JOIN credits_openingverdict v USING (opening_id) WHERE v.confirmed) g
        WHERE NOT EXISTS (SELECT 1 FROM credits_posting p WHERE p.source_uuid = g.uuid AND p.event = g.event)
    """,
    "exported-equals-what-is-out": """
        SELECT 'export ' || e.uuid, coalesce(b.came, 0) || ' went, ' || coalesce(b.amount, 0) || ' are out',
            e.amount || ' went, ' || CASE WHEN r.id IS NULL THEN e.amount ELSE 0 END || ' are out'
        FROM credits_lotexport e JOIN credits_foreignparty f ON f.id = e.party_id
        LEFT JOIN credits_lotexportrelease r ON r.export_id = e.id
        LEFT JOIN (SELECT k.owner, sum(l.amount) AS amount, sum(greatest(l.amount, 0)) AS came
            FROM credits_postingline l
            JOIN credits_account k ON k.id = l.account_id WHERE k.kind = 'exported' GROUP BY k.owner) b
            ON b.owner = f.uuid::text || ':' || e.uuid::text
        WHERE coalesce(b.came, 0) <> e.amount
            OR coalesce(b.amount, 0) <> CASE WHEN r.id IS NULL THEN e.amount ELSE 0 END
    """,
    "opening-confirmed-by-another": """
        SELECT 'list ' || o.uuid, 'confirmed by who uploaded it', 'another person'
        FROM credits_openinglist o JOIN credits_openingverdict v ON v.opening_id = o.id
        WHERE v.confirmed AND (v.actor_person_uuid IS NULL OR v.actor_person_uuid = o.actor_person_uuid)
    """,
    "reversal-not-of-what-others-rely-on": """
        SELECT 'posting ' || r.uuid, 'reverses ' || p.event, 'another event'
        FROM credits_posting r JOIN credits_posting p ON p.id = r.reverses_id WHERE p.event IN ({irreversible})
    """,
    "guard-in-place": """
        SELECT 'trigger ' || wanted.name || ' on ' || wanted.place,
            CASE t.tgenabled WHEN 'O' THEN 'off for replicas' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replicas only'
                ELSE 'missing' END, 'always on'
        FROM (VALUES ('credits_lot', 'ledger_guard'), ('credits_lot', 'ledger_stamp'),
            ('credits_account', 'ledger_guard'), ('credits_posting', 'ledger_guard'),
            ('credits_posting', 'ledger_stamp'), ('credits_posting', 'ledger_check'),
            ('credits_postingline', 'ledger_guard'), ('credits_postingline', 'ledger_move'),
            ('credits_balance', 'ledger_guard'), ('credits_openingverdict', 'ledger_check'),
            ('credits_openingrow', 'ledger_check'), {grounds_guarded}) AS wanted(place, name)
        LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgrelid = wanted.place::regclass
        WHERE t.tgenabled IS DISTINCT FROM 'A'
    """,
    "application-privileges": """
        SELECT 'role guixue_app on ' || place, right_name, 'not granted'
        FROM (VALUES ('credits_lot'), ('credits_account'), ('credits_posting'), ('credits_postingline'),
            ('credits_balance'), {grounds}) AS tables(place),
            (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS rights(right_name)
        WHERE (right_name <> 'INSERT' OR place = 'credits_balance')
            AND has_table_privilege('guixue_app', place, right_name)
    """,
}

_WORDS = {
    "{sources}": SOURCES,
    "{irreversible}": ", ".join(sorted(f"'{event}'" for event in IRREVERSIBLE)),
    "{grounds}": ", ".join(f"('credits_{name}')" for name in GROUNDS),
    "{grounds_guarded}": ", ".join(f"('credits_{name}', 'ledger_guard')" for name in GROUNDS),
}


def _filled(sql: str) -> str:
    for mark, words in _WORDS.items():
        sql = sql.replace(mark, words)
    return sql


CHECKS = {name: _filled(sql) for name, sql in _STATEMENTS.items()}
