"""Placing and publishing, proving, checking and replaying at a size that a term has, beside hashing alone."""

import os
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from credits.log import keys, merkle, monitoring, queries, replaying, sequencer, verify_log
from credits.log.models import LogEntry
from tests.bench.report import report
from tests.factories.log import make_log

ENTRIES = int(os.environ.get("GUIXUE_BENCH_LOG_ENTRIES", "100000"))  # 1000000 is a provincial term
PROOFS = 50
FILL = """
    INSERT INTO credits_logentry (kind, subject_uuid, owner_uuid, entry)
    SELECT 'seal', gen_random_uuid(), gen_random_uuid(),
        convert_to('{"commitment":"' || encode(sha256(n::text::bytea), 'hex')
            || '","kind":"seal","type":"guixue.log-entry","version":"1"}', 'UTF8')
    FROM generate_series(1, %s) n
"""

pytestmark = pytest.mark.bench


def timed(deed: object) -> float:
    began = time.perf_counter()
    deed()  # type: ignore[operator]  # any deed
    return time.perf_counter() - began


def test_a_term_in_the_log(
    committed_database: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_log(settings, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ENTRIES])
        cursor.execute("ANALYZE credits_logentry")
    entries = [bytes(entry) for entry in LogEntry.objects.values_list("entry", flat=True)]
    hashing = timed(lambda: merkle.root_of([merkle.leaf_hash(entry) for entry in entries]))
    placing = timed(sequencer.sequence)
    arguments = [str(folder), *(word for key in keys.public_keys() for word in ("--key", key.text))]
    checking = timed(lambda: verify_log.main(arguments))
    chosen = LogEntry.objects.filter(index__lt=ENTRIES).order_by("?").values_list("subject_uuid", flat=True)[:PROOFS]
    subjects = [subject for subject in chosen if subject]
    proving = timed(lambda: [queries.proof_of("seal", subject) for subject in subjects]) / PROOFS
    comparing = timed(monitoring.findings)
    replaying_all = timed(replaying.replay_tail)
    with capsys.disabled():
        report(f"log: placing, writing and signing {ENTRIES} entries", placing, "s", hashing)
        report("log: entries sequenced", ENTRIES / placing, "entries/s", ENTRIES / hashing)
        report(f"log: a proof among {ENTRIES}", proving * 1000, "ms")
        report(f"log: the independent check of {ENTRIES} entries", checking, "s", hashing)
        report(f"log: the monitor over {ENTRIES} entries", comparing, "s", hashing)
        report(f"log: replaying {ENTRIES} entries from the tiles", replaying_all, "s", hashing)
    assert queries.index_of("seal", subjects[0]) is not None
    assert proving < 0.05
