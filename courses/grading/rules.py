"""From what a learner did to a score, with the tree of what counted how. Decimals only; the policy is data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from courses.grading.policy import (
    EXAM,
    HUNDRED,
    MEETINGS,
    ROUNDINGS,
    SCORE_PLACES,
    ZERO,
    AssignmentRule,
    ComponentRule,
    EntryRule,
    LateRule,
    Policy,
    ProcessRule,
    ResitRule,
    ScaleRule,
)

FOR_EVER = dt.timedelta(days=3650)  # longer than any run
WORK, PROCESS = "work", "process"  # kinds of lines beside MEETINGS and EXAM
REGULAR, DEFERRED, RESIT = "regular", "deferred", "resit"  # rounds of an exam: 期末, 缓考, 补考
DEFERRAL, UNSCORED = "waiting", "unscored"  # notes of an exam that is not final
WAITS = frozenset({DEFERRAL, UNSCORED})
PRESENT, LATE, ABSENT, EXCUSED, POSTPONED = "present", "late", "absent", "excused", "deferred"  # marks


@dataclass(frozen=True, slots=True)
class WorkScore:
    """What a learner reached in one graded subsection; `late_points` are what lateness took, not yet subtracted."""

    usage_id: str
    name: str
    assignment: str
    earned: Decimal
    possible: Decimal
    late_points: Decimal = ZERO
    days_late: int = 0

    @property
    def counted(self) -> Decimal:
        """The points that count."""
        return self.earned - self.late_points

    @property
    def percent(self) -> Decimal:
        """The share reached, 0 to 100, unrounded; 0 where nothing could be reached."""
        return self.counted / self.possible * HUNDRED if self.possible else ZERO


@dataclass(frozen=True, slots=True)
class Mark:
    """One meeting or one sitting of an exam: how the learner is marked, and the score of a sitting, 0 to 100."""

    key: str
    component: str
    name: str
    round: str
    status: str
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """What the server counted of a learner's study; `day_seconds` is unseen film a day, one entry a day."""

    day_seconds: tuple[int, ...] = ()
    watched_s: int = 0
    video_s: int = 0
    interactions_done: int = 0
    interactions_total: int = 0
    tasks_done: int = 0
    tasks_total: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A score that a person set, with their reason."""

    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a grade is computed from. `decisions` are by the name of a line; "" is the whole."""

    works: tuple[WorkScore, ...] = ()
    marks: tuple[Mark, ...] = ()
    study: Study = field(default_factory=Study)
    decisions: Mapping[str, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """One leaf of the tree: what was reached, of what, whether it counts, and a code that says why or why not."""

    key: str
    name: str
    earned: Decimal
    possible: Decimal
    counts: bool = True
    note: str = ""
    late_points: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the grade: its pieces, the percent computed from them, and the percent that counts."""

    kind: str
    name: str
    weight_percent: Decimal
    pieces: tuple[Piece, ...]
    missing: int  # expected pieces that are not there count as nothing reached
    computed_percent: Decimal
    mean_percent: Decimal
    note: str = ""  # "no-entry", "waiting", "unscored", "decided"
    reason: str = ""  # of a decision

    @property
    def points(self) -> Decimal:
        """What this line adds to the score, unrounded."""
        return self.mean_percent * self.weight_percent / HUNDRED

    @property
    def has_begun(self) -> bool:
        """True when something of it is there to count."""
        return bool(self.note == "decided" or any(piece.counts for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of exam entry: what is needed, what is reached."""

    code: str  # "video_percent", "tasks_percent", "study_days", "meetings"
    needed: Decimal
    reached: Decimal

    @property
    def met(self) -> bool:
        """True when it is reached."""
        return self.reached >= self.needed


@dataclass(frozen=True, slots=True)
class Computed:
    """A score and where it comes from. `waiting` names what is not final yet: a deferred or an unscored exam."""

    score: Decimal  # 0.00 to 100.00
    grade: Decimal
    level: str
    passed: bool
    lines: tuple[Line, ...]
    requirements: tuple[Requirement, ...] = ()
    computed_score: Decimal = ZERO  # before a decision on the whole
    reason: str = ""  # of that decision
    capped: bool = False
    waiting: tuple[str, ...] = ()

    @property
    def may_enter(self) -> bool:
        """True when every condition of exam entry is met."""
        return all(requirement.met for requirement in self.requirements)


def compute(policy: Policy, facts: Facts) -> Computed:
    """Return the grade of a learner by a policy.

    Each line is a percent of its weight; the sum is rounded half up to two places. Work that the policy does not
    name does not count. A resit lifts the score at most to its cap, and never lowers it. What a person decided
    replaces what was computed, and both stay in the tree.
    """
    requirements = entry_requirements(policy, facts)
    shut = frozenset(policy.entry.gates) if not all(r.met for r in requirements) else frozenset[str]()
    first = _lines(policy, facts, shut, resits=False)
    score, lines, capped = _sum(first), first, False
    waiting = {line.name for line in first if line.note in WAITS}
    if policy.resit.attempts_max and any(mark.round == RESIT for mark in facts.marks):
        again = _lines(policy, facts, shut, resits=True)
        waiting |= {line.name for line in again if line.note in WAITS}
        lifted = _sum(again) if policy.resit.cap_score is None else min(_sum(again), policy.resit.cap_score)
        if lifted > score:  # else the tree stays the one that the score came from
            score, lines, capped = lifted, again, lifted < _sum(again)
    decided = facts.decisions.get("")
    final = decided.score.quantize(SCORE_PLACES) if decided else score
    grade = grade_of(final, policy.scale)
    return Computed(
        score=final,
        grade=grade,
        level=level_of(grade, policy.scale),
        passed=grade >= policy.pass_mark,
        lines=lines,
        requirements=requirements,
        computed_score=score,
        reason=decided.reason if decided else "",
        capped=capped,
        waiting=() if decided else tuple(line.name for line in lines if line.name in waiting),
    )


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.points for line in lines), ZERO).quantize(SCORE_PLACES, rounding=ROUND_HALF_UP)


def _lines(policy: Policy, facts: Facts, shut: frozenset[str], *, resits: bool) -> tuple[Line, ...]:
    lines = [_process_line(policy.process, facts.study)] if policy.process else []
    lines += [
        _work_line(rule, [work for work in facts.works if work.assignment == rule.name]) for rule in policy.assignments
    ]
    for rule in policy.components:
        marks = [mark for mark in facts.marks if mark.component == rule.name]
        lines.append(
            _meetings_line(rule, marks)
            if rule.kind == MEETINGS
            else _exam_line(rule, marks, policy.resit, resits=resits)
        )
    return tuple(_decided(_shut(line, shut), facts.decisions.get(line.name)) for line in lines)


def _shut(line: Line, shut: frozenset[str]) -> Line:
    return replace(line, mean_percent=ZERO, note="no-entry") if line.name in shut else line


def _decided(line: Line, decision: Decision | None) -> Line:
    return replace(line, mean_percent=decision.score, note="decided", reason=decision.reason) if decision else line


def _line(
    kind: str,
    rule: AssignmentRule | ComponentRule | ProcessRule,
    pieces: Sequence[Piece],
    percent: Decimal,
    *,
    missing: int = 0,
    note: str = "",
) -> Line:
    return Line(kind, rule.name, rule.weight_percent, tuple(pieces), missing, percent, percent, note)


def _work_line(rule: AssignmentRule, works: list[WorkScore]) -> Line:
    missing = max(rule.min_count - len(works), 0)
    expected = len(works) + missing
    to_drop = min(rule.drop_count, expected - 1) if expected else 0
    worst_first = sorted(works, key=lambda work: work.percent)
    dropped_missing = min(missing, to_drop)  # what was never there is the worst
    dropped = {work.usage_id for work in worst_first[: to_drop - dropped_missing]}
    counted = [work.percent for work in works if work.usage_id not in dropped]
    divisor = expected - to_drop
    mean = sum(counted, ZERO) / divisor if divisor else ZERO
    pieces = [
        Piece(w.usage_id, w.name, w.earned, w.possible, w.usage_id not in dropped,
              "dropped" if w.usage_id in dropped else "late" if w.late_points else "", w.late_points)
        for w in works
    ]  # fmt: skip
    return _line(WORK, rule, pieces, mean, missing=missing)


def _meetings_line(rule: ComponentRule, marks: list[Mark]) -> Line:
    worth = {PRESENT: HUNDRED, LATE: rule.late_percent, ABSENT: ZERO}
    pieces = [
        Piece(mark.key, mark.name, worth.get(mark.status, ZERO), HUNDRED, mark.status in worth, mark.status)
        for mark in marks
    ]
    counted = [piece.earned for piece in pieces if piece.counts]
    excused = len(pieces) - len(counted)
    missing = max(rule.min_count - len(counted) - excused, 0)
    divisor = len(counted) + missing
    return _line(MEETINGS, rule, pieces, sum(counted, ZERO) / divisor if divisor else ZERO, missing=missing)


def _exam_line(rule: ComponentRule, marks: list[Mark], resit: ResitRule, *, resits: bool) -> Line:
    """The first sitting with a score or an absence decides; resits may lift it.

    Deferred ones wait for theirs, and so does who sat an exam that is not scored yet: it is no nothing.
    """
    first = next((m for m in marks if m.round != RESIT and (m.score is not None or m.status == ABSENT)), None)
    waits = first is None and any(m.status in {POSTPONED, EXCUSED} for m in marks)
    base = first.score if first and first.score is not None else ZERO
    barred = first is not None and first.score is None and not resit.absent_may
    again = [m for m in marks if m.round == RESIT and m.score is not None][: resit.attempts_max] if resits else []
    best = max((m for m in again if not barred and not waits), key=lambda m: m.score or ZERO, default=None)
    lifted = best is not None and (best.score or ZERO) > base
    counting = best if lifted else first
    pieces = [
        Piece(m.key, m.name, m.score or ZERO, HUNDRED, m is counting, m.status if m.score is None else m.round)
        for m in marks
    ]
    percent = (counting.score or ZERO) if counting else ZERO
    return _line(EXAM, rule, pieces, percent, missing=0 if marks else 1, note=_still_open(marks, first, resits=resits))


def _still_open(marks: list[Mark], first: Mark | None, *, resits: bool) -> str:
    """Return why the score of an exam is not final, or ""."""
    if first is None and any(m.status in {POSTPONED, EXCUSED} for m in marks):
        return DEFERRAL
    sat = [m for m in marks if m.status in {PRESENT, LATE} and m.score is None]
    open_first = first is None and any(m.round != RESIT for m in sat)
    return UNSCORED if open_first or (resits and any(m.round == RESIT for m in sat)) else ""


def concerns(key: str, which: str, marks: Sequence[Mark], computed: Computed) -> bool:
    """True when a meeting or a sitting is for a learner, by their marks for the same part of the grade.

    A deferred exam is for who was spared the regular one, a resit for who sat the exam or stayed away and fails.
    """
    if which == REGULAR or any(mark.key == key for mark in marks):
        return True
    if which == DEFERRED:
        return any(mark.status in {POSTPONED, EXCUSED} for mark in marks)
    return not computed.passed and any(mark.score is not None or mark.status == ABSENT for mark in marks)


def _process_line(rule: ProcessRule, study: Study) -> Line:
    minutes_full = rule.minutes_full or -(-study.video_s // 60)
    interactions_full = rule.interactions_full or study.interactions_total
    parts = (
        ("days", Decimal(study_days(study, rule.day_minutes)), rule.days_full, rule.days_share),
        ("minutes", (Decimal(study.watched_s) / 60).quantize(SCORE_PLACES), minutes_full, rule.minutes_share),
        ("interactions", Decimal(study.interactions_done), interactions_full, rule.interactions_share),
    )
    # What a course does not have cannot be asked for: its share goes to the others.
    asked = [part for part in parts if part[3] and part[2]]
    shares = sum((share for *_rest, share in asked), ZERO)
    points = [min(reached / full, Decimal(1)) * share for _key, reached, full, share in asked]
    percent = min(sum(points, ZERO) / shares * HUNDRED, HUNDRED) if shares else ZERO
    pieces = [Piece(key, key, reached, Decimal(full), bool(share and full)) for key, reached, full, share in parts]
    return _line(PROCESS, rule, pieces, percent)


def study_days(study: Study, day_minutes: int) -> int:
    """Return on how many days the learner saw so many minutes of film that were new to them."""
    return sum(seconds >= day_minutes * 60 for seconds in study.day_seconds)


def entry_requirements(policy: Policy, facts: Facts) -> tuple[Requirement, ...]:
    """Return the conditions of exam entry that the policy sets, with what is reached of each."""
    entry: EntryRule = policy.entry
    if not entry.gates:
        return ()
    minutes = policy.process.day_minutes if policy.process else 25
    meetings = {rule.name for rule in policy.components if rule.kind == MEETINGS}
    attended = sum(m.component in meetings and m.status in {PRESENT, LATE} for m in facts.marks)
    study = facts.study
    asked = (
        ("video_percent", entry.video_percent_min, share(study.watched_s, study.video_s)),
        ("tasks_percent", entry.tasks_percent_min, share(study.tasks_done, study.tasks_total)),
        ("study_days", Decimal(entry.study_days_min), Decimal(study_days(study, minutes))),
        ("meetings", Decimal(entry.meetings_min), Decimal(attended)),
    )
    return tuple(Requirement(code, needed, reached) for code, needed, reached in asked if needed > 0)


def share(part: int, whole: int) -> Decimal:
    """Return a part in percent, rounded down to two places so that 59.999 is not 60; all of nothing is 100."""
    if whole <= 0:
        return HUNDRED
    return (min(Decimal(part) / whole, Decimal(1)) * HUNDRED).quantize(SCORE_PLACES, rounding=ROUNDINGS["down"])


def lateness(rule: LateRule, due_at: dt.datetime | None, done_at: dt.datetime) -> tuple[int, Decimal]:
    """Return the begun days after the grace, and the percent that they cost."""
    if due_at is None or not rule.percent_per_day:
        return 0, ZERO
    over = done_at - due_at - dt.timedelta(hours=rule.grace_hours)
    if over <= dt.timedelta(0):
        return 0, ZERO
    days = -(-over // dt.timedelta(days=1))
    return days, min(rule.percent_per_day * days, rule.percent_max)


def late_window(rule: LateRule) -> dt.timedelta:
    """Return how long after the due time an answer can still earn something."""
    grace = dt.timedelta(hours=rule.grace_hours)
    if not rule.percent_per_day:
        return grace
    if rule.percent_max < HUNDRED:
        return FOR_EVER
    days_to_nothing = int((HUNDRED / rule.percent_per_day).to_integral_value(rounding=ROUND_CEILING))
    return grace + dt.timedelta(days=days_to_nothing - 1)


def grade_of(score: Decimal, scale: ScaleRule | None = None) -> Decimal:
    """Return the grade of a score: rounded as the scale says, to a whole number half up where nothing else is said."""
    used = scale or ScaleRule()
    return score.quantize(Decimal(1).scaleb(-used.places), rounding=ROUNDINGS[used.rounding])


def level_of(grade: Decimal, scale: ScaleRule | None = None) -> str:
    """Return the word for a grade of 0 to 100 (usual borders 90, 80, 70, 60)."""
    return next(word for border, word in (scale or ScaleRule()).levels if grade >= border)
