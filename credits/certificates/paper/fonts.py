"""The fonts of papers: files that come with the project's packages, the same on every machine (look.md B8)."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

SERIF, SERIF_BOLD = "serif", "serif-bold"
FILES = {
    SERIF: "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    SERIF_BOLD: "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
}
IGNORED = "\n\t"  # laid out, never drawn


def folder() -> Path:
    """Return where the font packages lie: GUIXUE_FONTS_DIR, or the project's node_modules."""
    default = Path(settings.ROOT) / "node_modules" / "@expo-google-fonts"
    return Path(getattr(settings, "GUIXUE_FONTS_DIR", "") or default)


def file_of(face: str) -> Path:
    """Return the file of a face; FileNotFoundError says what to do."""
    file = folder() / FILES[face]
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: run `npm ci`, or set GUIXUE_FONTS_DIR to the fonts' folder.")
    return file


def missing_characters(text: str) -> tuple[str, ...]:
    """Return the characters that a face of ours cannot draw, once each, in the order of the text."""
    known = _characters(SERIF) & _characters(SERIF_BOLD)
    return tuple(dict.fromkeys(c for c in text if ord(c) not in known and c not in IGNORED))


@lru_cache(maxsize=2048)  # a seal needs thirty characters, an installation some hundreds
def outline(character: str, face: str = SERIF_BOLD) -> tuple[str, float, float, float]:
    """Return a character's SVG path, its advance, and the bottom and top of its ink, in units of 1,000 to the em.

    For drawings in which a character is a shape and not text; one the face lacks is an empty path.
    """
    font = _font(face)
    glyphs = font.getGlyphSet()
    name = font.getBestCmap().get(ord(character))
    if name is None:
        return "", 1000.0, 0.0, 880.0
    pen, bounds = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}"), BoundsPen(glyphs)
    glyphs[name].draw(pen)
    glyphs[name].draw(bounds)
    _left, bottom, _right, top = bounds.bounds or (0.0, 0.0, 0.0, 880.0)
    return pen.getCommands(), float(glyphs[name].width), float(bottom), float(top)


@lru_cache(maxsize=len(FILES))
def _characters(face: str) -> frozenset[int]:
    return frozenset(_font(face).getBestCmap())


@lru_cache(maxsize=len(FILES))
def _font(face: str) -> TTFont:
    return TTFont(file_of(face), lazy=True)
