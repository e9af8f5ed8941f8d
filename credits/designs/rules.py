"""What an institution may say on its papers: sentences with named places, and nothing else. Values only.

A place is a name in braces, `{holder}`. What stands in square brackets is left out when a place inside it has no
value: `[, {hours} contact hours]`. There is no other markup, so no template can bring HTML onto a paper.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SENTENCE_LENGTH_MAX = 400  # the longest that fits an A4 page with long names
LINE_LENGTH_MAX = 60  # a signer's line below the issuer's name
_PIECE = re.compile(r"\{(\w*)\}|([\[\]])|([{}])|([^\[\]{}]+)")


class PaperKind(StrEnum):
    """The papers that have a template."""

    COURSE = "course"
    HOURS = "hours"
    TRANSCRIPT = "transcript"


class Tint(StrEnum):
    """The colour of border and rules; every one prints well in grey."""

    BLUE = "blue"
    GREEN = "green"
    BRONZE = "bronze"
    PLUM = "plum"


TINTS: Mapping[Tint, str] = {
    Tint.BLUE: "#14577D",
    Tint.GREEN: "#1A6B3C",
    Tint.BRONZE: "#7A4B00",
    Tint.PLUM: "#5A3E8E",
}


@dataclass(frozen=True, slots=True)
class Places:
    """The places a sentence may name, and those without which it would not say what the paper attests."""

    known: frozenset[str]
    required: frozenset[str]


_HOLDER = frozenset({"holder", "holder_other", "home", "issuer", "issued"})
_COURSE = _HOLDER | {"course", "course_other", "hours", "grade", "study"}
PLACES: Mapping[PaperKind, Places] = {
    PaperKind.COURSE: Places(_COURSE | {"points"}, frozenset({"holder", "course", "study", "points"})),
    PaperKind.HOURS: Places(frozenset(_COURSE), frozenset({"holder", "course", "study", "hours"})),
    PaperKind.TRANSCRIPT: Places(_HOLDER | {"count", "points", "hours"}, frozenset({"holder", "count"})),
}


class Fault(StrEnum):
    """Why a sentence is refused."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNKNOWN_PLACE = "unknown-place"
    MISSING_PLACE = "missing-place"
    BRACKETS = "brackets"
    BRACES = "braces"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault and the places it is about."""

    fault: Fault
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: plain text, or the value of a place."""

    text: str
    place: str = ""


def fault_of(sentence: str, kind: PaperKind) -> Found | None:
    """Return the first reason not to take the sentence, or None."""
    if not sentence.strip():
        return Found(Fault.EMPTY)
    if len(sentence) > SENTENCE_LENGTH_MAX:
        return Found(Fault.TOO_LONG)
    depth = 0
    named: set[str] = set()
    optional: set[str] = set()
    for place, bracket, stray, _text in _PIECE.findall(sentence):
        if stray:
            return Found(Fault.BRACES)
        depth += {"[": 1, "]": -1}.get(bracket, 0)
        if depth not in (0, 1):
            return Found(Fault.BRACKETS)
        if not bracket and not _text:
            (optional if depth else named).add(place)
    if depth:
        return Found(Fault.BRACKETS)
    if unknown := (named | optional) - PLACES[kind].known:
        return Found(Fault.UNKNOWN_PLACE, tuple(sorted(unknown)))
    if missing := PLACES[kind].required - named:
        return Found(Fault.MISSING_PLACE, tuple(sorted(missing)))
    return None


def filled(sentence: str, values: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return the pieces of a checked sentence with the values in their places."""
    pieces: list[Piece] = []
    inner: list[Piece] | None = None
    complete = True
    for place, bracket, _stray, text in _PIECE.findall(sentence):
        if bracket == "[":
            inner, complete = [], True
        elif bracket == "]":
            pieces += inner if inner and complete else []
            inner = None
        else:
            value = text or values.get(place, "")
            complete = complete and bool(value)
            (pieces if inner is None else inner).append(Piece(value, "" if text else place))
    return tuple(piece for piece in pieces if piece.text)
