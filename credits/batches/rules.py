"""What a batch covers, how pasted numbers are read, how papers are split over archives. Values only."""

import re
from dataclasses import dataclass
from enum import StrEnum

NUMBERS_MAX = 2000  # a pasted list; a whole term is ordered by its term
LINES_MAX = 20_000  # twice the largest term of a large university
PAPERS_MAX = 1000  # a ZIP of them has about 150 MB, which a browser fetches in one go


class Scope(StrEnum):
    """What a registrar orders."""

    TERM = "term"
    RUN = "run"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a batch is."""

    waiting: int = 0
    issued: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Every line."""
        return self.waiting + self.issued + self.refused + self.failed

    @property
    def ended(self) -> int:
        """Lines on which nothing is to be done any more."""
        return self.total - self.waiting

    @property
    def wrong(self) -> int:
        """Lines that brought no certificate."""
        return self.refused + self.failed


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the student numbers of a pasted list, each once, in order: by lines, blanks, commas or semicolons."""
    return tuple(dict.fromkeys(piece for piece in re.split(r"[\s,;，；、]+", text) if piece))


def spans(positions: int) -> tuple[tuple[int, int], ...]:
    """Return the first and last position of each archive of so many lines."""
    return tuple((first, min(first + PAPERS_MAX - 1, positions)) for first in range(1, positions + 1, PAPERS_MAX))
