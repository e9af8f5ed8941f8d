"""Draws papers, PDF/A-3a and PDF/UA-1, with the machine record inside: certificates on two pages, or transcripts."""

import base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from credits.certificates import statement as statements
from credits.certificates import transcript, wording
from credits.certificates.paper import archival, fonts, large_code, ornament
from credits.certificates.records import FILE_NAME
from credits.designs import queries as designs
from credits.designs.queries import Design
from credits.designs.rules import TINTS, filled

TEMPLATE = "credits/certificates/paper.html"
STYLES = "credits/certificates/paper.css"
TRANSCRIPT_TEMPLATE = "credits/certificates/transcript.html"
TRANSCRIPT_STYLES = "credits/certificates/transcript.css"
PAGES = 2  # Chinese and English
TIGHTNESS = ("", "tight", "tighter")  # for long names: smaller text before a third page
CREDENTIAL_NAME = "credential.json"
RECORD_SAYS = "Signed machine record of this certificate 机读记录"
CREDENTIAL_SAYS = "W3C Verifiable Credential, Open Badge 3.0 可验证凭证"
MICRO_TIMES = 14  # fills the fine line under the facts even with a name of two characters


class PaperOverflows(RuntimeError):
    """The facts do not fit on two pages even in the smallest size; nothing was drawn."""


class Foreign(FatalURLFetchingError):
    """The paper named an address outside itself and its fonts."""


class PaperFetcher(URLFetcher):
    """Gives a paper its fonts and what it carries itself, and refuses every other address."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a font file or inline data; Foreign otherwise."""
        if not url.startswith(("data:", fonts.folder().as_uri() + "/")):
            raise Foreign(f"A certificate fetches nothing from outside: {url[:80]}")
        return super().fetch(url, headers)


def draw_pdf(
    statement: Mapping[str, Any],
    record: bytes,
    code: str = "",
    *,
    witnessed: bool = True,
    design: Design | None = None,
    credential: bytes = b"",
) -> bytes:
    """Return the PDF of a signed statement with its machine record attached; it says when witnesses are missing.

    `code` is what the large code on the back page says (large_code.text_of); without one there is none. `design` is
    the issuer's own wording and ornament, frozen with the certificate; without one it is the platform's.
    `credential` is the W3C credential, attached beside the record: the same facts in another form.
    """
    if statement.get("type") == transcript.TYPE:
        document = _laid_out_transcript(statement, witnessed, design)
    else:
        document = _laid_out(statement, code, witnessed, design)
    document.metadata.attachments = [_attached(FILE_NAME, record, RECORD_SAYS, "Data")]
    if credential:
        document.metadata.attachments.append(_attached(CREDENTIAL_NAME, credential, CREDENTIAL_SAYS, "Alternative"))
    return archival.written(document)


def _attached(name: str, content: bytes, description: str, relationship: str) -> Attachment:
    return Attachment(
        string=content, name=name, description=description, relationship=relationship, url_fetcher=_fetcher()
    )


def html_of(
    statement: Mapping[str, Any],
    tightness: str = "",
    code: str = "",
    *,
    witnessed: bool = True,
    design: Design | None = None,
) -> str:
    """Return the HTML of the paper; everything it needs is inside, but for the fonts."""
    chinese, english = wording.in_chinese(statement), wording.in_english(statement)
    address = statements.field(statement, "address")
    context = {
        "zh": chinese,
        "en": english,
        "tightness": tightness,
        "witnessed": witnessed,
        **_designed(design, chinese, english),
        "qr": data_url(ornament.qr_svg(address)),
        "qr_mm": f"{ornament.qr_outer_mm(address):.3f}",
        "large": data_url(large_code.svg_of(code)) if code else "",
        "large_mm": f"{large_code.outer_mm(code):.3f}" if code else "",
        "offline": f"{address.rpartition('/v/')[0]}/check/offline/",
        "micro": f"{chinese.number} {chinese.holder} ",
        "micro_times": range(MICRO_TIMES),
    }
    return render_to_string(TEMPLATE, context)


def transcript_html(statement: Mapping[str, Any], *, witnessed: bool = True, design: Design | None = None) -> str:
    """Return the HTML of a transcript's paper, in Chinese and then in English."""
    chinese, english = wording.in_chinese(statement), wording.in_english(statement)
    context = {
        "zh": chinese,
        "en": english,
        "witnessed": witnessed,
        "qr": data_url(ornament.qr_svg(chinese.address)),
        "qr_mm": f"{ornament.qr_outer_mm(chinese.address):.3f}",
        **_designed(design, chinese, english),
    }
    return render_to_string(TRANSCRIPT_TEMPLATE, context)


def _designed(design: Design | None, chinese: wording.Wording, english: wording.Wording) -> dict[str, Any]:
    """Return what an issuer's template brings onto the paper; without one the paper's own sentences stand."""
    ring = data_url(ornament.seal_svg(chinese.issuer))
    if design is None:
        return {"seal": ring}
    return {
        "seal": designs.data_url(design.seal) or ring,
        "own_seal": bool(design.seal),
        "logo": designs.data_url(design.logo),
        "sentence_zh": filled(design.sentence_zh, _values(chinese)),
        "sentence_en": filled(design.sentence_en, _values(english)),
        "signer_zh": design.signer_zh,
        "signer_en": design.signer_en,
    }


def _values(words: wording.Wording) -> dict[str, str]:
    names = "holder", "holder_other", "home", "course", "course_other", "hours", "points", "grade", "study", "count"
    return {name: getattr(words, name) for name in (*names, "issuer", "issued")}


def data_url(svg: str) -> str:
    """Return an SVG as an address that carries it."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _laid_out_transcript(statement: Mapping[str, Any], witnessed: bool, design: Design | None) -> Any:
    text = transcript_html(statement, witnessed=witnessed, design=design)
    html = HTML(string=text, base_url="about:blank", url_fetcher=_fetcher())
    sheet = _styles(TRANSCRIPT_STYLES, _colour(design))
    return html.render(font_config=_font_configuration(), stylesheets=[sheet])


def _laid_out(statement: Mapping[str, Any], code: str, witnessed: bool, design: Design | None) -> Any:
    for tightness in TIGHTNESS:
        text = html_of(statement, tightness, code, witnessed=witnessed, design=design)
        html = HTML(string=text, base_url="about:blank", url_fetcher=_fetcher())
        document = html.render(font_config=_font_configuration(), stylesheets=[_styles(STYLES, _colour(design))])
        if len(document.pages) == PAGES:
            return document
    raise PaperOverflows(f"{statements.field(statement, 'number')} needs {len(document.pages)} pages.")


def warm() -> None:
    """Read fonts and style sheet now, so that processes which fork afterwards share them."""
    _styles(STYLES, ornament.BLUE)


@lru_cache(maxsize=1)
def _fetcher() -> PaperFetcher:
    """Return the one fetcher: making one builds an HTTPS context, a fifth of a paper's time (courses.md §12)."""
    return PaperFetcher(allowed_protocols=["data", "file"], allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=1)
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


def _colour(design: Design | None) -> str:
    return design.colour if design else ornament.BLUE


@lru_cache(maxsize=2 * len(TINTS))
def _styles(template: str = STYLES, colour: str = ornament.BLUE) -> CSS:
    """Return the parsed style sheet; parsing it also loads the fonts, once a process and colour."""
    context = {
        "colour": colour,
        "serif": fonts.file_of(fonts.SERIF).as_uri(),
        "bold": fonts.file_of(fonts.SERIF_BOLD).as_uri(),
        "ground": data_url(ornament.ground_svg().replace(ornament.BLUE, colour)),
    }
    return CSS(string=render_to_string(template, context), font_config=_font_configuration(), url_fetcher=_fetcher())
