"""The drawings of a certificate as vectors, made by code: border, rosette, seal ring, QR code.

They give dignity; the proof is the signature and the page that checks it (look-facts.md A6).
"""

import math
from functools import lru_cache

import segno

from credits.certificates.paper import fonts

PAGE_W_MM, PAGE_H_MM = 297.0, 210.0
BORDER_INSET_MM = 9.0  # the band's middle; printers leave 5 mm white
BORDER_HALF_MM = 2.6
WAVE_MM = 8.0
LINE_MM = 0.1
BLUE, GOLD, RED = "#14577D", "#A07A2C", "#A8231C"
QR_QUIET_MODULES = 4
CURVES_PER_PETAL = 5  # WeasyPrint spends 20 µs on each; five are smooth at 600 dpi
QR_SIZE_MM = 28.0
SEAL_ARC_MM = 14.6  # the middle of the characters
SEAL_ARC_DEG = 224.0  # how far a long name may reach round


@lru_cache(maxsize=1)
def ground_svg() -> str:
    """Return the ground of a page: the guilloche border and a pale rosette behind the text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE_W_MM}mm" height="{PAGE_H_MM}mm" '
        f'viewBox="0 0 {PAGE_W_MM} {PAGE_H_MM}">{_rosette()}{_border()}</svg>'
    )


def seal_svg(name: str) -> str:
    """Return a plain ring with the issuer's name along its upper half; its middle is left free for the date."""
    rings = "".join(
        f'<circle r="{radius}" stroke-width="{width}"/>' for radius, width in ((20.4, 0.9), (19.0, 0.2), (17.9, 0.1))
    )
    knot = f'<g transform="translate(0 -6.1)" stroke-width="0.16">{_knot(4.4, turns=1)}</g>'
    words = _on_arc(name, radius=SEAL_ARC_MM, size=_arc_size(name), middle=-90.0, spread=SEAL_ARC_DEG)
    below = _on_arc("数字签名", radius=SEAL_ARC_MM + 0.3, size=2.7, middle=90.0, spread=58.0, inward=True)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="42mm" height="42mm" viewBox="-21 -21 42 42">'
        f'<g fill="none" stroke="{RED}">{rings}{knot}</g><g fill="{RED}">{words}{below}</g></svg>'
    )


def qr_svg(address: str) -> str:
    """Return the QR code of an address, level Q, 28 mm wide with its quiet zone beside that."""
    code = segno.make_qr(address, error="q", boost_error=False)
    size = code.symbol_size(border=QR_QUIET_MODULES)[0]
    path = "".join(_modules(code))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{qr_outer_mm(address):.3f}mm" '
        f'height="{qr_outer_mm(address):.3f}mm" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def qr_outer_mm(address: str) -> float:
    """Return the width of the code with its quiet zone, so that the dark part is QR_SIZE_MM wide."""
    code = segno.make_qr(address, error="q", boost_error=False)
    modules = code.symbol_size(border=0)[0]
    return QR_SIZE_MM * (modules + 2 * QR_QUIET_MODULES) / modules


def _modules(code: segno.QRCode) -> list[str]:
    """Return one path piece per run of dark modules: rows of long bars print cleaner than single squares."""
    pieces = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                pieces.append(f"M{x + QR_QUIET_MODULES} {y + QR_QUIET_MODULES}h{length}v1h-{length}z")
            x += length or 1
    return pieces


def _border() -> str:
    """Draw waves of several heights along the four sides, and the corners where they meet."""
    inset, half = BORDER_INSET_MM, BORDER_HALF_MM
    width, height = PAGE_W_MM - 2 * inset, PAGE_H_MM - 2 * inset
    waves = []
    for step in range(6):
        amplitude = half * (1 - step * 0.17)
        phase = step % 2
        waves.append(_side(inset, inset, width, amplitude, phase, across=True))
        waves.append(_side(inset, inset + height, width, amplitude, phase, across=True))
        waves.append(_side(inset, inset, height, amplitude, phase, across=False))
        waves.append(_side(inset + width, inset, height, amplitude, phase, across=False))
    outer = _frame(inset - half - 0.7, 0.35) + _frame(inset + half + 0.7, 0.35) + _frame(inset + half + 1.5, 0.1)
    corners = "".join(
        f'<g transform="translate({x} {y})"><circle r="4.1" fill="#fff" stroke="none"/>{_knot(3.7)}'
        '<circle r="4.1"/><circle r="0.7"/></g>'
        for x in (inset, inset + width)
        for y in (inset, inset + height)
    )
    return (
        f'<g fill="none" stroke="{BLUE}" stroke-width="{LINE_MM}">{"".join(waves)}{corners}</g>'
        f'<g fill="none" stroke="{BLUE}">{outer}</g>'
    )


def _side(x: float, y: float, length: float, amplitude: float, phase: int, *, across: bool) -> str:
    """Return a sine wave as cubic curves, whole half-waves from end to end so that corners meet."""
    halves = 2 * round(length / WAVE_MM)
    step = length / halves
    handle = step * 0.3642  # the control points that bring a cubic within 1 % of a sine
    pieces = [f"M{x:.2f} {y:.2f}"]
    for index in range(halves):
        peak = amplitude * (1 if (index + phase) % 2 else -1) * 1.34
        points = [(handle, peak), (step - handle, peak), (step, 0.0)]
        flat = (f"{a:.2f} {b:.2f}" if across else f"{b:.2f} {a:.2f}" for a, b in points)
        pieces.append("c" + " ".join(flat))
    return f'<path d="{"".join(pieces)}"/>'


def _frame(inset: float, width: float) -> str:
    return (
        f'<rect x="{inset:.2f}" y="{inset:.2f}" width="{PAGE_W_MM - 2 * inset:.2f}" '
        f'height="{PAGE_H_MM - 2 * inset:.2f}" stroke-width="{width}"/>'
    )


def _rosette() -> str:
    """Draw a pale rosette in the middle of the page: tints of 7 to 9 %, under the text and never against it."""
    rings = "".join(
        _closed_curve(radius, depth, petals)
        for radius, depth, petals in ((52, 9, 24), (46, 11, 18), (38, 12, 12), (29, 12, 12), (19, 10, 9))
    )
    return (
        f'<g transform="translate({PAGE_W_MM / 2} {PAGE_H_MM / 2})" fill="none" stroke="#E3EDF3" '
        f'stroke-width="0.14">{rings}</g>'
    )


def _knot(radius: float, turns: int = 2) -> str:
    """Return turned curves that weave a small rosette."""
    curve = _closed_curve(radius * 0.6, radius * 0.4, 8)
    return "".join(f'<g transform="rotate({22.5 * turn / turns})">{curve}</g>' for turn in range(turns))


def _closed_curve(radius: float, depth: float, petals: int) -> str:
    """Return a circle whose radius swings `petals` times, drawn twice, half a swing apart."""
    return _swing(radius, depth, petals, 0.0) + _swing(radius, depth, petals, math.pi)


def _swing(radius: float, depth: float, petals: int, phase: float) -> str:
    """Return the curve r(a) = radius + depth sin(petals a + phase) as cubics that share its tangents."""
    count = petals * CURVES_PER_PETAL
    step = 2 * math.pi / count

    def spot(angle: float) -> tuple[float, float, float, float]:
        distance = radius + depth * math.sin(petals * angle + phase)
        change = depth * petals * math.cos(petals * angle + phase)
        cosine, sine = math.cos(angle), math.sin(angle)
        return distance * cosine, distance * sine, change * cosine - distance * sine, change * sine + distance * cosine

    x, y, dx, dy = spot(0.0)
    pieces = [f"M{x:.2f} {y:.2f}"]
    for index in range(1, count + 1):
        to_x, to_y, to_dx, to_dy = spot(index * step)
        third = step / 3
        pieces.append(
            f"C{x + dx * third:.2f} {y + dy * third:.2f} {to_x - to_dx * third:.2f} {to_y - to_dy * third:.2f} "
            f"{to_x:.2f} {to_y:.2f}"
        )
        x, y, dx, dy = to_x, to_y, to_dx, to_dy
    return f'<path d="{"".join(pieces)}z"/>'


def _arc_size(name: str) -> float:
    """Return the height of the name's characters: 4.2 mm, less for long names so that they fit their arc."""
    arc_mm = math.radians(SEAL_ARC_DEG) * SEAL_ARC_MM
    return min(4.2, arc_mm / max(len(name), 1) * 0.98)


def _on_arc(text: str, *, radius: float, size: float, middle: float, spread: float, inward: bool = False) -> str:
    """Return characters as shapes on an arc around `middle` degrees; at most `spread` wide, never wider than needed."""
    if not text:
        return ""
    step = min(spread / max(len(text) - 1, 1), math.degrees(size * 1.42 / radius))
    first = middle - step * (len(text) - 1) / 2
    pieces = []
    for index, character in enumerate(text):
        angle = (middle + step * (len(text) - 1) / 2 - step * index) if inward else (first + step * index)
        path, advance, _bottom, _top = fonts.outline(character)
        scale = size / 1000
        turn = angle + (-90 if inward else 90)
        x, y = radius * math.cos(math.radians(angle)), radius * math.sin(math.radians(angle))
        shift = f"translate({-advance / 2:.1f} -380)"  # the middle of a Han character is 380 above its baseline
        pieces.append(
            f'<path transform="translate({x:.3f} {y:.3f}) rotate({turn:.3f}) scale({scale:.5f} {-scale:.5f}) {shift}" '
            f'd="{path}"/>'
        )
    return "".join(pieces)
