"""Grading terms from plain values, for stories and commands; people fill in a form."""

from decimal import Decimal

from courses.grading.policy import (
    EXAM,
    MEETINGS,
    AssignmentRule,
    ComponentRule,
    EntryRule,
    Policy,
    ProcessRule,
    ResitRule,
)


def blended_terms(base: Policy, *, meetings: str, exam: str, process: str) -> Policy:
    """Return a policy of a credit course of the region: process score, the content's works, meetings, a final exam.

    Process score 20 %, meetings 10 %, exam 30 %, the works of `base` share the rest as before. The exam counts from
    60 % of the film on; one resit is worth a pass at most.
    """
    works = tuple(
        AssignmentRule(rule.name, rule.weight_percent * Decimal("0.4"), rule.min_count, rule.drop_count)
        for rule in base.assignments
    )
    return Policy(
        works,
        base.pass_mark,
        components=(ComponentRule(MEETINGS, meetings, Decimal(10)), ComponentRule(EXAM, exam, Decimal(30))),
        process=ProcessRule(process, Decimal(20), Decimal(50), Decimal(30), Decimal(20), days_full=20),
        entry=EntryRule((exam,), video_percent_min=Decimal(60)),
        resit=ResitRule(1, base.pass_mark),
    )
