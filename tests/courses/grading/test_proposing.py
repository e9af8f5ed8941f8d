"""Policies: proposed by one, approved by another, previewed for the learners, per home institution, from a day on."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from courses.enrolment.models import Enrolment
from courses.grading import proposing, queries
from courses.grading.models import GradingPolicy, Result
from courses.grading.policy import AssignmentRule, EntryRule, Policy, Source
from courses.grading.proposing import policies_in_force
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.courses.grading.test_actions import submit
from tests.factories.courses import make_enrolment
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person

EXAM_ONLY = Policy((AssignmentRule("Final", Decimal(100), 1, 0),), Decimal(70))
SOURCE = Source("课程考核办法", "广西大学", "教〔2026〕3号", "2026-09-01")


def propose(graded: Graded, policy: Policy = EXAM_ONLY, **changes: object) -> GradingPolicy:
    values = {"source": SOURCE, "reason": "只考期末", "acting": graded.teacher, **changes}
    return proposing.propose_policy(run_uuid=graded.run.uuid, policy=policy, **values)  # type: ignore[arg-type]


def approve(row: GradingPolicy, acting: Actor) -> GradingPolicy:
    return proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=acting)


@pytest.fixture
def guest(graded: Graded) -> tuple[Institution, Enrolment]:
    """A learner from another university."""
    home = make_institution(name_zh="桂林学院")
    person = make_person(name="莫小燕", role="student", institution=home, number="0042")
    return home, make_enrolment(person, graded.run)


def test_a_proposal_changes_nothing_until_another_person_approves_it(graded: Graded) -> None:
    row = propose(graded)
    assert policies_in_force(graded.run).general.number == 1
    approve(row, graded.registrar)
    held = policies_in_force(graded.run).general
    assert (held.number, held.policy, held.document["source"]["number"]) == (2, EXAM_ONLY, "教〔2026〕3号")
    assert [move.target for move in row.moves.all()] == ["proposed", "approved"]


def test_who_proposed_cannot_approve_not_even_in_the_database(graded: Graded) -> None:
    row = propose(graded)
    with pytest.raises(NotPermitted):
        approve(row, graded.teacher)
    with pytest.raises(IntegrityError), transaction.atomic():
        GradingPolicy.objects.filter(pk=row.pk).update(approved_by_uuid=row.actor_person_uuid)
    row.refresh_from_db()
    assert row.status == "proposed"


def test_another_teacher_of_the_run_may_approve(graded: Graded) -> None:
    colleague = make_person(name="陆老师", role="teacher", institution=graded.run.course.institution, number="T2")
    graded.run.run_teachers.create(person=colleague)
    assert approve(propose(graded), make_actor(colleague)).status == "approved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": Source(" ")}, "no-source"),
        ({"reason": ""}, "no-reason"),
        ({"policy": Policy((), Decimal(60))}, "policy-unusable"),
    ],
)
def test_a_proposal_without_ground_or_sense_is_refused(graded: Graded, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(graded, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not GradingPolicy.objects.exists()


def test_the_same_policy_again_is_no_proposal(graded: Graded) -> None:
    approve(propose(graded), graded.registrar)
    with pytest.raises(Refusal) as refused:
        propose(graded)
    assert refused.value.code == "policy-unchanged"


def test_submitted_results_keep_their_policy(graded: Graded) -> None:
    row = propose(graded)
    submit(graded)
    with pytest.raises(Refusal) as refused:
        approve(row, graded.registrar)
    assert refused.value.code == "results-exist"
    row.refresh_from_db()
    assert row.status == "proposed"


def test_a_policy_of_a_home_holds_for_its_learners_only(graded: Graded, guest: tuple[Institution, Enrolment]) -> None:
    home, place = guest
    for one in (graded.enrolment, place):
        graded.score(QUIZ, "4", one)
        graded.score(FINAL, "2", one)
    approve(propose(graded, home_uuid=home.uuid), graded.registrar)
    book = queries.gradebook(graded.run, policies_in_force(graded.run), list(queries.places(graded.run)))
    assert [(row.computed.score, row.held.home_uuid) for row in book.rows] == [
        (Decimal(70), None),
        (Decimal(50), home.uuid),
    ]
    assert book.rows[1].cells[0] is None  # the home's policy has no quiz
    assert book.rows[1].document["home"] == str(home.uuid)


def test_a_home_policy_may_change_while_others_results_are_with_the_registrar(
    graded: Graded, guest: tuple[Institution, Enrolment]
) -> None:
    submit(graded)
    assert approve(propose(graded, home_uuid=guest[0].uuid), graded.registrar).status == "approved"


def test_a_policy_holds_from_its_day_on(graded: Graded) -> None:
    day = clock.today() + dt.timedelta(days=3)
    approve(propose(graded, from_on=day), graded.registrar)
    assert policies_in_force(graded.run).general.number == 1
    assert policies_in_force(graded.run, day).general.number == 2


def test_results_wait_for_a_policy_that_is_approved_for_a_later_day(graded: Graded) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    approve(propose(graded, from_on=tomorrow), graded.registrar)
    with pytest.raises(Refusal) as refused:
        submit(graded)
    assert refused.value.code == "policy-coming"
    assert not Result.objects.exists()
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert submit(graded).policy.from_on == tomorrow


def test_a_policy_for_others_or_one_that_was_replaced_keeps_no_result_waiting(
    graded: Graded, guest: tuple[Institution, Enrolment]
) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    approve(propose(graded, home_uuid=guest[0].uuid, from_on=tomorrow), graded.registrar)
    approve(propose(graded, from_on=tomorrow), graded.registrar)
    approve(propose(graded, reason="again"), graded.registrar)
    assert submit(graded).status == "submitted"


def test_the_preview_says_who_would_notice(graded: Graded, guest: tuple[Institution, Enrolment]) -> None:
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    row = propose(graded)
    shown = proposing.preview(row)
    assert (shown.learners, shown.pass_lost, shown.pass_gained) == (2, 0, 0)
    assert [(s.name, s.score_before, s.score_after) for s in shown.shifts] == [("韦小明", Decimal(85), Decimal(75))]
    gate = Policy(EXAM_ONLY.assignments, Decimal(60), entry=EntryRule(("Final",), tasks_percent_min=Decimal(50)))
    strict = proposing.preview(propose(graded, gate))
    assert (strict.pass_lost, strict.entry_lost) == (1, 2)
    of_home = proposing.preview(propose(graded, home_uuid=guest[0].uuid))
    assert (of_home.learners, of_home.shifts) == (1, ())


def test_refusing_and_withdrawing_need_a_reason(graded: Graded) -> None:
    row, other = propose(graded), propose(graded, reason="另一版")
    with pytest.raises(Refusal):
        proposing.refuse_policy(policy_uuid=row.uuid, reason=" ", acting=graded.registrar)
    assert proposing.refuse_policy(policy_uuid=row.uuid, reason="缺依据", acting=graded.registrar).status == "refused"
    assert proposing.refuse_policy(policy_uuid=other.uuid, reason="写错", acting=graded.teacher).status == "withdrawn"
    with pytest.raises(Refusal):
        approve(row, graded.registrar)


def test_strangers_find_no_policy(graded: Graded) -> None:
    row = propose(graded)
    elsewhere = make_institution(name_zh="别处大学")
    for role in ("teacher", "registrar"):
        stranger = make_actor(make_person(name="外人", role=role, institution=elsewhere, number=role))
        with pytest.raises(NotThere):
            approve(row, stranger)
        with pytest.raises(NotThere):
            proposing.propose_policy(
                run_uuid=graded.run.uuid, policy=EXAM_ONLY, source=SOURCE, reason="x", acting=stranger
            )
    assert GradingPolicy.objects.count() == 2
