from decimal import Decimal

import pytest

from courses.grading import rules
from courses.grading.rules import AssignmentRule, Policy, WorkScore

QUIZZES, FINAL = "平时测验", "期末测验"
OLX = {
    "GRADER": [
        {"type": QUIZZES, "min_count": 2, "drop_count": 0, "weight": 0.4},
        {"type": FINAL, "min_count": 1, "drop_count": 0, "weight": 0.6},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.6},
}


def work(assignment: str, earned: str, possible: str = "4", usage_id: str = "") -> WorkScore:
    return WorkScore(usage_id or f"{assignment}{earned}", assignment, assignment, Decimal(earned), Decimal(possible))


def test_a_policy_file_becomes_exact_decimals() -> None:
    policy = rules.policy_from_olx(OLX)
    assert [rule.weight_percent for rule in policy.assignments] == [Decimal("40"), Decimal("60")]
    assert policy.pass_mark == 60


def test_a_policy_survives_its_canonical_document() -> None:
    policy = rules.policy_from_olx(OLX)
    document = rules.policy_document(policy, run="r", source="s")
    assert rules.policy_from_document(document) == policy


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
    with pytest.raises(rules.PolicyUnusable, match=word):
        rules.policy_from_olx(document)


def test_all_right_gives_a_hundred() -> None:
    computed = rules.compute(
        rules.policy_from_olx(OLX), [work(QUIZZES, "4"), work(QUIZZES, "4", usage_id="b"), work(FINAL, "6", "6")]
    )
    assert computed.score == Decimal("100.00")
    assert computed.passed


def test_exactly_the_pass_mark_passes() -> None:
    """Both quizzes perfect and a third of the final: 40 + 20, which floats would call 60.00000000000001 or less."""
    works = [work(QUIZZES, "4"), work(QUIZZES, "4", usage_id="b"), work(FINAL, "2", "6")]
    computed = rules.compute(rules.policy_from_olx(OLX), works)
    assert computed.score == Decimal("60.00")
    assert computed.passed


def test_just_below_the_pass_mark_fails_and_half_a_point_is_rounded_up() -> None:
    policy = Policy((AssignmentRule("A", Decimal(100), 1, 0),), Decimal(60))
    assert not rules.compute(policy, [work("A", "59.4", "100")]).passed
    assert rules.compute(policy, [work("A", "59.5", "100")]).passed
    assert rules.grade_of(Decimal("59.50")) == 60


def test_work_that_the_course_lacks_counts_as_nothing() -> None:
    computed = rules.compute(rules.policy_from_olx(OLX), [work(QUIZZES, "4"), work(FINAL, "6", "6")])
    assert computed.lines[0].missing == 1
    assert computed.score == Decimal("80.00")


def test_the_worst_is_dropped_and_missing_work_is_the_worst() -> None:
    rule = AssignmentRule("A", Decimal(100), 3, 1)
    policy = Policy((rule,), Decimal(60))
    three = rules.compute(policy, [work("A", "4"), work("A", "2"), work("A", "0")])
    assert three.score == Decimal("75.00")
    assert [dropped for _work, dropped in three.lines[0].works] == [False, False, True]
    two = rules.compute(policy, [work("A", "4"), work("A", "2")])
    assert two.score == Decimal("75.00")
    assert not any(dropped for _work, dropped in two.lines[0].works)


def test_not_everything_can_be_dropped() -> None:
    policy = Policy((AssignmentRule("A", Decimal(100), 1, 5),), Decimal(60))
    assert rules.compute(policy, [work("A", "4")]).score == Decimal("100.00")


def test_work_of_an_unknown_kind_does_not_count() -> None:
    computed = rules.compute(rules.policy_from_olx(OLX), [work("Lab", "4")])
    assert computed.score == Decimal("0.00")


@pytest.mark.parametrize(
    ("grade", "word"), [(90, "优秀"), (89, "良好"), (70, "中等"), (60, "及格"), (59, "不及格"), (0, "不及格")]
)
def test_grades_have_a_level(grade: int, word: str) -> None:
    assert rules.level_of(Decimal(grade)) == word
