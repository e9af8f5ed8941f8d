"""The large code: it fits, it is on the paper, and a poor phone reads it back."""

import io
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from credits.certificates.compact import decode, from_digits
from credits.certificates.paper import document, large_code
from credits.certificates.paper.large_code import SIZE_MM, text_of, version_of
from edu.kernel.canonical import canonical_bytes
from tests.factories.proofs import BOOK, HOST, TOKEN, Proof, statement

DPI = 300
FRAME = 720  # the short side of a poor phone's picture
HUGE = {"holder": {"name_zh": "阿卜杜热西提·阿卜杜喀迪尔·买买提艾力·吐尔逊江", "name_latin": "Abdureshit Abdukadir"}}


@pytest.fixture(scope="module")
def drawn() -> tuple[str, bytes]:
    proof = Proof()
    text = text_of(proof.proven(), BOOK)
    return text, document.draw_pdf(proof.statement, canonical_bytes(proof.record()), text)


@pytest.fixture(scope="module")
def back(drawn: tuple[str, bytes]) -> Iterator[Image.Image]:
    pdf = pypdfium2.PdfDocument(drawn[1])
    assert len(pdf) == 2
    yield pdf[1].render(scale=DPI / 72).to_pil()
    pdf.close()


def photographed(back: Image.Image, *, blur: float, tilt: float, seed: int) -> Image.Image:
    """Return the code as a phone sees it: filling 85 % of 720 px, tilted, out of focus, noisy, as JPEG."""
    per_mm = DPI / 25.4
    side = SIZE_MM / 0.85 * per_mm
    middle_x, middle_y = (18 + large_code.outer_mm("https://x/v/y#" + "1" * 2900) / 2) * per_mm, 162 * per_mm
    box = tuple(int(v) for v in (middle_x - side / 2, middle_y - side / 2, middle_x + side / 2, middle_y + side / 2))
    seen = (
        back.convert("L")
        .crop((box[0], box[1], box[2], box[3]))
        .rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
    )
    seen = seen.resize((FRAME, FRAME), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(blur))
    noise = Image.effect_noise((FRAME, FRAME), 22 + seed)
    stored = io.BytesIO()
    Image.blend(seen, noise, 0.15).save(stored, "JPEG", quality=75)
    return Image.open(stored)


@pytest.mark.parametrize("with_book", [True, False])
def test_long_names_three_witnesses_and_a_million_entries_fit(with_book: bool) -> None:
    version = version_of(text_of(Proof().proven(), BOOK if with_book else {}))
    assert 0 < version <= (25 if with_book else 27)


def test_the_token_is_left_out_only_where_that_helps() -> None:
    usual = text_of(Proof().proven(), BOOK)
    assert decode(from_digits(usual.split("#")[1]), BOOK, origin=HOST) == Proof().proven()
    proof = Proof(statement(**HUGE))
    assert 0 < version_of(text_of(proof.proven(), BOOK)) <= 27
    assert text_of(Proof(statement(course={"name_zh": "课" * 400})).proven(), BOOK) == ""


def test_both_codes_are_on_the_back(drawn: tuple[str, bytes], back: Image.Image) -> None:
    found = {one.text for one in zxingcpp.read_barcodes(back, formats=zxingcpp.BarcodeFormat.QRCode)}
    assert found == {drawn[0], f"{HOST}/v/{TOKEN}"}


@pytest.mark.parametrize(("blur", "tilt"), [(0.8, 0), (1.2, 3), (1.6, -4)])
def test_a_poor_phone_reads_it(drawn: tuple[str, bytes], back: Image.Image, blur: float, tilt: float) -> None:
    read = 0
    for seed in range(4):
        picture = photographed(back, blur=blur, tilt=tilt + seed / 2, seed=seed)
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        read += any(one.text == drawn[0] for one in found)
    assert read == 4


def test_a_paper_without_proof_has_no_large_code() -> None:
    html = document.html_of(statement())
    assert 'class="large"' not in html
    assert 'class="large"' in document.html_of(statement(), code="https://x/v/y#1")
