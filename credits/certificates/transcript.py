"""What a transcript says: a document of strings as in statement.py, with a list of courses.

The first version of the type is decided here and never reused. Courses are sorted by term and code; an amount that a
course does not count in is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from credits.certificates.statement import Holder, IssuerFacts, LotFacts, Paper, institution_of, without_blanks
from edu.kernel import clock
from edu.kernel.credit import canonical

TYPE = "guixue.credit-transcript"
VERSION = "1"
COURSES_MAX = 120  # the machine record stays under its 64 KiB, the paper under ten pages
ZERO = Decimal("0.00")

SCALES: Mapping[str, tuple[str, str]] = {
    "percent": ("百分制：0 至 100 分，60 分及以上为合格。", "Percent: 0 to 100; 60 and above is a pass."),
    "five-level": (
        "五级制：优秀、良好、中等、及格、不及格。",
        "Five levels: excellent, good, fair, pass, fail.",
    ),
    "pass-fail": ("二级制：合格、不合格。", "Pass or fail."),
}


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course on a transcript: the facts of its credit, and the issuer's term in which it ended."""

    lot: LotFacts
    term: str = ""
    term_zh: str = ""
    term_en: str = ""


def build(
    *,
    courses: Iterable[CourseFacts],
    holder: Holder,
    issuer: IssuerFacts,
    paper: Paper,
    home: IssuerFacts | None = None,
) -> dict[str, Any]:
    """Return the statement; canonical_bytes of it is what is signed."""
    rows = sorted(courses, key=_order)
    document = {
        "type": TYPE,
        "version": VERSION,
        "number": paper.number,
        "address": paper.address,
        "key_id": paper.key_id,
        "issued_at": clock.rfc3339(paper.issued_at),
        "supersedes": paper.supersedes,
        "holder": {"name_zh": holder.name_zh, "name_latin": holder.name_latin},
        "issuer": institution_of(issuer),
        "home_institution": institution_of(home) if home else {},
        "courses": [_course(row) for row in rows],
        "totals": _totals(rows),
        "scales": [_scale(code) for code in sorted({row.lot.scale for row in rows if row.lot.scale})],
    }
    return without_blanks(document)


def _order(row: CourseFacts) -> tuple[str, str, str]:
    return row.term, row.lot.course_code, str(row.lot.lot_uuid)


def _course(row: CourseFacts) -> dict[str, str]:
    lot = row.lot
    return {
        "lot": str(lot.lot_uuid),
        "term": row.term,
        "term_zh": row.term_zh,
        "term_en": row.term_en,
        "code": lot.course_code,
        "name_zh": lot.course_zh,
        "name_en": lot.course_en,
        "run": lot.run_code,
        "from_on": lot.from_on.isoformat(),
        "to_on": lot.to_on.isoformat(),
        "credit_points": canonical(lot.credit_points) if lot.credit_points is not None else "",
        "contact_hours": lot.contact_hours,
        "grade": lot.grade,
        "scale": lot.scale,
    }


def _totals(rows: list[CourseFacts]) -> dict[str, str]:
    """Return the sums by unit: credit points of what counts in them, contact hours of what counts in hours alone."""
    points = sum((row.lot.credit_points for row in rows if row.lot.credit_points is not None), ZERO)
    hours = sum((Decimal(row.lot.contact_hours) for row in rows if row.lot.credit_points is None), ZERO)
    return {
        "courses": str(len(rows)),
        "credit_points": canonical(points) if points else "",
        "contact_hours": canonical(hours) if hours else "",
    }


def _scale(code: str) -> dict[str, str]:
    chinese, english = SCALES.get(code, ("", ""))
    return {"scale": code, "text_zh": chinese, "text_en": english}
