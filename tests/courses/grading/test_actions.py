"""Two persons sign every result, each for exactly what they saw."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from courses import events
from courses.enrolment.actions import enrol, withdraw
from courses.enrolment.models import Enrolment
from courses.grading import actions, queries
from courses.grading.data import Entry
from courses.grading.explaining import computed_again, outcome
from courses.grading.models import GradingPolicy, Result
from courses.grading.proposing import policies_in_force
from edu.events.actions import deliver_all
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.notices.models import Notice
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.factories.courses import make_enrolment
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person


def seen(graded: Graded) -> str:
    policies = policies_in_force(graded.run)
    return queries.gradebook(graded.run, policies, list(queries.places(graded.run))).rows[0].seen_hash


def submit(graded: Graded, **changes: object) -> Result:
    entry = Entry(enrolment_uuid=graded.enrolment.uuid, seen_hash=seen(graded), **changes)  # type: ignore[arg-type]
    actions.submit_results(run_uuid=graded.run.uuid, entries=[entry], acting=graded.teacher)
    return Result.objects.get()


def announced(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_a_certified_result_has_two_signatures_and_one_event(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    row = submit(graded)
    assert (row.score, row.grade, row.passed) == (Decimal("85.00"), "85", True)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    info = queries.result(row.uuid)
    assert info.is_certified
    assert info.submitted_by_uuid == graded.teacher.person_uuid
    assert info.certified_by_uuid == graded.registrar.person_uuid
    assert [move.target for move in row.moves.all()] == ["submitted", "certified"]
    assert announced(events.RESULT_CERTIFIED) == 1
    assert Enrolment.objects.get().status == "completed"


def test_the_signed_document_shows_how_the_score_came_about(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    document = submit(graded).document
    assert document["score"] == "40.00"
    assert document["passed"] == "no"
    assert [(line["name"], line["mean_percent"]) for line in document["lines"]] == [
        ("Quiz", "100.00"),
        ("Final", "0.00"),
    ]
    assert document["lines"][1]["works"][0]["possible"] == "4.00"  # what was never begun counts with its worth


def test_who_submitted_cannot_certify(graded: Graded) -> None:
    make_actor(graded.teacher_person)
    row = submit(graded)
    same = Actor(graded.teacher.person_uuid, graded.registrar.institution_uuid, "registrar")
    with pytest.raises(NotPermitted) as refused:
        actions.certify_results(chosen={row.uuid: row.document_hash}, acting=same)
    assert refused.value.code == "same-person"
    row.refresh_from_db()
    assert row.status == "submitted"
    assert announced(events.RESULT_CERTIFIED) == 0


def test_who_submitted_hears_of_a_return_and_the_learner_of_the_signature(graded: Graded) -> None:
    def told() -> list[tuple[str, str]]:
        deliver_all()
        return list(Notice.objects.order_by("pk").values_list("kind", "person__name"))

    row = submit(graded)
    assert told() == []
    actions.return_result(result_uuid=row.uuid, reason="漏批", acting=graded.registrar)
    assert told() == [("courses.result_returned", "覃老师")]
    Notice.objects.all().delete()
    row = submit(graded)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    assert told() == [("courses.result_certified", "韦小明")]


def test_who_left_the_run_gets_no_result_until_they_come_back(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    row, person = submit(graded), graded.enrolment.person
    itself = Actor(person.uuid, None, "student")
    withdraw(person_uuid=person.uuid, run_uuid=graded.run.uuid, acting=itself)
    with pytest.raises(Refusal) as refused:
        actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    assert refused.value.code == "learner-left"
    row.refresh_from_db()
    assert (row.status, announced(events.RESULT_CERTIFIED)) == ("submitted", 0)

    enrol(person_uuid=person.uuid, run_uuid=graded.run.uuid, acting=itself)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    assert (Enrolment.objects.get().status, Result.objects.get().score) == ("completed", Decimal(40))


def test_the_database_too_refuses_one_person_twice(graded: Graded) -> None:
    row = submit(graded)
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.filter(pk=row.pk).update(
            status="certified", certified_by_uuid=row.submitted_by_uuid, certified_at=row.submitted_at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.filter(pk=row.pk).update(status="certified")


def test_a_score_that_changed_since_it_was_seen_is_not_submitted(graded: Graded) -> None:
    graded.score(QUIZ, "2")
    old = seen(graded)
    graded.score(QUIZ, "4")
    with pytest.raises(Stale) as refused:
        actions.submit_results(
            run_uuid=graded.run.uuid, entries=[Entry(graded.enrolment.uuid, old)], acting=graded.teacher
        )
    assert refused.value.details == {str(graded.enrolment.uuid): "40.00"}
    assert not Result.objects.exists()
    assert announced(events.RESULT_SUBMITTED) == 0


def test_a_result_that_was_corrected_meanwhile_is_not_certified(graded: Graded) -> None:
    row = submit(graded)
    old = row.document_hash
    actions.return_result(result_uuid=row.uuid, reason="期末测验漏批", acting=graded.registrar)
    graded.score(FINAL, "4")
    submit(graded)
    with pytest.raises(Stale):
        actions.certify_results(chosen={row.uuid: old}, acting=graded.registrar)
    row.refresh_from_db()
    assert (row.status, row.certified_by_uuid) == ("submitted", None)


def test_one_bad_line_stops_the_whole_submission(graded: Graded) -> None:
    other = make_enrolment(make_person(name="黄志远"), graded.run)
    entries = [Entry(graded.enrolment.uuid, seen(graded)), Entry(other.uuid, "what nobody saw")]
    with pytest.raises(Stale):
        actions.submit_results(run_uuid=graded.run.uuid, entries=entries, acting=graded.teacher)
    assert not Result.objects.exists()


def test_another_score_needs_a_reason_and_keeps_the_computed_one(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    with pytest.raises(Refusal) as refused:
        submit(graded, override_score=Decimal("70"))
    assert refused.value.code == "override-without-reason"
    assert not Result.objects.exists()
    row = submit(graded, override_score=Decimal("70"), reason="线下补考")
    assert (row.document["score"], row.document["computed_score"], row.passed) == ("70.00", "40.00", True)


@pytest.mark.parametrize("score", ["-1", "100.01"])
def test_a_score_out_of_range_is_refused(graded: Graded, score: str) -> None:
    with pytest.raises(Refusal):
        submit(graded, override_score=Decimal(score), reason="x")
    assert not Result.objects.exists()


def test_a_submitted_result_is_not_submitted_again(graded: Graded) -> None:
    submit(graded)
    with pytest.raises(Refusal) as refused:
        submit(graded)
    assert refused.value.code == "already-submitted"
    assert announced(events.RESULT_SUBMITTED) == 1


def test_a_certified_result_stays(graded: Graded) -> None:
    row = submit(graded)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    with pytest.raises(Refusal):
        actions.return_result(result_uuid=row.uuid, reason="too late", acting=graded.registrar)
    with pytest.raises(Refusal):
        actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    assert announced(events.RESULT_CERTIFIED) == 1


def test_a_stranger_finds_nothing_to_grade_or_certify(graded: Graded) -> None:
    row = submit(graded)
    elsewhere = make_institution(name_zh="别处大学")
    for role in ("teacher", "registrar", "student"):
        stranger = make_actor(make_person(name="外人", role=role, institution=elsewhere, number=role))
        with pytest.raises(NotThere):
            actions.submit_results(run_uuid=graded.run.uuid, entries=[Entry(row.enrolment.uuid, "x")], acting=stranger)
        with pytest.raises(NotThere):
            actions.certify_results(chosen={row.uuid: row.document_hash}, acting=stranger)
        with pytest.raises(NotThere):
            actions.return_result(result_uuid=row.uuid, reason="x", acting=stranger)


def test_the_signed_document_can_be_computed_again_by_the_policy_it_names(graded: Graded) -> None:
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    row = submit(graded)
    policy = GradingPolicy.objects.get(content_hash=row.document["policy"])
    assert (row.document["policy_number"], row.document["version"]) == ("1", "2")
    again = computed_again(row.document, policy.document)
    assert (again.score, again.grade) == (row.score, Decimal(row.grade))
    assert outcome(again).items() <= row.document.items()


def test_the_gradebook_costs_the_same_for_one_learner_and_for_thirty(
    graded: Graded, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        place = make_enrolment(make_person(name=f"学生{number}"), graded.run)
        graded.score(QUIZ, "3", place)
    policies = policies_in_force(graded.run)
    places = list(queries.places(graded.run))
    assert len(places) == 31
    queries.gradebook(graded.run, policies, places[:1])  # what is known of a content version is read once a process
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        book = queries.gradebook(graded.run, policies, places)
    assert book.rows[5].computed.score == Decimal("30.00")
