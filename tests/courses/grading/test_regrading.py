"""A wrong key is mended: everybody is graded again once, certified results wait for a second person."""

import datetime as dt
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.utils import timezone

from courses import events
from courses.content.models import ContentBlock
from courses.enrolment.models import Enrolment
from courses.grading import actions, correcting, queries, regrading
from courses.grading.data import Entry
from courses.grading.models import Correction, Result
from courses.grading.proposing import policies_in_force
from courses.grading.records import RegradeJob, RegradeLine
from courses.runs.models import RunTeacher
from courses.runtime import rescoring
from courses.runtime.models import BlockScore
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import CHOICE, problem
from tests.factories.courses import make_content
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db
P = "problem@p"
POLICY = {"GRADER": [{"type": "Quiz", "weight": 1, "min_count": 1}], "GRADE_CUTOFFS": {"Pass": 0.6}}
WRONG = CHOICE.replace('correct="false">3', 'correct="true">3').replace('correct="true">4', 'correct="false">4')


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    """A problem whose key says that 2 + 2 is 3."""
    return classroom([problem("p", WRONG)])


def _mended(room: Classroom, data: str = CHOICE, number: int = 2) -> None:
    """Pin a version in which the key is right; answers stay, since the block's id does."""
    version = make_content(room.run.course, number, grading_policy=POLICY)
    for block in ContentBlock.objects.filter(version=room.content).order_by("ordinal"):
        block.pk, block.version = None, version
        inside = block.usage_id in {"sequential@1", "vertical@unit1", P}
        block.graded, block.assignment_type = block.usage_id == P, "Quiz" if inside else ""
        if block.usage_id == P:
            block.fields = {**block.fields, "content": {"data": data}}
        block.save(force_insert=True)
    room.run.content = version
    room.run.save()


@pytest.fixture
def teacher(room: Classroom) -> Actor:
    person = make_person(name="覃老师", role="teacher", institution=room.run.course.institution, number="T1")
    RunTeacher.objects.create(run=room.run, person=person)
    return make_actor(person)


@pytest.fixture
def registrar(room: Classroom) -> Actor:
    return make_actor(make_person(name="莫老师", role="registrar", institution=room.run.course.institution, number="R"))


@pytest.fixture
def mended(room: Classroom) -> Classroom:
    answer(room.grant(P), P, value="choice_1")
    assert BlockScore.objects.get().earned == 0
    _mended(room)
    return room


def request(room: Classroom, teacher: Actor, **changes: str) -> RegradeJob:
    wish = {"usage_id": P, "reason": "答案有误", **changes}
    return regrading.request_regrade(run_uuid=room.run.uuid, acting=teacher, **wish)


def test_everybody_is_graded_again_and_the_report_says_before_and_after(mended: Classroom, teacher: Actor) -> None:
    scored_at = BlockScore.objects.get().scored_at
    job = regrading.run_regrade(request(mended, teacher).pk)
    assert job.status == "done"
    score = BlockScore.objects.get()
    assert (score.earned, score.possible, score.scored_at) == (Decimal(1), Decimal(1), scored_at)
    assert score.content_version_id == mended.run.content_id
    line = RegradeLine.objects.get()
    assert (line.outcome, line.earned_before, line.earned_after) == ("changed", Decimal(0), Decimal(1))
    assert regrading.counts_of(job) == {"changed": 1, "same": 0, "failed": 0, "done": 1, "left": 0, "corrections": 0}
    assert regrading.points_of(job) == (Decimal(0), Decimal(1))


def test_a_repeat_changes_nothing_more(mended: Classroom, teacher: Actor) -> None:
    job = request(mended, teacher)
    regrading.run_regrade(job.pk)
    assert regrading.run_regrade(job.pk).status == "done"
    assert RegradeLine.objects.count() == 1
    again = regrading.run_regrade(request(mended, teacher).pk)
    assert RegradeLine.objects.get(job=again).outcome == "same"


def test_a_dead_worker_is_taken_over_where_it_stopped(mended: Classroom, teacher: Actor) -> None:
    job = request(mended, teacher)
    with patch.object(regrading, "_renew", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        regrading.run_regrade(job.pk)
    assert RegradeJob.objects.get().status == "running"
    assert regrading.take_up_stalled() == []  # its lease still holds
    RegradeJob.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert regrading.take_up_stalled() == [job.pk]
    assert regrading.run_regrade(job.pk).status == "done"
    assert RegradeLine.objects.count() == 1


def test_a_cancelled_regrade_stops_and_says_how_far_it_came(mended: Classroom, teacher: Actor) -> None:
    job = request(mended, teacher)
    regrading.cancel(run_uuid=mended.run.uuid, job_uuid=job.uuid, acting=teacher)
    assert regrading.run_regrade(job.pk).status == "cancelled"
    assert BlockScore.objects.get().earned == 0
    assert regrading.counts_of(job)["left"] == 1
    with pytest.raises(Refusal):
        regrading.cancel(run_uuid=mended.run.uuid, job_uuid=job.uuid, acting=teacher)


def test_a_problem_that_breaks_is_a_line_that_says_so(mended: Classroom, teacher: Actor) -> None:
    job = request(mended, teacher)
    with patch.object(rescoring, "_grade_again", side_effect=ZeroDivisionError):
        assert regrading.run_regrade(job.pk).status == "done"
    assert RegradeLine.objects.get().outcome == "failed"
    assert BlockScore.objects.get().earned == 0


@pytest.mark.parametrize(
    ("changes", "code"), [({"usage_id": "problem@none"}, "no-such-problem"), ({"reason": " "}, "no-reason")]
)
def test_a_wish_that_makes_no_sense_is_refused(
    mended: Classroom, teacher: Actor, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        request(mended, teacher, **changes)
    assert refused.value.code == code
    assert not RegradeJob.objects.exists()


def test_two_wishes_at_once_and_strangers_are_refused(mended: Classroom, teacher: Actor) -> None:
    request(mended, teacher)
    with pytest.raises(Refusal):
        request(mended, teacher)
    with pytest.raises(NotThere):
        request(mended, make_actor(make_person(name="外人", role="teacher", number="X")))
    assert RegradeJob.objects.count() == 1


# Certified results


@pytest.fixture
def submitted(mended: Classroom, teacher: Actor) -> Result:
    """The wrong key's nothing is with the registrar."""
    policies = policies_in_force(mended.run)
    row = queries.gradebook(mended.run, policies, list(queries.places(mended.run))).rows[0]
    assert row.computed.score == 0
    entry = Entry(row.enrolment_uuid, row.seen_hash)
    actions.submit_results(run_uuid=mended.run.uuid, entries=[entry], acting=teacher)
    return Result.objects.get()


@pytest.fixture
def certified(submitted: Result, registrar: Actor) -> Result:
    """The wrong key's nothing was certified."""
    actions.certify_results(chosen={submitted.uuid: submitted.document_hash}, acting=registrar)
    return Result.objects.get()


def test_a_result_with_the_registrar_goes_back_when_its_score_was_wrong(
    submitted: Result, mended: Classroom, teacher: Actor, registrar: Actor
) -> None:
    regrading.run_regrade(request(mended, teacher).pk)
    submitted.refresh_from_db()
    assert (submitted.status, submitted.moves.last().reason) == ("returned", "答案有误")  # type: ignore[union-attr]
    with pytest.raises(Refusal):
        actions.certify_results(chosen={submitted.uuid: submitted.document_hash}, acting=registrar)
    row = queries.gradebook(mended.run, policies_in_force(mended.run), list(queries.places(mended.run))).rows[0]
    assert (row.may_be_submitted, row.reason, row.computed.score) == (True, "答案有误", Decimal(100))
    assert Event.objects.filter(name=events.RESULT_RETURNED).count() == 1


def test_a_result_with_the_registrar_stays_when_nothing_changed(
    submitted: Result, mended: Classroom, teacher: Actor
) -> None:
    _mended(mended, WRONG, number=3)
    regrading.run_regrade(request(mended, teacher).pk)
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_a_certified_result_does_not_change_silently(
    certified: Result, mended: Classroom, teacher: Actor, registrar: Actor
) -> None:
    job = regrading.run_regrade(request(mended, teacher).pk)
    certified.refresh_from_db()
    assert (certified.score, certified.status) == (Decimal(0), "certified")
    correction = Correction.objects.get()
    assert (correction.regrade, correction.document["score"], correction.before["score"]) == (job, "100.00", "0.00")
    changed = correcting.approve_correction(
        correction_uuid=correction.uuid, seen_hash=correction.document_hash, acting=registrar
    )
    assert (changed.score, changed.passed, changed.grade) == (Decimal(100), True, "100")
    assert changed.content_version_id == mended.run.content_id
    assert (changed.submitted_by_uuid, changed.certified_by_uuid) == (teacher.person_uuid, registrar.person_uuid)
    names = list(Event.objects.values_list("name", flat=True))
    assert names.count(events.CORRECTION_PROPOSED) == names.count(events.RESULT_CORRECTED) == 1
    assert names.count(events.RESULT_CERTIFIED) == 1


def propose(certified: Result, teacher: Actor, score: str = "75", reason: str = "漏批一题") -> Correction:
    return correcting.propose_correction(
        result_uuid=certified.uuid, score=Decimal(score), reason=reason, acting=teacher
    )


def test_one_person_cannot_correct_alone(certified: Result, teacher: Actor) -> None:
    correction = propose(certified, teacher)
    same = Actor(teacher.person_uuid, teacher.institution_uuid, "registrar")
    for deed in (
        lambda: correcting.approve_correction(
            correction_uuid=correction.uuid, seen_hash=correction.document_hash, acting=same
        ),
        lambda: correcting.refuse_correction(correction_uuid=correction.uuid, reason="x", acting=same),
    ):
        with pytest.raises(NotPermitted):
            deed()
    certified.refresh_from_db()
    assert certified.score == 0


def test_a_refused_correction_leaves_the_result(certified: Result, teacher: Actor, registrar: Actor) -> None:
    correction = propose(certified, teacher)
    with pytest.raises(Refusal):
        propose(certified, teacher)
    correcting.refuse_correction(correction_uuid=correction.uuid, reason="无据", acting=registrar)
    certified.refresh_from_db()
    assert certified.score == 0
    with pytest.raises(Refusal):
        correcting.approve_correction(
            correction_uuid=correction.uuid, seen_hash=correction.document_hash, acting=registrar
        )
    assert propose(certified, teacher).status == "proposed"


def test_another_correction_than_the_one_seen_is_stale(certified: Result, teacher: Actor, registrar: Actor) -> None:
    correction = propose(certified, teacher)
    with pytest.raises(Stale):
        correcting.approve_correction(correction_uuid=correction.uuid, seen_hash="other", acting=registrar)
    certified.refresh_from_db()
    assert certified.score == 0


@pytest.mark.parametrize(("score", "reason"), [("0", "x"), ("101", "x"), ("75", " ")])
def test_a_correction_that_corrects_nothing_is_refused(
    certified: Result, teacher: Actor, score: str, reason: str
) -> None:
    with pytest.raises(Refusal):
        propose(certified, teacher, score, reason)
    assert not Correction.objects.exists()


def test_ended_runs_can_be_graded_again(mended: Classroom, teacher: Actor) -> None:
    mended.run.ends_on = clock.today() - dt.timedelta(days=1)
    mended.run.save()
    Enrolment.objects.update(status="completed")
    assert regrading.run_regrade(request(mended, teacher).pk).status == "done"
    assert BlockScore.objects.get().earned == 1
