"""What signing, tagging and the record cost: a certificate beside WeasyPrint's bare PDF of the same page."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from weasyprint import HTML

from credits.certificates import drawing, queries, records, signing
from credits.certificates.evidence import evidence_of
from credits.certificates.paper import document
from credits.certificates.records import Record
from tests.bench.report import report
from tests.credits.certificates.test_rules import KEY_ID, public, signed, statement
from tests.factories.certificates import issued, make_scene

ROUNDS = 15


def median_ms(draw: Callable[[], object]) -> float:
    draw()  # fonts are read once a process
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        draw()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


@pytest.mark.bench
def test_a_certificate_beside_bare_weasyprint() -> None:
    said = statement()

    def certificate() -> bytes:
        record = signed(said)
        data = records.dump(Record(said, record.signature, KEY_ID), public().public_key)
        return document.draw_pdf(said, data)

    def bare() -> bytes:
        page = HTML(string=document.html_of(said), url_fetcher=document._fetcher())
        pdf: bytes = page.write_pdf(font_config=document._font_configuration(), stylesheets=[document._styles()])
        return pdf

    made = median_ms(certificate)
    report("certificate PDF with its record, PDF/A-3a and PDF/UA-1, two pages", made, "ms", baseline=median_ms(bare))


@pytest.mark.bench
@pytest.mark.django_db
def test_signing_a_paper_and_papers_a_second(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    row = queries.rows().get(pk=issued(make_scene()).pk)
    evidence = evidence_of(row)
    assert evidence is not None
    said = row.statement
    pdf = document.draw_pdf(said, records.dump(queries.record_of(row, evidence), row.key.public_key))
    whole = median_ms(lambda: drawing._drawn(row, evidence))
    sign = median_ms(lambda: signing.signed(pdf, row.key, issuer="桂江大学", number=row.number))
    report("PAdES signature of a paper", sign, "ms")
    report("certificates drawn, with large code, credential and signature, one core", 1000 / whole, "a second")
