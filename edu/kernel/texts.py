"""Plain text that people write to each other in a run: how it is kept, and how long it may be. Pure."""

import re
import unicodedata
from typing import Final

TITLE_CHARS_MAX: Final = 80  # one line of a list at 1280 px
TEXT_CHARS_MAX: Final = 4000  # two printed pages; longer things are files
NOTE_CHARS_MAX: Final = 300  # a reason, a question before a tutoring hour
LINES_EMPTY_MAX: Final = 2
_CONTROL = {ord(c) for c in "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
_EMPTY_LINES = re.compile(rf"\n{{{LINES_EMPTY_MAX + 2},}}")


def plain(text: str) -> str:
    """Return a text as it is kept: NFC, no control or direction marks, single kinds of line ends, no ragged ends."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(
        c for c in text if c == "\n" or (ord(c) not in _CONTROL and unicodedata.category(c) not in {"Cc", "Cs"})
    )
    lines = "\n".join(line.rstrip() for line in kept.split("\n"))
    return _EMPTY_LINES.sub("\n" * (LINES_EMPTY_MAX + 1), lines).strip()


def one_line(text: str) -> str:
    """Return a title as it is kept: one line, single spaces."""
    return " ".join(plain(text).split())
