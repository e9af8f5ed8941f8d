"""Sealing a term of 100,000 lots, a proof out of it and its check, beside plain SHA-256 over as many leaves."""

import hashlib
import json
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from credits.log import keys
from credits.seals import actions, proofs, proving
from credits.seals.models import TermSeal
from edu.embedded.database import Cluster
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from tests.bench.report import report
from tests.factories.seals import AFTER, TERM, make_sealing_house

PEOPLE, LOTS_EACH = 20_000, 5
LOTS = PEOPLE * LOTS_EACH
PROOFS = 50
LEAF_BYTES = 88  # key, commitment, sums: what a leaf hashes

pytestmark = pytest.mark.bench

# Lots as a term leaves them, each with its posting and its place in the log; guards are off, since a million checks of
# what is known to be balanced would be what is measured.
FILL = """
    ALTER TABLE credits_lot DISABLE TRIGGER USER; ALTER TABLE credits_account DISABLE TRIGGER USER;
    ALTER TABLE credits_posting DISABLE TRIGGER USER; ALTER TABLE credits_postingline DISABLE TRIGGER USER;
    ALTER TABLE credits_logentry DISABLE TRIGGER USER; ALTER TABLE credits_ownersalt DISABLE TRIGGER USER;
    ALTER TABLE credits_saltrecord DISABLE TRIGGER USER;
    CREATE TEMP TABLE person AS SELECT n, gen_random_uuid() AS uuid FROM generate_series(1, {people}) n;
    INSERT INTO credits_saltrecord (owner_uuid, made_at) SELECT uuid, now() FROM person;
    INSERT INTO credits_ownersalt (owner_uuid, salt, recorded_at)
        SELECT uuid, sha256(uuid::text::bytea), now() FROM person;
    INSERT INTO credits_account (kind, owner) VALUES ('issued', '{host}');
    INSERT INTO credits_account (kind, owner) SELECT 'available', uuid::text FROM person;
    INSERT INTO credits_lot (uuid, issuer_uuid, activity_uuid, holder_uuid, attempt, unit, amount, rule_hash,
            foreign_id, source_kind, source_uuid, facts, minted_at, recorded_at)
        SELECT gen_random_uuid(), '{host}', gen_random_uuid(), uuid, 1, 'credit_points', 2, '', '', 'result',
            gen_random_uuid(), '{{"course_code": "STAT101", "course_name_zh": "数据会说话"}}', '2024-12-01', now()
        FROM person, generate_series(1, {each});
    INSERT INTO credits_posting (uuid, event, idempotency_key, line_count, source_kind, source_uuid, actor_role,
            event_at, recorded_at)
        SELECT gen_random_uuid(), 'minted', 'mint:' || uuid, 2, 'result', source_uuid, 'system', '2024-12-01', now()
        FROM credits_lot;
    INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)
        SELECT p.id, k.id, t.id, CASE k.kind WHEN 'issued' THEN -2 ELSE 2 END
        FROM credits_posting p JOIN credits_lot t ON p.source_uuid = t.source_uuid
        JOIN credits_account k ON k.owner IN ('{host}', t.holder_uuid::text);
    INSERT INTO credits_logentry (kind, subject_uuid, owner_uuid, entry, index, recorded_at)
        SELECT 'posting', p.uuid, t.holder_uuid, 'x', row_number() OVER () - 1, now()
        FROM credits_posting p JOIN credits_lot t ON p.source_uuid = t.source_uuid;
    ANALYZE;
"""


def filled(database: str, cluster: Cluster, host: UUID) -> UUID:
    """Fill the ledger; return one of its people."""
    with cluster.connect(database) as superuser:
        superuser.execute(FILL.format(people=PEOPLE, each=LOTS_EACH, host=host))
        row = superuser.execute("SELECT holder_uuid FROM credits_lot ORDER BY uuid LIMIT 1").fetchone()
    assert row
    found: UUID = row[0]
    return found


def plain_hashing() -> float:
    """The seconds that SHA-256 alone takes for as many leaves and nodes of the same length."""
    leaf, node = bytes(LEAF_BYTES), bytes(2 * (32 + 24))
    began = time.perf_counter()
    for _ in range(LOTS):
        hashlib.sha256(leaf).digest()
    for _ in range(LOTS + 2 * PEOPLE):
        hashlib.sha256(node).digest()
    return time.perf_counter() - began


def stored(seal: TermSeal) -> int:
    """The bytes that a seal takes in the database, indexes included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('credits_sealedperson')")
        return int(cursor.fetchone()[0]) + len(bytes(seal.crown))


def test_sealing_a_term(committed_database: str, cluster: Cluster, tmp_path: Path) -> None:
    keys.make()
    house = make_sealing_house()
    holder = filled(committed_database, cluster, house.host.uuid)
    baseline = plain_hashing()
    began = time.perf_counter()
    with clock.at(AFTER):
        seal = actions.seal_term(term_code=TERM, acting=SYSTEM)
    seconds = time.perf_counter() - began
    assert (seal.lot_count, seal.person_count, int(seal.entered)) == (LOTS, PEOPLE, 2 * LOTS)
    report(f"sealing {LOTS} lots of {PEOPLE} people", seconds, "s", baseline)
    report(f"a seal of {LOTS} lots in the database", stored(seal) / 1024, "KB")

    began = time.perf_counter()
    for _ in range(PROOFS):
        sealed = proving.sealed_of(seal, holder)
        proof = proving.proof_of_lot(sealed, UUID(sealed.documents[0]["lot"]))
    report(f"a proof out of {LOTS} lots", (time.perf_counter() - began) / PROOFS * 1000, "ms")
    text = json.dumps(proof, ensure_ascii=False, indent=1).encode()
    report(f"bytes of a proof out of {LOTS} lots", len(text), "B")

    began = time.perf_counter()
    for _ in range(PROOFS):
        assert len(proofs.check(proofs.read(text)).leaves) == 1
    checking = (time.perf_counter() - began) / PROOFS * 1000
    hashes = sum(len(part["path"]) for part in (proof["person"], *proof["leaves"])) + 2
    began = time.perf_counter()
    for _ in range(PROOFS):
        for _ in range(hashes):
            hashlib.sha256(bytes(LEAF_BYTES)).digest()
    report(f"checking a proof out of {LOTS} lots", checking, "ms", (time.perf_counter() - began) / PROOFS * 1000)
    assert seconds < 120
    assert checking < 100
