"""Whether a plan's conditions are met, what a registrar may decide, and how grades convert. Values only."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from credits.exchange.rules import Conversion, Finding, convert
from credits.recognition.states import Outcome
from edu.kernel.credit import CREDIT_PLACES, canonical
from edu.kernel.periods import Period

RULES_TYPE = "guixue.recognition-rules"
CASE_TYPE = "guixue.recognition-case"
DOCUMENT_VERSION = "1"
REVIEW_WORKING_DAYS = 10  # R4 in credits.md: 14 days to review an equivalence, counted as two working weeks
DEFAULT_SCALE = "five_level"
DEFAULT_STEP = Decimal("0.5")  # without an agreement: half credits, the finest step seen in programme plans


@dataclass(frozen=True, slots=True)
class GradeTable:
    """How a percent converts to a home scale, valid for a period; bands from the highest lower limit down."""

    scale: str
    period: Period
    source: str
    bands: tuple[tuple[Decimal, str], ...]

    def grade(self, score: Decimal) -> str:
        """Return the label of the first band whose lower limit the score reaches."""
        return next(label for limit, label in self.bands if score >= limit)

    def document(self) -> dict[str, Any]:
        """Return the table as it stands in a rule snapshot."""
        return {
            "scale": self.scale,
            "source": self.source,
            "bands": [[str(limit), label] for limit, label in self.bands],
        }


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was certified: the lot's credit and the result behind it; `score` in percent, None where it has none."""

    credit_points: Decimal
    score: Decimal | None
    grade: str
    scale: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a registrar asks for; `credit_points` is home credit and only said for a partial recognition."""

    outcome: Outcome
    reason_code: str
    reason_text: str
    credit_points: Decimal | None


def table_from(row: Mapping[str, Any]) -> GradeTable:
    """Return a table from a row of the data file."""
    start, end = row["valid_from_on"], row["valid_to_on"]
    period = Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end) if end else None)
    bands = sorted(((Decimal(limit), label) for limit, label in row["bands"]), reverse=True)
    return GradeTable(row["scale"], period, row["source"], tuple(bands))


def table_for(tables: Iterable[GradeTable], scale: str, on: dt.date) -> GradeTable | None:
    """Return the table of a scale that holds on a day, or None."""
    return next((table for table in tables if table.scale == scale and on in table.period), None)


def unmet(promise: Mapping[str, str], achieved: Achievement) -> tuple[Finding, ...]:
    """Return which conditions of a plan's `conversion` a certified achievement does not meet; empty means recognise."""
    found = []
    minimum = Decimal(promise["minimum_grade"])
    if not achieved.passed:
        found.append(Finding("not-passed", {"grade": achieved.grade}))
    if achieved.score is None or achieved.score < minimum:
        score = "" if achieved.score is None else _plain(achieved.score)
        found.append(Finding("below-minimum-grade", {"score": score, "minimum": _plain(minimum)}))
    if achieved.credit_points != Decimal(promise["credit_points_host"]):
        values = {"lot": canonical(achieved.credit_points), "promised": promise["credit_points_host"]}
        found.append(Finding("other-amount", values))
    return tuple(found)


def promised_conversion(promise: Mapping[str, str]) -> Conversion:
    """Return the conversion that a plan's document promised."""
    return Conversion(Decimal(promise["credit_points_home"]), Decimal(promise["credit_points_unusable"]))


def full_conversion(
    host: Decimal, *, ratio: Decimal | None, step: Decimal | None, slot_max: Decimal | None
) -> Conversion:
    """Return the most that may be recognised: by the rule where there is one, else one to one."""
    return convert(
        host=host, ratio=Decimal(1) if ratio is None else ratio, step=step or DEFAULT_STEP, slot_max=slot_max
    )


def partial_conversion(host: Decimal, full: Conversion, wanted: Decimal) -> Conversion:
    """Return the conversion when less than the full home credit is recognised; the rest of the host's is unusable."""
    used = ((host - full.unusable) * wanted / full.home).quantize(CREDIT_PLACES, rounding=ROUND_HALF_UP)
    return Conversion(wanted.quantize(CREDIT_PLACES), (host - used).quantize(CREDIT_PLACES))


def fault_of_ruling(ruling: Ruling, full: Conversion, reason_codes: Iterable[str]) -> str | None:
    """Return the code of what is missing in a ruling, or None."""
    if ruling.reason_code not in set(reason_codes):
        return "reason-missing"
    if ruling.outcome is not Outcome.RECOGNISE and not ruling.reason_text.strip():
        return "reason-missing"
    if ruling.outcome is Outcome.RECOGNISE and full.home <= 0:
        return "nothing-to-recognise"
    if ruling.outcome is Outcome.PARTIAL and not (ruling.credit_points and 0 < ruling.credit_points < full.home):
        return "partial-out-of-range"
    return None


def case_document(
    *, uuid: str, slot_uuid: str, lot_uuid: str, request: str, evidence: Iterable[str], achieved: Achievement
) -> dict[str, Any]:
    """Return what a registrar sees of a case, as the canonical document whose hash the decision names."""
    return {
        "type": CASE_TYPE,
        "version": DOCUMENT_VERSION,
        "uuid": uuid,
        "slot_uuid": slot_uuid,
        "lot_uuid": lot_uuid,
        "request": request,
        "evidence": list(evidence),
        "original": _original(achieved),
    }


def rules_document(
    *,
    basis: str,
    plan: Mapping[str, Any],
    agreement: Mapping[str, Any],
    equivalence: Mapping[str, Any],
    table: GradeTable | None,
    achieved: Achievement,
    conversion: Conversion,
    grade: str,
) -> dict[str, Any]:
    """Return the snapshot of every rule used in a decision; what was not used is an empty document."""
    return {
        "type": RULES_TYPE,
        "version": DOCUMENT_VERSION,
        "basis": basis,
        "plan": dict(plan),
        "agreement": dict(agreement),
        "equivalence": dict(equivalence),
        "grade_table": table.document() if table else {},
        "original": _original(achieved),
        "converted": {
            "credit_points": canonical(conversion.home),
            "unusable": canonical(conversion.unusable),
            "grade": grade,
            "scale": table.scale if table else "",
        },
    }


def _original(achieved: Achievement) -> dict[str, str]:
    return {
        "credit_points": canonical(achieved.credit_points),
        "score": "" if achieved.score is None else str(achieved.score),
        "grade": achieved.grade,
        "scale": achieved.scale,
        "passed": "yes" if achieved.passed else "no",
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
