"""A grading policy as a value: what counts, how much, and under which conditions. Pure; the document is its only form.

A document says everything that computing needs, so that a grade can be computed again when the code around it is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

HUNDRED = Decimal(100)
ZERO = Decimal(0)
SCORE_PLACES = Decimal("0.01")
PERCENT_SCALE = "percent"  # 百分制
FIVE_LEVELS = (
    (Decimal(90), "优秀"), (Decimal(80), "良好"), (Decimal(70), "中等"), (Decimal(60), "及格"), (ZERO, "不及格"),
)  # fmt: skip
MEETINGS, EXAM = "meetings", "exam"  # kinds of components that are not in the content
ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}
COUNT_MAX = 100_000
NAME_CHARS_MAX = 100


def two_places(score: Decimal) -> Decimal:
    """Return a score as it is kept, rounded half up: 85.125 is 85.13 whoever enters it, and wherever.

    What is no score of 0 to 100 stays as it is, to be refused.
    """
    return score.quantize(SCORE_PLACES, rounding=ROUND_HALF_UP) if 0 <= score <= HUNDRED else score


class PolicyUnusable(ValueError):
    """A grading policy that cannot be applied; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """One type of graded work in the content: its weight, how many are expected, how many of the worst drop out."""

    name: str
    weight_percent: Decimal
    min_count: int
    drop_count: int


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """What counts beside the content: meetings in person (见面课) by their sign-in list, or an exam in a room."""

    kind: str
    name: str
    weight_percent: Decimal
    min_count: int = 0  # meetings that are expected; what was never held counts as nothing reached
    late_percent: Decimal = Decimal(50)  # what coming late to a meeting counts


@dataclass(frozen=True, slots=True)
class ProcessRule:
    """The process score (平时成绩): study days, watched minutes without repeats, interaction.

    The three shares sum to 100. A study day is one with `day_minutes` of film that the learner had not seen before.
    Full points need `days_full` days, `minutes_full` minutes and `interactions_full` polls, surveys and the like;
    0 minutes or interactions mean: all that the course has.
    """

    name: str
    weight_percent: Decimal
    days_share: Decimal
    minutes_share: Decimal
    interactions_share: Decimal
    days_full: int
    day_minutes: int = 25  # as credit courses of the region announce it
    minutes_full: int = 0
    interactions_full: int = 0


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What must be reached before the named work counts; all zero means: nothing."""

    gates: tuple[str, ...] = ()  # names of assignments and components
    video_percent_min: Decimal = ZERO
    tasks_percent_min: Decimal = ZERO
    study_days_min: int = 0
    meetings_min: int = 0


@dataclass(frozen=True, slots=True)
class LateRule:
    """What lateness costs: nothing within the grace, then so many percent a begun day, up to the maximum."""

    grace_hours: int = 0
    percent_per_day: Decimal = ZERO
    percent_max: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class ResitRule:
    """How often an exam may be sat again (补考), and the score that passing by it is worth at most (None: no cap)."""

    attempts_max: int = 0
    cap_score: Decimal | None = None
    absent_may: bool = False  # who stayed away without excuse may sit it again


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """How a score becomes a grade: decimals, rounding, and the words from the highest border down."""

    places: int = 0
    rounding: str = "half_up"
    levels: tuple[tuple[Decimal, str], ...] = FIVE_LEVELS


@dataclass(frozen=True, slots=True)
class Policy:
    """How a run is graded; `pass_mark` is a grade of 0 to 100. All weights together are 100."""

    assignments: tuple[AssignmentRule, ...]
    pass_mark: Decimal
    components: tuple[ComponentRule, ...] = ()
    process: ProcessRule | None = None
    entry: EntryRule = field(default_factory=EntryRule)
    late: LateRule = field(default_factory=LateRule)
    resit: ResitRule = field(default_factory=ResitRule)
    scale: ScaleRule = field(default_factory=ScaleRule)

    @property
    def weights(self) -> dict[str, Decimal]:
        """What counts, by name, in the order of the gradebook's columns."""
        parts: list[AssignmentRule | ComponentRule | ProcessRule] = [*self.assignments, *self.components]
        if self.process:
            parts.insert(0, self.process)
        return {part.name: part.weight_percent for part in parts}


@dataclass(frozen=True, slots=True)
class Source:
    """The document that a policy rests on: who issued it, its title and number, its date (ISO, or "")."""

    title: str
    issuer: str = ""
    number: str = ""
    dated_on: str = ""


def checked(policy: Policy) -> Policy:
    """Return the policy; PolicyUnusable unless every part makes sense by itself and all together are 100 %."""
    for says_no, words in _objections(policy):
        if says_no:
            raise PolicyUnusable(words)
    return policy


def _objections(policy: Policy) -> list[tuple[bool, str]]:
    names = [rule.name for rule in policy.assignments] + [part.name for part in policy.components]
    names += [policy.process.name] if policy.process else []
    return [
        (not names, "The policy names no graded work."),
        (any(not name or len(name) > NAME_CHARS_MAX for name in names), "Something that counts has no name."),
        (len(set(names)) != len(names), "Two kinds of graded work have the same name."),
        (any(weight < 0 for weight in policy.weights.values()), "A weight or a count is negative."),
        (sum(policy.weights.values()) != HUNDRED, "The weights do not sum to 100 %."),
        (any(not 0 <= count <= COUNT_MAX for count in _counts(policy)), "A weight or a count is negative."),
        (not 0 < policy.pass_mark <= HUNDRED, "The pass mark does not lie between 0 and 100."),
        (any(not 0 <= percent <= HUNDRED for percent in _percents(policy)), "A percentage is not within 0 and 100."),
        (any(part.kind not in {MEETINGS, EXAM} for part in policy.components), "A kind of component is unknown."),
        (_shares_off(policy.process), "The three shares of the process score do not sum to 100 %."),
        (not set(policy.entry.gates) <= set(names), "Exam entry names work that the policy does not have."),
        (_scale_off(policy.scale), "The grade scale does not fall from its highest border to 0."),
    ]


def _counts(policy: Policy) -> list[int]:
    counts = [number for rule in policy.assignments for number in (rule.min_count, rule.drop_count)]
    counts += [rule.min_count for rule in policy.components]
    counts += [policy.entry.study_days_min, policy.entry.meetings_min, policy.late.grace_hours]
    counts += [policy.resit.attempts_max]
    if process := policy.process:
        counts += [process.days_full, process.day_minutes, process.minutes_full, process.interactions_full]
    return counts


def _percents(policy: Policy) -> list[Decimal]:
    percents = [policy.entry.video_percent_min, policy.entry.tasks_percent_min]
    percents += [policy.late.percent_per_day, policy.late.percent_max]
    percents += [rule.late_percent for rule in policy.components]
    percents += [policy.resit.cap_score] if policy.resit.cap_score is not None else []
    return percents


def _shares_off(process: ProcessRule | None) -> bool:
    if process is None:
        return False
    shares = (process.days_share, process.minutes_share, process.interactions_share)
    return (
        any(share < 0 for share in shares)
        or sum(shares) != HUNDRED
        or (process.days_share > 0 and not process.days_full)
    )


def _scale_off(scale: ScaleRule) -> bool:
    borders = [border for border, _word in scale.levels]
    falling = all(a > b for a, b in pairwise(borders))
    return (
        scale.places not in {0, 1, 2}
        or scale.rounding not in ROUNDINGS
        or not borders
        or borders[-1] != 0
        or not falling
    )


def policy_from_olx(document: Mapping[str, Any]) -> Policy:
    """Return the policy in an Open edX grading_policy.json; PolicyUnusable when weights or cutoffs make no sense.

    Floats of the file become decimals by their shortest text, so 0.4 is 40 and not 40.000000000000002.
    """
    try:
        rules = tuple(_assignment_of_olx(entry) for entry in document.get("GRADER", ()))
        cutoffs = [Decimal(str(value)) for value in document.get("GRADE_CUTOFFS", {}).values()]
    except (ArithmeticError, TypeError, ValueError, KeyError) as error:
        raise PolicyUnusable(f"The grading policy cannot be read: {error}") from error
    if not rules or not cutoffs:
        raise PolicyUnusable("The grading policy names no graded work or no pass mark.")
    return checked(Policy(rules, min(cutoffs) * HUNDRED))


def _assignment_of_olx(entry: Mapping[str, Any]) -> AssignmentRule:
    return AssignmentRule(
        name=str(entry["type"]),
        weight_percent=Decimal(str(entry["weight"])) * HUNDRED,
        min_count=int(entry.get("min_count") or 0),
        drop_count=int(entry.get("drop_count") or 0),
    )
