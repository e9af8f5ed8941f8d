"""The paper: archival PDF, whole names, a code that reads, the record inside."""

import ctypes
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp

from credits.certificates import pdf_reading, records
from credits.certificates.paper import document, fonts, ornament
from credits.certificates.records import Unreadable
from tests.credits.certificates.test_rules import statement
from tests.pdf.verapdf_runner import failures

LONG_NAME = "阿卜杜热西提·阿卜杜喀迪尔·买买提艾力·吐尔逊江"
LONG_COURSE = "面向数字化转型的数据素养与统计思维及其在民族地区教育治理中的应用案例研讨（上）"
HARD = {
    "rare": {"name_zh": "龙䶮", "name_latin": "Long Yan"},
    "long": {"name_zh": LONG_NAME.ljust(25, "江"), "name_latin": "Abdureshit Abdukadir Mamatali Tursunjan"},
    "short": {"name_zh": "韦秀兰"},
}


def paper(holder: dict[str, str] | None = None, **changes: Any) -> tuple[bytes, bytes]:
    said = statement(**({"holder": holder} if holder else {}), **changes)
    said["address"] = "https://guixue.example.org/v/Zm9vYmFyYmF6cXV4MTIzNA"
    record = records.dump(records.Record(said, "AA==", "k"), "AA==")
    return document.draw_pdf(said, record), record


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    found = pypdfium2.PdfDocument(pdf)
    try:
        yield found
    finally:
        found.close()


def text_of(pdf: bytes, page: int) -> str:
    with opened(pdf) as found:
        return "".join(str(found[page].get_textpage().get_text_range()).split())


@pytest.mark.java
@pytest.mark.parametrize("kind", sorted(HARD))
def test_the_paper_is_pdf_a_3a(kind: str, tmp_path: Path) -> None:
    pdf, _record = paper(HARD[kind])
    assert failures(pdf, "3a", tmp_path) == []


@pytest.mark.parametrize("kind", sorted(HARD))
def test_the_name_stands_whole_on_both_pages(kind: str) -> None:
    holder = HARD[kind]
    pdf, _record = paper(holder)
    with opened(pdf) as found:
        assert len(found) == 2
    assert holder["name_zh"] in text_of(pdf, 0)
    assert holder["name_zh"] in text_of(pdf, 1)


def test_very_long_facts_get_smaller_text_and_no_third_page() -> None:
    pdf, _record = paper(
        HARD["long"],
        course={
            "name_zh": LONG_COURSE * 2,
            "name_en": "Data Literacy and Statistical Thinking in Regional Education " * 3,
        },
        home_institution={
            "name_zh": "广西壮族自治区某某职业技术师范高等专科学校",
            "name_en": "Vocational Teachers College " * 4,
        },
    )
    with opened(pdf) as found:
        assert len(found) == 2
    assert "应用案例研讨" in text_of(pdf, 0)


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(document.PaperOverflows):
        paper({"name_zh": "长" * 3000})


def test_the_code_on_the_rendered_page_reads_back_to_the_address() -> None:
    pdf, _record = paper()
    with opened(pdf) as found:
        image = found[0].render(scale=200 / 72).to_pil()
    codes = zxingcpp.read_barcodes(image)
    assert [code.text for code in codes] == ["https://guixue.example.org/v/Zm9vYmFyYmF6cXV4MTIzNA"]


def test_the_code_is_at_least_25_mm_wide_with_four_white_modules() -> None:
    address = "https://guixue.example.org/v/Zm9vYmFyYmF6cXV4MTIzNA"
    modules = segno.make_qr(address, error="q", boost_error=False).symbol_size(border=0)[0]
    module_mm = ornament.qr_outer_mm(address) / (modules + 8)
    assert module_mm * modules == pytest.approx(28.0)
    assert module_mm > 0.4  # what a cheap phone needs


def test_the_text_is_text_in_both_languages() -> None:
    pdf, _record = paper()
    chinese, english = text_of(pdf, 0), text_of(pdf, 1)
    for words in ("学分证书", "数据素养", "2.0学分", "https://guixue.example.org/v/Zm9vYmFyYmF6cXV4MTIzNA"):
        assert words in chinese
    for words in ("CreditCertificate", "Dataliteracy", "2.0credits", "7September2026"):
        assert words in english


def test_the_record_lies_in_the_paper_byte_for_byte() -> None:
    pdf, record = paper()
    with opened(pdf) as found:
        assert bytes(found.get_attachment(0).get_data()) == record
        assert found.get_attachment(0).get_name() == "certificate.json"
    assert pdf_reading.record_in(pdf) == record


def test_another_program_may_save_the_paper_again_and_the_record_is_still_found() -> None:
    pdf, record = paper()
    again = io.BytesIO()
    with opened(pdf) as found:
        found.save(again)
    assert pdf_reading.record_in(again.getvalue()) == record


def test_a_paper_with_two_records_is_not_believed() -> None:
    pdf, record = paper()
    other = record.replace(b'"2.00"', b'"8.00"')
    with pytest.raises(Unreadable, match="several-records-in-pdf"):
        pdf_reading.record_in(pdf + b"\n9 0 obj\n<< >>\nstream\n" + other + b"\nendstream\nendobj\n")


def test_a_bomb_in_a_stream_costs_nothing() -> None:
    bomb = zlib.compress(b"0" * (200 * 1024 * 1024), 9)
    with pytest.raises(Unreadable, match="no-record-in-pdf"):
        pdf_reading.record_in(b"%PDF-1.7\n" + b"stream\n" + bomb + b"\nendstream\n")


def test_a_paper_fetches_nothing_from_outside() -> None:
    for url in ("https://example.org/x.png", "file:///etc/passwd", "http://localhost/"):
        with pytest.raises(document.Foreign):
            document._fetcher().fetch(url)


def test_the_fonts_have_rare_characters_and_name_those_they_lack() -> None:
    assert fonts.missing_characters("龙䶮赟𬭚㛃·ＡéǚWei") == ()
    assert fonts.missing_characters("𠮷田𠮷😀") == ("𠮷", "😀")


def test_the_title_and_language_are_stated() -> None:
    pdf, _record = paper()
    with opened(pdf) as found:
        assert "学分证书" in found.get_metadata_dict()["Title"]
        length = pypdfium2.raw.FPDFCatalog_GetLanguage(found.raw, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pypdfium2.raw.FPDFCatalog_GetLanguage(
            found.raw, ctypes.cast(buffer, ctypes.POINTER(pypdfium2.raw.FPDF_WCHAR)), length
        )
    assert buffer.raw.decode("utf-16-le").rstrip("\0") == "zh-Hans-CN"
