"""The large code on a certificate's back page: the address and, behind #, all that proves the certificate offline.

Two segments, bytes for the address and digits for the rest (docs/formats.md §5), level L. Version 25 at 60 mm has
modules of 0.51 mm, which a poor phone reads at 720 px; version 27 is the last that it may (look-facts.md A6).
"""

from qrcodegen import DataTooLongError, QrCode, QrSegment

from credits.certificates import statement as statements
from credits.certificates.compact import Book, NotCompact, Proven, encode, to_digits
from credits.certificates.packing import Malformed

SIZE_MM = 60.0  # of the dark part
QUIET_MODULES = 4
VERSION_WANTED = 25
VERSION_MAX = 27
CODEWORDS = (  # of data at level L, version 1 to 27 (ISO/IEC 18004, table 7)
    19, 34, 55, 80, 108, 136, 156, 194, 232, 274, 324, 370, 428, 461,
    523, 589, 647, 721, 795, 861, 932, 1006, 1094, 1174, 1276, 1370, 1468,
)  # fmt: skip
MASK = 3  # fixed: choosing the best of eight takes eight times as long, and the data are as good as random


def text_of(proven: Proven, book: Book) -> str:
    """Return what the code says; "" when the certificate is too large for a code that phones read.

    The token is left out where only that keeps the code within the wanted version.
    """
    address = statements.field(proven.statement, "address")
    try:
        choices = [
            f"{address}#{to_digits(encode(proven, book, with_token=with_token))}" for with_token in (True, False)
        ]
    except (NotCompact, Malformed):
        return ""
    return next(
        (text for text in choices if 0 < version_of(text) <= VERSION_WANTED),
        choices[1] if version_of(choices[1]) else "",
    )


def version_of(text: str) -> int:
    """Return the version that a text needs, 0 when it is more than VERSION_MAX."""
    segments = _segments(text)
    for version, room in enumerate(CODEWORDS, start=1):
        if (QrSegment.get_total_bits(segments, version) or room * 8 + 1) <= room * 8:
            return version
    return 0


def svg_of(text: str) -> str:
    """Return the code as SVG with its quiet zone; ValueError when it does not fit VERSION_MAX."""
    try:
        code = QrCode.encode_segments(
            _segments(text), QrCode.Ecc.LOW, maxversion=VERSION_MAX, mask=MASK, boostecl=False
        )
    except DataTooLongError as error:
        raise ValueError("too long for a code on paper") from error
    size = code.get_size()
    whole = size + 2 * QUIET_MODULES
    path = "".join(_row(code, y) for y in range(size))
    width = f"{outer_mm(text):.3f}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}" viewBox="0 0 {whole} {whole}">'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def outer_mm(text: str) -> float:
    """Return the width of the code with its quiet zone, so that the dark part is SIZE_MM wide."""
    modules = version_of(text) * 4 + 17
    return SIZE_MM * (modules + 2 * QUIET_MODULES) / modules


def _segments(text: str) -> list[QrSegment]:
    address, _hash, digits = text.partition("#")
    return [QrSegment.make_bytes(f"{address}#".encode()), QrSegment.make_numeric(digits)]


def _row(code: QrCode, y: int) -> str:
    """Return a row as bars of dark modules: they print cleaner than single squares."""
    pieces, x, size = [], 0, code.get_size()
    while x < size:
        length = 0
        while x + length < size and code.get_module(x + length, y):
            length += 1
        if length:
            pieces.append(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h{length}v1h-{length}z")
        x += length or 1
    return "".join(pieces)
