"""Certificates a second in a batch, on one process and on two, beside bare WeasyPrint drawing the same pages."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from weasyprint import HTML

from credits.batches.models import Batch
from credits.batches.queries import counts_of
from credits.certificates.models import Certificate
from credits.certificates.paper import document
from tests.bench.report import report
from tests.factories.batches import TERM, make_term_scene

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = int(os.environ.get("GUIXUE_BENCH_STUDENTS", "120"))
TERM_SIZE = 10_000


def bare_seconds(rows: list[Certificate]) -> float:
    start = time.perf_counter()
    for row in rows:
        page = HTML(string=document.html_of(row.statement), url_fetcher=document._fetcher())
        page.write_pdf(font_config=document._font_configuration(), stylesheets=[document._styles()])
    return (time.perf_counter() - start) / len(rows)


@pytest.mark.bench
@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_beside_bare_weasyprint(
    committed_database: str, settings: Settings, tmp_path: Path, workers: int
) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    scene = make_term_scene(STUDENTS)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "edu.settings.test",
        "GUIXUE_DATABASE_NAME": committed_database,
        "GUIXUE_KEYS_DIR": str(settings.KEYS_DIR),
        "GUIXUE_LOG_DIR": str(settings.GUIXUE_LOG_DIR),
        "GUIXUE_ERASURES_FILE": str(settings.GUIXUE_ERASURES_FILE),
    }
    command = [sys.executable, "-W", "ignore", "manage.py", "issue_term", str(scene.university.code), TERM]
    command += ["--workers", str(workers), "--no-archives"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    batch = Batch.objects.get()
    assert counts_of(batch).issued == STUDENTS
    assert batch.ended_at
    seconds = (batch.ended_at - batch.moves.get(target="running").happened_at).total_seconds()
    bare = bare_seconds(list(Certificate.objects.all()[:10]))
    each = seconds / STUDENTS
    report(f"batch of {STUDENTS}, {workers} process(es), a certificate", each * 1000, "ms", baseline=bare * 1000)
    report(f"a term of {TERM_SIZE:,}, {workers} process(es)", each * TERM_SIZE / 60, "min")
