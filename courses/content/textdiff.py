"""Two texts line by line, with what changed inside a line marked. Pure, and bounded whatever the texts hold."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, zip_longest

CHARACTERS_MAX = 300_000  # five times the largest problem seen
LINES_MAX = 4_000  # comparing takes up to the square of them
CONTEXT = 1  # lines around a change
LINE_CHARACTERS_MAX = 2_000  # of one line; the rest is cut, with a sign
PARTS_MAX = 400  # words of a line that are compared one by one
ALIKE = 0.3  # below this two lines have little in common: marking words would be noise
SENTENCE_CHARACTERS = 120  # a longer line is broken after its sentences

_BLOCKS = (
    r"(?:p|div|ul|ol|li|table|tr|h[1-6]|section|article|figure|blockquote|pre|img|iframe|video|script|style"
    r"|\w{1,40}response|choicegroup|checkboxgroup|choice|solution|demandhint|hint|label|description)"
)
_OPENING = re.compile(rf"(?=<{_BLOCKS}\b)", re.IGNORECASE)
_CLOSING = re.compile(rf"(</{_BLOCKS}>)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;]\s)")
_WORD = re.compile(r"[A-Za-z0-9_]+|<[^<>]{0,200}>|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line; `marked` is what the other text has not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: "same", "del", "ins", or "gap" for equal lines that are left out."""

    mark: str
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The line as it stands in its text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The lines that differ, with a line around them; `more` counts those that were left out for their number."""

    lines: tuple[Line, ...]
    more: int = 0
    is_too_long: bool = False  # not compared: nobody reads it on a page, and it would take seconds


def compare(old: str, new: str, *, lines_max: int) -> TextDiff:
    """Return how two texts differ; at most `lines_max` lines of it."""
    if max(len(old), len(new)) > CHARACTERS_MAX:
        return TextDiff((), is_too_long=True)
    before, after = readable_lines(old), readable_lines(new)
    if max(len(before), len(after)) > LINES_MAX:
        return TextDiff((), is_too_long=True)
    matcher = SequenceMatcher(None, before, after)
    lines = tuple(islice(_lines(matcher, before, after), lines_max))  # what is not shown is not marked either
    differing = sum(b - a + d - c for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")
    return TextDiff(lines, differing - sum(line.mark in ("del", "ins") for line in lines))


def readable_lines(text: str) -> list[str]:
    """Return a text, HTML or not, as lines that a person compares: a tag of a paragraph begins one, long ones break."""
    found = []
    for raw in text.splitlines():
        for piece in _OPENING.sub("\n", _CLOSING.sub(r"\1\n", raw)).split("\n"):
            line = piece.strip()
            if len(line) > SENTENCE_CHARACTERS:
                found += [part.strip() for part in _SENTENCE.split(line) if part.strip()]
            elif line:
                found.append(line)
    return [line if len(line) <= LINE_CHARACTERS_MAX else line[:LINE_CHARACTERS_MAX] + "…" for line in found]


def _lines(matcher: "SequenceMatcher[str]", before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    end = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] > end:
            yield Line("gap")
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from (Line("same", (Part(line),)) for line in before[old_from:old_to])
            else:
                yield from _replaced(before[old_from:old_to], after[new_from:new_to])
        end = group[-1][2]
    if 0 < end < len(before):
        yield Line("gap")


def _replaced(gone: Sequence[str], come: Sequence[str]) -> Iterator[Line]:
    for old, new in zip_longest(gone, come):
        if old is None or new is None:
            yield Line("ins" if old is None else "del", (Part(new if old is None else old),))
            continue
        marked = _marked(old, new)
        yield Line("del", marked[0] if marked else (Part(old),))
        yield Line("ins", marked[1] if marked else (Part(new),))


def _marked(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]] | None:
    """Return both lines with their differences marked, or None where that would help nobody."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > PARTS_MAX:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    steps = matcher.get_opcodes()
    return (
        _joined((before[a:b], tag != "equal") for tag, a, b, _c, _d in steps),
        _joined((after[c:d], tag != "equal") for tag, _a, _b, c, d in steps),
    )


def _joined(pieces: Iterable[tuple[Sequence[str], bool]]) -> tuple[Part, ...]:
    return tuple(Part("".join(words), marked) for words, marked in pieces if words)
