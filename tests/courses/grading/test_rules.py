"""From what a learner did to a score: each rule by example, and what holds for every policy."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import documents, facts, policy, rules
from courses.grading.policy import (
    EXAM,
    MEETINGS,
    AssignmentRule,
    ComponentRule,
    EntryRule,
    LateRule,
    Policy,
    ProcessRule,
    ResitRule,
    ScaleRule,
    Source,
)
from courses.grading.rules import Computed, Decision, Facts, Mark, Study, WorkScore

QUIZZES, FINAL = "平时测验", "期末测验"
OLX = {
    "GRADER": [
        {"type": QUIZZES, "min_count": 2, "drop_count": 0, "weight": 0.4},
        {"type": FINAL, "min_count": 1, "drop_count": 0, "weight": 0.6},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.6},
}
ALL_A = Policy((AssignmentRule("A", Decimal(100), 1, 0),), Decimal(60))
PROCESS = ProcessRule("平时成绩", Decimal(100), Decimal(50), Decimal(30), Decimal(20), days_full=10, minutes_full=100)
EXAM_ONLY = Policy((), Decimal(60), components=(ComponentRule(EXAM, "期末考试", Decimal(100)),))


def work(assignment: str, earned: str, possible: str = "4", usage_id: str = "") -> WorkScore:
    return WorkScore(usage_id or f"{assignment}{earned}", assignment, assignment, Decimal(earned), Decimal(possible))


def computed(used: Policy, *works: WorkScore) -> Computed:
    return rules.compute(used, Facts(works=works))


def sitting(status: str, score: str | None = None, which: str = rules.REGULAR, key: str = "") -> Mark:
    return Mark(key or f"{which}{score}", "期末考试", "期末", which, status, Decimal(score) if score else None)


def sat(*marks: Mark, **changes: object) -> Computed:
    used = Policy((), Decimal(60), components=EXAM_ONLY.components, **changes)  # type: ignore[arg-type]
    return rules.compute(policy.checked(used), Facts(marks=marks))


def test_a_policy_file_becomes_exact_decimals() -> None:
    read = policy.policy_from_olx(OLX)
    assert [rule.weight_percent for rule in read.assignments] == [Decimal("40"), Decimal("60")]
    assert read.pass_mark == 60


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({}, "no graded work"),
        ({"GRADER": OLX["GRADER"], "GRADE_CUTOFFS": {}}, "no pass mark"),
        ({"GRADER": [{"type": "A", "weight": 0.5}], "GRADE_CUTOFFS": {"P": 0.6}}, "sum to 100"),
        ({"GRADER": [{"type": "A", "weight": 1}], "GRADE_CUTOFFS": {"P": 0}}, "pass mark"),
        (
            {"GRADER": [{"type": "A", "weight": 0.5}, {"type": "A", "weight": 0.5}], "GRADE_CUTOFFS": {"P": 1}},
            "same name",
        ),
        ({"GRADER": [{"type": "A", "weight": "much"}], "GRADE_CUTOFFS": {"P": 0.6}}, "cannot be read"),
        ({"GRADER": [{"weight": 1}], "GRADE_CUTOFFS": {"P": 0.6}}, "cannot be read"),
        ({"GRADER": [{"type": "A", "weight": 1, "drop_count": -1}], "GRADE_CUTOFFS": {"P": 0.6}}, "negative"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(document: dict[str, object], word: str) -> None:
    with pytest.raises(policy.PolicyUnusable, match=word):
        policy.policy_from_olx(document)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"entry": EntryRule(gates=("nothing",))}, "Exam entry"),
        ({"entry": EntryRule(video_percent_min=Decimal(101))}, "percentage"),
        ({"resit": ResitRule(1, Decimal(101))}, "percentage"),
        ({"scale": ScaleRule(levels=((Decimal(60), "及格"),))}, "scale"),
        ({"scale": ScaleRule(rounding="up")}, "scale"),
        ({"process": ProcessRule("P", Decimal(0), Decimal(50), Decimal(50), Decimal(50), 10)}, "three shares"),
        ({"components": (ComponentRule("oral", "口试", Decimal(0)),)}, "kind of component"),
    ],
)
def test_conditions_that_make_no_sense_are_refused(changes: dict[str, object], word: str) -> None:
    with pytest.raises(policy.PolicyUnusable, match=word):
        policy.checked(Policy(ALL_A.assignments, Decimal(60), **changes))  # type: ignore[arg-type]


def test_all_right_gives_a_hundred() -> None:
    found = computed(
        policy.policy_from_olx(OLX), work(QUIZZES, "4"), work(QUIZZES, "4", usage_id="b"), work(FINAL, "6", "6")
    )
    assert (found.score, found.grade, found.level, found.passed) == (Decimal("100.00"), Decimal(100), "优秀", True)


def test_exactly_the_pass_mark_passes() -> None:
    """Both quizzes perfect and a third of the final: 40 + 20, which floats would call 60.00000000000001 or less."""
    works = [work(QUIZZES, "4"), work(QUIZZES, "4", usage_id="b"), work(FINAL, "2", "6")]
    found = computed(policy.policy_from_olx(OLX), *works)
    assert (found.score, found.passed) == (Decimal("60.00"), True)


def test_just_below_the_pass_mark_fails_and_half_a_point_is_rounded_up() -> None:
    assert not computed(ALL_A, work("A", "59.4", "100")).passed
    assert computed(ALL_A, work("A", "59.5", "100")).passed


def test_a_scale_may_round_down_and_keep_a_decimal() -> None:
    scale = ScaleRule(places=1, rounding="down", levels=((Decimal(60), "P"), (Decimal(0), "F")))
    found = computed(Policy(ALL_A.assignments, Decimal(60), scale=scale), work("A", "59.99", "100"))
    assert (found.grade, found.level, found.passed) == (Decimal("59.9"), "F", False)


def test_work_that_the_course_lacks_counts_as_nothing() -> None:
    found = computed(policy.policy_from_olx(OLX), work(QUIZZES, "4"), work(FINAL, "6", "6"))
    assert found.lines[0].missing == 1
    assert found.score == Decimal("80.00")


def test_the_worst_is_dropped_and_missing_work_is_the_worst() -> None:
    used = Policy((AssignmentRule("A", Decimal(100), 3, 1),), Decimal(60))
    three = computed(used, work("A", "4"), work("A", "2"), work("A", "0"))
    assert three.score == Decimal("75.00")
    assert [piece.note for piece in three.lines[0].pieces] == ["", "", "dropped"]
    two = computed(used, work("A", "4"), work("A", "2"))
    assert two.score == Decimal("75.00")
    assert all(piece.counts for piece in two.lines[0].pieces)


def test_not_everything_can_be_dropped() -> None:
    assert computed(Policy((AssignmentRule("A", Decimal(100), 1, 5),), Decimal(60)), work("A", "4")).score == 100


def test_work_of_an_unknown_kind_does_not_count() -> None:
    assert computed(policy.policy_from_olx(OLX), work("Lab", "4")).score == Decimal("0.00")


@pytest.mark.parametrize(
    ("grade", "word"), [(90, "优秀"), (89, "良好"), (70, "中等"), (60, "及格"), (59, "不及格"), (0, "不及格")]
)
def test_grades_have_a_level(grade: int, word: str) -> None:
    assert rules.level_of(Decimal(grade)) == word


# Process score


def test_five_of_ten_days_half_the_minutes_and_all_interaction() -> None:
    study = Study((1500,) * 5 + (1499,), watched_s=3000, video_s=9000, interactions_done=2, interactions_total=2)
    found = rules.compute(Policy((), Decimal(60), process=PROCESS), Facts(study=study))
    assert found.score == Decimal("60.00")  # 25 + 15 + 20
    assert [(p.name, p.earned, p.possible) for p in found.lines[0].pieces] == [
        ("days", Decimal(5), Decimal(10)),
        ("minutes", Decimal("50.00"), Decimal(100)),
        ("interactions", Decimal(2), Decimal(2)),
    ]


def test_what_a_course_does_not_have_cannot_be_asked_for() -> None:
    """No polls: the other two shares carry the whole."""
    study = Study((1500,) * 10, watched_s=6000, video_s=9000)
    assert rules.compute(Policy((), Decimal(60), process=PROCESS), Facts(study=study)).score == 100


# Exam entry


def test_below_sixty_percent_of_the_film_the_exam_does_not_count() -> None:
    used = Policy(
        (), Decimal(60), components=EXAM_ONLY.components,
        entry=EntryRule(("期末考试",), video_percent_min=Decimal(60), study_days_min=2),
    )  # fmt: skip
    marks = (sitting("present", "90"),)
    short = rules.compute(used, Facts(marks=marks, study=Study((1500, 1500), 5999, 10000)))
    assert (short.score, short.may_enter, short.lines[0].note) == (Decimal("0.00"), False, "no-entry")
    assert [(r.code, r.met) for r in short.requirements] == [("video_percent", False), ("study_days", True)]
    assert rules.compute(used, Facts(marks=marks, study=Study((1500, 1500), 6000, 10000))).score == 90


# Exams in a room


def test_a_deferred_exam_waits_and_counts_whole() -> None:
    assert sat(sitting("deferred")).waiting == ("期末考试",)
    later = sat(sitting("deferred"), sitting("present", "88", rules.DEFERRED), resit=ResitRule(1, Decimal(60)))
    assert (later.score, later.waiting) == (Decimal("88.00"), ())


def test_absence_counts_as_nothing_and_bars_the_resit_unless_the_policy_says_otherwise() -> None:
    marks = (sitting("absent"), sitting("present", "80", rules.RESIT))
    assert sat(*marks, resit=ResitRule(1, Decimal(60))).score == 0
    assert sat(*marks, resit=ResitRule(1, Decimal(60), absent_may=True)).score == 60


def test_a_resit_lifts_to_its_cap_and_never_lowers() -> None:
    failed = sitting("present", "40")
    capped = sat(failed, sitting("present", "85", rules.RESIT), resit=ResitRule(1, Decimal(60)))
    assert (capped.score, capped.capped, capped.passed) == (Decimal("60.00"), True, True)
    assert sat(failed, sitting("present", "30", rules.RESIT), resit=ResitRule(1)).score == 40
    good = sat(sitting("present", "75"), sitting("present", "90", rules.RESIT), resit=ResitRule(1, Decimal(60)))
    assert (good.score, good.capped) == (Decimal("75.00"), False)


def test_an_exam_that_was_sat_and_is_not_scored_yet_is_no_nothing() -> None:
    assert sat(sitting("present")).waiting == ("期末考试",)
    assert sat(sitting("deferred"), sitting("present", None, rules.DEFERRED)).waiting == ("期末考试",)
    assert sat(sitting("present", "0")).waiting == sat(sitting("absent")).waiting == sat().waiting == ()
    again = (sitting("present", "40"), sitting("present", None, rules.RESIT))
    assert sat(*again, resit=ResitRule(1)).waiting == ("期末考试",)
    assert sat(*again).waiting == ()  # this policy has no resit
    set_by_hand = Facts(marks=(sitting("present"),), decisions={"期末考试": Decision(Decimal(70), "纸卷")})
    assert rules.compute(EXAM_ONLY, set_by_hand).waiting == ()


def test_the_tree_shows_the_sitting_that_the_score_came_from() -> None:
    better = (sitting("present", "75"), sitting("present", "90", rules.RESIT))
    kept = sat(*better, resit=ResitRule(1, Decimal(60)))  # a resit is worth 60 at most, and 75 were there before
    assert (kept.score, kept.lines[0].points) == (Decimal("75.00"), Decimal(75))
    assert [(piece.note, piece.counts) for piece in kept.lines[0].pieces] == [("regular", True), ("resit", False)]
    lifted = sat(*better, resit=ResitRule(1))
    assert [piece.counts for piece in lifted.lines[0].pieces] == [False, True]


def test_only_as_many_resits_count_as_the_policy_has() -> None:
    marks = (sitting("present", "40"), sitting("present", "50", rules.RESIT), sitting("present", "70", rules.RESIT))
    assert sat(*marks, resit=ResitRule(1)).score == 50
    assert sat(*marks, resit=ResitRule(2)).score == 70
    assert sat(*marks).score == 40


def test_meetings_count_by_their_sign_in_list() -> None:
    used = Policy((), Decimal(60), components=(ComponentRule(MEETINGS, "见面课", Decimal(100), min_count=4),))
    marks = [Mark(str(i), "见面课", "", "regular", status) for i, status in enumerate(["present", "late", "excused"])]
    found = rules.compute(used, Facts(marks=tuple(marks)))
    assert found.score == Decimal("50.00")  # (100 + 50) of three: the excused one is not asked for, one was not held
    assert (found.lines[0].missing, found.lines[0].pieces[2].counts) == (1, False)


# Decisions and lateness


def test_what_a_person_decided_counts_and_what_was_computed_stays() -> None:
    decided = Facts((work("A", "2"),), decisions={"A": Decision(Decimal(80), "线下答辩")})
    found = rules.compute(ALL_A, decided)
    line = found.lines[0]
    assert (found.score, line.computed_percent, line.mean_percent, line.reason) == (
        Decimal(80),
        Decimal(50),
        Decimal(80),
        "线下答辩",
    )
    whole = rules.compute(ALL_A, Facts((work("A", "2"),), decisions={"": Decision(Decimal(61), "委员会决定")}))
    assert (whole.score, whole.computed_score, whole.passed) == (Decimal(61), Decimal(50), True)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, (0, 0)), (24, (0, 0)), (25, (1, 10)), (48, (1, 10)), (49, (2, 20)), (999, (41, 50))]
)
def test_lateness_costs_by_the_begun_day_after_the_grace(hours: int, expected: tuple[int, int]) -> None:
    rule = LateRule(24, Decimal(10), Decimal(50))
    due = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    assert rules.lateness(rule, due, due + dt.timedelta(hours=hours)) == (expected[0], Decimal(expected[1]))
    assert rules.lateness(rule, None, due) == (0, Decimal(0))


# What holds for every policy

PERCENT = st.decimals(min_value=0, max_value=100, places=2)
SCORES = st.one_of(st.none(), PERCENT)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    weights = draw(st.lists(st.integers(0, 40), min_size=3, max_size=3).filter(lambda w: sum(w) <= 100))
    kinds = (Decimal(100 - sum(weights)), *(Decimal(w) for w in weights))
    return policy.checked(
        Policy(
            (AssignmentRule("A", kinds[0], draw(st.integers(0, 4)), draw(st.integers(0, 2))),),
            draw(st.decimals(min_value=1, max_value=100, places=0)),
            components=(ComponentRule(MEETINGS, "M", kinds[1], 2), ComponentRule(EXAM, "E", kinds[2])),
            process=ProcessRule("P", kinds[3], Decimal(40), Decimal(40), Decimal(20), 12),
            entry=EntryRule(("E",), draw(PERCENT), draw(PERCENT), draw(st.integers(0, 5)), draw(st.integers(0, 2))),
            late=LateRule(draw(st.integers(0, 48)), draw(PERCENT), draw(PERCENT)),
            resit=ResitRule(draw(st.integers(0, 2)), draw(SCORES), draw(st.booleans())),
            scale=ScaleRule(
                places=draw(st.sampled_from([0, 1, 2])), rounding=draw(st.sampled_from(["half_up", "down"]))
            ),
        )
    )


@st.composite
def facts_of_somebody(draw: st.DrawFn) -> Facts:
    works = [
        WorkScore(f"w{i}", f"w{i}", "A", Decimal(min(a, b)), Decimal(b), Decimal(min(a, b)) * late / 100)
        for i, (a, b, late) in enumerate(
            draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 100)), max_size=5))
        )
    ]
    meetings = draw(st.lists(st.sampled_from(["present", "late", "absent", "excused"]), max_size=4))
    marks = [Mark(f"m{i}", "M", "M", "regular", status) for i, status in enumerate(meetings)]
    for i, (which, score) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from(["regular", "deferred", "resit"]), SCORES), max_size=4))
    ):
        status = "present" if score is not None else draw(st.sampled_from(["absent", "deferred"]))
        marks.append(Mark(f"e{i}", "E", "E", which, status, score))
    study = Study(
        tuple(draw(st.lists(st.integers(0, 4000), max_size=8))), draw(st.integers(0, 9000)), draw(st.integers(0, 9000)),
        draw(st.integers(0, 5)), draw(st.integers(0, 5)), draw(st.integers(0, 50)), draw(st.integers(0, 50)),
    )  # fmt: skip
    return Facts(tuple(works), tuple(marks), study)


@given(policies())
def test_a_policy_survives_its_document(used: Policy) -> None:
    document = documents.policy_document(
        used, run="r", source=Source("教务处通知", "广西大学", "教〔2026〕3号", "2026-09-01")
    )
    read = documents.policy_from_document(document)
    assert documents.policy_document(read, run="r", source=documents.source_of(document)) == document
    assert documents.differences(document, document) == []


@given(policies(), facts_of_somebody())
def test_a_score_lies_within_bounds_is_the_sum_of_its_tree_and_can_be_computed_again(used: Policy, did: Facts) -> None:
    used = documents.policy_from_document(documents.policy_document(used, run="r", source=Source("s")))
    found = rules.compute(used, did)
    assert 0 <= found.score <= 100
    assert all(0 <= line.mean_percent <= 100 for line in found.lines)
    total = sum((line.points for line in found.lines), Decimal(0)).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    assert found.score == total or (found.capped and found.score < total) or used.resit.attempts_max
    assert found.passed == (found.grade >= used.pass_mark)
    assert rules.compute(used, facts.from_document(facts.as_document(did))) == found


@given(policies(), facts_of_somebody())
def test_a_better_work_never_lowers_the_score(used: Policy, did: Facts) -> None:
    better = Facts(
        tuple(WorkScore(w.usage_id, w.name, w.assignment, w.possible, w.possible) for w in did.works),
        did.marks,
        did.study,
    )
    assert rules.compute(used, better).score >= rules.compute(used, did).score


@given(policies(), facts_of_somebody(), PERCENT)
def test_a_resit_never_lowers_the_score(used: Policy, did: Facts, score: Decimal) -> None:
    again = Facts(did.works, (*did.marks, Mark("x", "E", "E", "resit", "present", score)), did.study)
    assert rules.compute(used, again).score >= rules.compute(used, did).score
