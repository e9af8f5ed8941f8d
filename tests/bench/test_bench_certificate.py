"""What signing, tagging and the record cost: a certificate beside WeasyPrint's bare PDF of the same page."""

import statistics
import time
from collections.abc import Callable

import pytest
from weasyprint import HTML

from credits.certificates import records
from credits.certificates.paper import document
from credits.certificates.records import Record
from tests.bench.report import report
from tests.credits.certificates.test_rules import KEY_ID, public, signed, statement

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

    report("certificate PDF, signed, PDF/A-3a, two pages", median_ms(certificate), "ms", baseline=median_ms(bare))
