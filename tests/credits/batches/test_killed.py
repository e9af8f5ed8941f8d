"""A real worker process is killed in the middle; the next one goes on, and every certificate is there exactly once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from credits.batches.models import Batch, BatchLine
from credits.batches.rules import Counts
from credits.batches.states import BatchStatus
from credits.certificates.models import Certificate, CertificateMove, NumberSeries
from tests.factories.batches import TERM, TermScene, make_term_scene

ROOT = Path(__file__).resolve().parents[3]
STUDENTS = 12
DEADLINE_S = 120


def issue_term(scene: TermScene, database: str, keys: Path, *more: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "edu.settings.test",
        "GUIXUE_DATABASE_NAME": database,
        "GUIXUE_KEYS_DIR": str(keys),
        "GUIXUE_LOG_DIR": str(settings.GUIXUE_LOG_DIR),
        "GUIXUE_ERASURES_FILE": str(settings.GUIXUE_ERASURES_FILE),
    }
    command = [sys.executable, "-W", "ignore", "manage.py", "issue_term", str(scene.university.code), TERM, *more]
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)


def drawn() -> int:
    return Certificate.objects.filter(status="issued").count()


@pytest.mark.long
def test_killed_in_the_middle_and_gone_on_with(committed_database: str, keys_dir: Path) -> None:
    scene = make_term_scene(STUDENTS)
    worker = issue_term(scene, committed_database, keys_dir, "--workers", "1")
    until = time.monotonic() + DEADLINE_S
    while drawn() < 3:
        assert worker.poll() is None, worker.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    before = dict(Certificate.objects.filter(status="issued").values_list("lot_uuid", "number"))
    assert 3 <= len(before) < STUDENTS
    assert Batch.objects.get().status == BatchStatus.RUNNING
    # two minutes pass
    BatchLine.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())
    Certificate.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())

    said, _errors = issue_term(scene, committed_database, keys_dir, "--workers", "2").communicate(timeout=DEADLINE_S)
    assert f"{STUDENTS} of {STUDENTS}: {STUDENTS} issued, 0 refused, 0 failed" in said
    batch = Batch.objects.get()
    assert batch.status == BatchStatus.DONE
    assert drawn() == Certificate.objects.count() == STUDENTS
    assert set(Certificate.objects.values_list("lot_uuid", flat=True)) == {lot.uuid for lot in scene.lots}
    assert NumberSeries.objects.get().last_serial == STUDENTS
    assert CertificateMove.objects.filter(target="issued").count() == STUDENTS
    for lot_uuid, number in before.items():
        assert Certificate.objects.get(lot_uuid=lot_uuid).number == number
    assert batch.archives.get().papers == STUDENTS
    assert Counts(issued=STUDENTS).total == batch.lines.count()
