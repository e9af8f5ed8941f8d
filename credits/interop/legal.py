"""On which legal ground a record may go abroad: dated data with its source, and which of it somebody may choose. Pure.

The texts stand in legal_bases.json. An export keeps the text as it was that day.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from edu.kernel.periods import Period

FILE = Path(__file__).with_name("legal_bases.json")


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One ground: who may name it, when the law behind it holds, where it is written."""

    key: str
    period: Period
    for_holder: bool
    for_registrar: bool
    needs_reference: bool  # a registrar says where the consent, contract or order is kept
    name_zh: str
    name_en: str
    articles_zh: str
    articles_en: str
    source_url: str

    def name(self, language: str) -> str:
        """Return the ground in the reader's language."""
        return self.name_en if language.startswith("en") else self.name_zh

    def articles(self, language: str) -> str:
        """Return the articles in the reader's language."""
        return self.articles_en if language.startswith("en") else self.articles_zh

    def document(self) -> dict[str, str]:
        """Return what an export keeps of it."""
        return {
            "key": self.key,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "articles_zh": self.articles_zh,
            "articles_en": self.articles_en,
            "source_url": self.source_url,
            "from_on": self.period.from_on.isoformat() if self.period.from_on else "",
        }


@lru_cache(maxsize=1)
def bases() -> tuple[LegalBasis, ...]:
    """Return every ground that comes with the project, those that no longer hold included."""
    return tuple(_basis(row) for row in json.loads(FILE.read_text(encoding="utf-8")))


def choices(on: dt.date, *, by_holder: bool) -> tuple[LegalBasis, ...]:
    """Return what may be named on a day: by the holder of the record, or by a registrar."""
    return tuple(one for one in bases() if on in one.period and (one.for_holder if by_holder else one.for_registrar))


def _basis(row: Mapping[str, Any]) -> LegalBasis:
    start, end = (dt.date.fromisoformat(row[name]) if row[name] else None for name in ("from_on", "to_on"))
    words = {name: row[name] for name in ("name_zh", "name_en", "articles_zh", "articles_en", "source_url")}
    return LegalBasis(
        key=row["key"],
        period=Period(start, end),
        for_holder=row["for_holder"],
        for_registrar=row["for_registrar"],
        needs_reference=row["needs_reference"],
        **words,
    )
