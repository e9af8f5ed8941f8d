"""Recognition: automatic when a plan is met, by a registrar otherwise; decision and postings together or not at all."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from credits import events
from credits.ledger import queries as ledger
from credits.ledger.models import Posting
from credits.recognition import queries
from credits.recognition.actions import decide_case, recognise_by_plan
from credits.recognition.application_actions import (
    add_evidence,
    draft_application,
    edit_application,
    remove_evidence,
    submit_application,
    withdraw_case,
)
from credits.recognition.models import RecognitionCase, RecognitionCaseMove, RecognitionDecision
from edu.events.actions import deliver_all
from edu.events.models import Event
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.credits import (
    World,
    accepted_plan,
    agreement_in_force,
    certified_lot,
    make_rule_terms,
    make_world,
    rule_in_force,
    submitted_application,
)
from tests.factories.institutions import make_slot
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 syllabus"


@pytest.fixture
def world() -> World:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    return world


def trace() -> tuple[int, ...]:
    """What a refusal must leave as it was."""
    return (
        RecognitionCaseMove.objects.count(),
        RecognitionDecision.objects.count(),
        Event.objects.count(),
        Posting.objects.count(),
    )


def ruling(case: RecognitionCase, outcome: str, **changes: object) -> dict[str, Any]:
    lot = ledger.lot(case.lot_uuid)
    return {
        "case_uuid": case.uuid,
        "seen_hash": queries.case_hash(case, queries.achievement(lot)),
        "outcome": outcome,
        "reason_code": "equivalent",
        "reason_text": "内容相符",
    } | changes


def test_a_met_plan_is_recognised_by_itself_with_original_and_converted_side_by_side(world: World) -> None:
    plan = accepted_plan(world)
    lot = certified_lot(world, score="86.00")
    deliver_all()
    decision = RecognitionDecision.objects.get()
    assert decision.automatic is True
    assert (decision.credit_points_original, decision.credit_points_recognised) == (Decimal("2.00"), Decimal("2.00"))
    assert (decision.grade_original, decision.grade_converted) == ("86.00", "良")
    assert decision.rule_hash == content_hash(decision.rule_document)
    assert decision.rule_document["plan"] == plan.document
    assert decision.recognised_lot_uuid is not None
    home_lot = ledger.lot(decision.recognised_lot_uuid)
    assert home_lot.derived_from_uuid == lot.uuid
    assert home_lot.amount_in("recognised") == Decimal("2.00")
    assert ledger.lot(lot.uuid).amount_in("available") == 0
    plan.refresh_from_db()
    assert plan.status == "completed"
    posted = Event.objects.get(name=events.RECOGNITION_POSTED)
    assert posted.payload == {
        "recognition_uuid": str(decision.uuid),
        "lot_uuid": str(lot.uuid),
        "person_uuid": str(world.student_person.uuid),
    }


def test_the_same_news_twice_recognises_once(world: World) -> None:
    accepted_plan(world)
    lot = certified_lot(world)
    news: dict[str, Any] = {"lot_uuid": lot.uuid, "run_uuid": world.run.uuid, "person_uuid": world.student_person.uuid}
    first = recognise_by_plan(**news)
    before = trace()
    again = recognise_by_plan(**news)
    deliver_all()
    assert first is not None
    assert again is None or again.pk == first.pk
    assert RecognitionDecision.objects.count() == 1
    assert trace()[3] == before[3]


def test_a_grade_below_the_plans_minimum_becomes_a_case_with_its_reason(world: World) -> None:
    accepted_plan(world)
    lot = certified_lot(world, score="58.00", passed=True)
    deliver_all()
    case = RecognitionCase.objects.get()
    assert case.status == "in_review"
    assert [finding["code"] for finding in case.findings] == ["below-minimum-grade"]
    assert case.due_on is not None
    assert RecognitionDecision.objects.exists() is False
    assert ledger.lot(lot.uuid).amount_in("reserved") == Decimal("2.00")


def test_a_rule_changed_after_acceptance_does_not_break_the_promise(world: World) -> None:
    plan = accepted_plan(world)
    terms = make_rule_terms(world)
    rule_in_force(
        world, follows_uuid=plan.equivalence.uuid, valid_from_on=world.run.starts_on, minimum_grade=Decimal(99)
    )
    certified_lot(world, score="61.00")
    deliver_all()
    decision = RecognitionDecision.objects.get()
    assert decision.automatic is True
    assert Decimal(decision.rule_document["plan"]["conversion"]["minimum_grade"]) == terms.minimum_grade


def test_without_a_plan_nothing_happens_by_itself(world: World) -> None:
    certified_lot(world)
    deliver_all()
    assert RecognitionCase.objects.exists() is False


def test_an_application_reserves_the_lot_and_a_registrar_recognises_it(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    assert ledger.lot(case.lot_uuid).amount_in("reserved") == Decimal("2.00")
    decided = decide_case(**ruling(case, "recognise"), acting=world.home_registrar)
    assert decided.status == "recognised"
    decision = decided.decisions.get()
    assert decision.rule_document["basis"] == "rule"
    assert decision.actor_person_uuid == world.home_registrar_person.uuid
    assert ledger.lot(case.lot_uuid).amount_in("reserved") == 0


def test_a_partial_recognition_leaves_the_rest_visible_as_unusable(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    decide_case(
        **ruling(case, "partial", credit_points=Decimal("1.50"), reason_code="partly-equivalent"),
        acting=world.home_registrar,
    )
    decision = RecognitionDecision.objects.get()
    assert (decision.credit_points_recognised, decision.credit_points_unusable) == (Decimal("1.50"), Decimal("0.50"))
    assert ledger.lot(case.lot_uuid).amount_in("unusable") == Decimal("0.50")


def test_a_refusal_says_why_and_gives_the_credit_back(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    decide_case(**ruling(case, "refuse", reason_code="content-differs"), acting=world.home_registrar)
    assert ledger.lot(case.lot_uuid).amount_in("available") == Decimal("2.00")
    assert case.decisions.get().reason_text == "内容相符"
    again = submitted_application(world, ledger.lot(case.lot_uuid))
    assert again.pk != case.pk


def test_a_returned_case_keeps_its_credit_and_comes_back(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    decide_case(**ruling(case, "return", reason_code="evidence-missing"), acting=world.home_registrar)
    assert ledger.lot(case.lot_uuid).amount_in("reserved") == Decimal("2.00")
    add_evidence(case_uuid=case.uuid, name="大纲.pdf", content=PDF, acting=world.student)
    back = submit_application(case_uuid=case.uuid, acting=world.student)
    decided = decide_case(**ruling(back, "recognise"), acting=world.home_registrar)
    assert [move.target for move in decided.moves.all()] == [
        "drafted", "submitted", "in_review", "returned", "submitted", "in_review", "recognised",
    ]  # fmt: skip


def test_withdrawing_gives_the_credit_back(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    withdraw_case(case_uuid=case.uuid, acting=world.student)
    assert ledger.lot(case.lot_uuid).amount_in("available") == Decimal("2.00")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason_code": "because"}, "reason-missing"),
        ({"outcome": "refuse", "reason_text": " "}, "reason-missing"),
        ({"outcome": "partial"}, "partial-out-of-range"),
        ({"outcome": "partial", "credit_points": Decimal("2.00")}, "partial-out-of-range"),
        ({"outcome": "partial", "credit_points": Decimal("0.00")}, "partial-out-of-range"),
    ],
)
def test_an_incomplete_decision_leaves_no_trace(world: World, changes: dict[str, Any], code: str) -> None:
    case = submitted_application(world, certified_lot(world))
    before = trace()
    with pytest.raises(Refusal, match=code):
        decide_case(**(ruling(case, "recognise") | changes), acting=world.home_registrar)
    assert trace() == before


def test_a_decision_on_another_text_than_seen_is_stale(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    before = trace()
    with pytest.raises(Stale, match="case-changed"):
        decide_case(**ruling(case, "recognise", seen_hash="0" * 64), acting=world.home_registrar)
    assert trace() == before


def test_a_second_decision_comes_too_late(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    asked = ruling(case, "recognise")
    decide_case(**asked, acting=world.home_registrar)
    before = trace()
    with pytest.raises(Stale, match="decided-meanwhile"):
        decide_case(**asked, acting=world.home_registrar)
    assert trace() == before


def test_only_the_home_registrar_decides(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    asked = ruling(case, "recognise")
    with pytest.raises(NotThere):
        decide_case(**asked, acting=world.host_registrar)
    with pytest.raises(NotPermitted):
        decide_case(**asked, acting=world.student)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file-empty"), (b"MZ\x90\x00", "file-type"), (b"%PDF-" + b"0" * (10 * 1024 * 1024), "file-too-large")],
)
def test_a_bad_file_is_refused(world: World, content: bytes, code: str) -> None:
    case = draft_application(lot_uuid=certified_lot(world).uuid, acting=world.student)
    with pytest.raises(Refusal, match=code):
        add_evidence(case_uuid=case.uuid, name="x.pdf", content=content, acting=world.student)
    assert case.evidence.count() == 0


def test_the_same_file_twice_is_one_file_and_can_be_taken_away(world: World) -> None:
    case = draft_application(lot_uuid=certified_lot(world).uuid, acting=world.student)
    first = add_evidence(case_uuid=case.uuid, name="大纲.pdf", content=PDF, acting=world.student)
    assert add_evidence(case_uuid=case.uuid, name="again.pdf", content=PDF, acting=world.student).pk == first.pk
    remove_evidence(case_uuid=case.uuid, evidence_uuid=first.uuid, acting=world.student)
    assert case.evidence.count() == 0


def test_what_cannot_be_applied_for_is_refused(world: World) -> None:
    lot = certified_lot(world)
    stranger = make_actor(make_person(role="student", institution=world.home, number="2", programme=world.programme))
    with pytest.raises(NotThere):
        draft_application(lot_uuid=lot.uuid, acting=stranger)
    case = draft_application(lot_uuid=lot.uuid, acting=world.student)
    with pytest.raises(Refusal, match="case-exists"):
        draft_application(lot_uuid=lot.uuid, acting=world.student)
    with pytest.raises(Refusal, match="request-missing"):
        submit_application(case_uuid=case.uuid, acting=world.student)
    with pytest.raises(Refusal, match="slot-not-yours"):
        edit_application(
            case_uuid=case.uuid, slot_uuid=UUID("00000000-0000-4000-8000-000000000009"), acting=world.student
        )


def test_a_slot_without_a_rule_is_the_registrars_own_decision(world: World) -> None:
    other = make_slot(programme=world.programme, code="XX", name_zh="专业选修")
    case = draft_application(lot_uuid=certified_lot(world).uuid, acting=world.student)
    edit_application(case_uuid=case.uuid, slot_uuid=other.uuid, request_text="相符", acting=world.student)
    case = submit_application(case_uuid=case.uuid, acting=world.student)
    decide_case(**ruling(case, "recognise"), acting=world.home_registrar)
    assert RecognitionDecision.objects.get().rule_document["basis"] == "registrar"


def test_every_move_of_a_case_is_an_event(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    decide_case(**ruling(case, "return", reason_code="other"), acting=world.home_registrar)
    withdraw_case(case_uuid=case.uuid, acting=world.student)
    told = Event.objects.filter(name=events.CASE_MOVED, payload__case_uuid=str(case.uuid)).order_by("pk")
    assert [(e.payload["source"], e.payload["target"]) for e in told] == [
        (move.source, move.target) for move in case.moves.all()
    ]


def test_what_was_decided_cannot_be_changed_in_the_database(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    decide_case(**ruling(case, "recognise"), acting=world.home_registrar)
    for deed in (
        lambda: RecognitionDecision.objects.update(credit_points_recognised=9),
        lambda: RecognitionCaseMove.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            deed()


def test_a_plan_that_was_not_met_is_decided_by_its_own_promise(world: World) -> None:
    plan = accepted_plan(world)
    certified_lot(world, score="58.00")
    deliver_all()
    rule_in_force(world, follows_uuid=plan.equivalence.uuid, valid_from_on=world.run.starts_on, ratio=Decimal("0.500"))
    case = RecognitionCase.objects.get()
    decide_case(**ruling(case, "recognise", reason_code="goodwill"), acting=world.home_registrar)
    decision = RecognitionDecision.objects.get()
    assert (decision.automatic, decision.credit_points_recognised) == (False, Decimal("2.00"))
    assert decision.grade_converted == "不及格"
    plan.refresh_from_db()
    assert plan.status == "completed"
