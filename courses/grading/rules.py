"""From scores to a result: weights, counts, drops, rounding. Decimals only; the policy is data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

HUNDRED = Decimal(100)
SCORE_PLACES = Decimal("0.01")
WHOLE = Decimal(1)
PERCENT_SCALE = "percent"  # 百分制
FIVE_LEVELS = ((Decimal(90), "优秀"), (Decimal(80), "良好"), (Decimal(70), "中等"), (Decimal(60), "及格"))


class PolicyUnusable(ValueError):
    """A grading policy that cannot be applied; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """One type of graded work: its weight in percent, how many are expected and how many of the worst drop out."""

    name: str
    weight_percent: Decimal
    min_count: int
    drop_count: int


@dataclass(frozen=True, slots=True)
class Policy:
    """How a run is graded; `pass_mark` is a score of 0 to 100."""

    assignments: tuple[AssignmentRule, ...]
    pass_mark: Decimal


@dataclass(frozen=True, slots=True)
class WorkScore:
    """What a learner reached in one graded subsection."""

    usage_id: str
    name: str
    assignment: str
    earned: Decimal
    possible: Decimal

    @property
    def percent(self) -> Decimal:
        """The share reached, 0 to 100, unrounded; 0 where nothing could be reached."""
        return self.earned / self.possible * HUNDRED if self.possible else Decimal(0)


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """How one type of work counts: every piece with whether it was dropped, and the mean of the rest."""

    rule: AssignmentRule
    works: tuple[tuple[WorkScore, bool], ...]
    missing: int  # expected pieces that the course does not have count as nothing reached
    mean_percent: Decimal

    @property
    def points(self) -> Decimal:
        """What this line adds to the score, unrounded."""
        return self.mean_percent * self.rule.weight_percent / HUNDRED


@dataclass(frozen=True, slots=True)
class Computed:
    """A score and where it comes from."""

    score: Decimal  # 0.00 to 100.00
    passed: bool
    lines: tuple[AssignmentLine, ...]


def policy_from_olx(document: Mapping[str, Any]) -> Policy:
    """Return the policy in an Open edX grading_policy.json; PolicyUnusable when weights or cutoffs make no sense.

    Floats of the file become decimals by their shortest text, so 0.4 is 40 and not 40.000000000000002.
    """
    try:
        rules = tuple(_assignment(entry) for entry in document.get("GRADER", ()))
        cutoffs = [Decimal(str(value)) for value in document.get("GRADE_CUTOFFS", {}).values()]
    except (ArithmeticError, TypeError, ValueError, KeyError) as error:
        raise PolicyUnusable(f"The grading policy cannot be read: {error}") from error
    if not rules or not cutoffs:
        raise PolicyUnusable("The grading policy names no graded work or no pass mark.")
    return checked(Policy(rules, min(cutoffs) * HUNDRED))


def _assignment(entry: Mapping[str, Any]) -> AssignmentRule:
    return AssignmentRule(
        name=str(entry["type"]),
        weight_percent=Decimal(str(entry["weight"])) * HUNDRED,
        min_count=int(entry.get("min_count") or 0),
        drop_count=int(entry.get("drop_count") or 0),
    )


def checked(policy: Policy) -> Policy:
    """Return the policy; PolicyUnusable unless names differ, weights sum to 100 and counts and mark lie in range."""
    names = [rule.name for rule in policy.assignments]
    if len(set(names)) != len(names):
        raise PolicyUnusable("Two kinds of graded work have the same name.")
    if sum(rule.weight_percent for rule in policy.assignments) != HUNDRED:
        raise PolicyUnusable("The weights do not sum to 100 %.")
    if any(rule.weight_percent < 0 or rule.min_count < 0 or rule.drop_count < 0 for rule in policy.assignments):
        raise PolicyUnusable("A weight or a count is negative.")
    if not 0 < policy.pass_mark <= HUNDRED:
        raise PolicyUnusable("The pass mark does not lie between 0 and 100.")
    return policy


def policy_document(policy: Policy, *, run: str, source: str) -> dict[str, Any]:
    """Return the canonical document of a policy; its hash stands in every result that was computed by it."""
    return {
        "type": "guixue.grading-policy",
        "version": "1",
        "run": run,
        "source": source,
        "pass_mark": str(policy.pass_mark.normalize().quantize(SCORE_PLACES)),
        "scale": PERCENT_SCALE,
        "assignments": [
            {
                "name": rule.name,
                "weight_percent": str(rule.weight_percent.quantize(SCORE_PLACES)),
                "min_count": str(rule.min_count),
                "drop_count": str(rule.drop_count),
            }
            for rule in policy.assignments
        ],
    }


def policy_from_document(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a canonical document that `policy_document` made."""
    rules = tuple(
        AssignmentRule(
            entry["name"], Decimal(entry["weight_percent"]), int(entry["min_count"]), int(entry["drop_count"])
        )
        for entry in document["assignments"]
    )
    return checked(Policy(rules, Decimal(document["pass_mark"])))


def compute(policy: Policy, works: Sequence[WorkScore]) -> Computed:
    """Return the score of a learner: mean of each kind of work without its dropped ones, weighted, rounded half up.

    Kinds that the policy does not name do not count. Works that were never begun count with what they were worth.
    """
    lines = tuple(_line(rule, [w for w in works if w.assignment == rule.name]) for rule in policy.assignments)
    score = sum((line.points for line in lines), Decimal(0)).quantize(SCORE_PLACES, rounding=ROUND_HALF_UP)
    return Computed(score=score, passed=has_passed(policy, score), lines=lines)


def has_passed(policy: Policy, score: Decimal) -> bool:
    """True when the score, as it is shown, reaches the pass mark."""
    return grade_of(score) >= policy.pass_mark


def grade_of(score: Decimal) -> Decimal:
    """Return the grade on the percent scale: the score rounded half up to a whole number."""
    return score.quantize(WHOLE, rounding=ROUND_HALF_UP)


def level_of(grade: Decimal) -> str:
    """Return the five-level word for a grade of 0 to 100 (usual borders 90, 80, 70, 60)."""
    return next((word for border, word in FIVE_LEVELS if grade >= border), "不及格")


def _line(rule: AssignmentRule, works: list[WorkScore]) -> AssignmentLine:
    missing = max(rule.min_count - len(works), 0)
    expected = len(works) + missing
    to_drop = min(rule.drop_count, expected - 1) if expected else 0
    worst_first = sorted(works, key=lambda work: work.percent)
    dropped_missing = min(missing, to_drop)  # what was never there is the worst
    dropped = {work.usage_id for work in worst_first[: to_drop - dropped_missing]}
    counted = [work.percent for work in works if work.usage_id not in dropped]
    divisor = expected - to_drop
    mean = sum(counted, Decimal(0)) / divisor if divisor else Decimal(0)
    return AssignmentLine(rule, tuple((work, work.usage_id in dropped) for work in works), missing, mean)
