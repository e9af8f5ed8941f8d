"""Answers in learners' own words that wait for a teacher: which, how many, since when; and who sees it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openassessment.assessment.models import PeerWorkflow
from openassessment.workflow.models import AssessmentWorkflow

from courses.content.openresponse import who_judges
from courses.runs.models import RunTeacher
from courses.runtime.rules import STUCK_AFTER
from courses.runtime.waiting import answers_waiting, tasks_waiting
from edu.people.models import Person
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import post_json
from tests.courses.runtime.test_ora2 import (
    PEER,
    SELF,
    STAFF,
    USAGE,
    classmate,
    hand_in,
    judgement,
    take,
    task,
    teacher,
)
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db


def let_days_pass(days: float = 4) -> None:
    """Make everything that was handed in so many days older."""
    back = dt.timedelta(days=days)
    for row in AssessmentWorkflow.objects.all():
        AssessmentWorkflow.objects.filter(pk=row.pk).update(created=row.created - back)
    for peer in PeerWorkflow.objects.exclude(completed_at=None):
        PeerWorkflow.objects.filter(pk=peer.pk).update(completed_at=peer.completed_at - back)


def figures(room: Classroom) -> list[tuple[int, int]]:
    return [(found.to_grade, found.stuck) for found in tasks_waiting([room.run.uuid])]


def teacher_of(room: Classroom) -> Person:
    person = make_person(name="任课教师", role="teacher", institution=room.run.course.institution)
    RunTeacher.objects.create(run=room.run, person=person)
    return person


def test_an_answer_waits_until_a_teacher_has_graded_it(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    assert figures(room) == []
    hand_in(room)
    hand_in(classmate(room))
    assert figures(room) == [(2, 0)]
    since = AssessmentWorkflow.objects.order_by("created").values_list("created", flat=True).first()
    assert answers_waiting([room.run.uuid])[room.run.uuid].since == since

    grant = teacher(room)
    post_json(grant, "take_answer", {})
    uuid = AssessmentWorkflow.objects.order_by("created").values_list("submission_uuid", flat=True)[0]
    assert post_json(grant, "staff_assess", judgement(submission_uuid=uuid, assess_type="full-grade"))["success"]

    assert figures(room) == [(1, 0)]


def test_an_answer_that_its_writer_still_judges_waits_for_nobody(classroom: MakeClassroom) -> None:
    room = classroom([task([*SELF, *STAFF])])
    hand_in(room)
    assert figures(room) == []

    post_json(room.grant(USAGE), "self_assess", judgement())

    assert figures(room) == [(1, 0)]


def test_a_task_without_teachers_and_classmates_never_waits(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    hand_in(room)
    let_days_pass(30)

    assert figures(room) == []


def test_an_answer_without_classmates_is_stuck_after_some_days(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER)])
    hand_in(room)
    assert figures(room) == []

    let_days_pass(STUCK_AFTER.days - 0.1)
    assert figures(room) == []
    let_days_pass(0.2)
    assert figures(room) == [(0, 1)]

    hand_in(classmate(room))  # now there is one to judge, which is the learner's own matter
    assert figures(room) == []


def test_an_answer_that_nobody_judges_is_stuck_when_its_writer_has_done_their_part(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER)])
    hand_in(room)
    hand_in(classmate(room))
    post_json(room.grant(USAGE), "peer_assess", judgement(submission_uuid=take(room)))
    assert figures(room) == []

    let_days_pass()

    assert figures(room) == [(0, 1)]


def test_what_was_withdrawn_waits_no_more(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    hand_in(room)

    AssessmentWorkflow.objects.update(status="cancelled")

    assert figures(room) == []


@pytest.mark.parametrize("steps", [None, [], ["x"], [{"name": "peer-assessment"}], [{"name": "staff-assessment"}]])
def test_steps_that_are_not_written_out_are_read(steps: Any) -> None:
    peers = 1 if steps and steps[0] == {"name": "peer-assessment"} else 0
    assert who_judges(steps) == (False, peers)


def test_the_page_says_what_waits_and_leads_to_it(classroom: MakeClassroom, client: Client) -> None:
    room = classroom([task(STAFF)])
    sign_in(client, teacher_of(room))
    address = f"/en/teach/runs/{room.run.uuid}/answers/"
    assert "Nothing waits" in client.get(address).content.decode()
    hand_in(room)
    hand_in(classmate(room))

    page = client.get(address).content.decode()

    assert "2 answers wait for you" in page
    assert f"/en/learn/{room.run.uuid}/{room.unit}/" in page
    home = client.get("/en/home/").content.decode()
    assert "2 answers wait" in home
    assert address in home


def test_only_those_who_teach_the_run_see_the_page(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    address = f"/en/teach/runs/{room.run.uuid}/answers/"
    hand_in(room)
    colleague = make_person(name="同事", role="teacher", institution=room.run.course.institution)
    for person in (room.person, colleague, make_person(name="外人", role="teacher", number="X")):
        assert sign_in(Client(), person).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert "answer waits" not in sign_in(Client(), colleague).get("/en/home/").content.decode()


def test_pages_take_as_many_queries_for_many_answers_as_for_one(classroom: MakeClassroom, client: Client) -> None:
    room = classroom([task(STAFF)])
    sign_in(client, teacher_of(room))
    hand_in(room)
    client.get(f"/en/teach/runs/{room.run.uuid}/answers/")
    counts: dict[str, set[int]] = {}
    for _more in range(2):
        hand_in(classmate(room))
        for address in (f"/en/teach/runs/{room.run.uuid}/answers/", "/en/home/"):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.setdefault(address, set()).add(len(asked))

    assert [len(numbers) for numbers in counts.values()] == [1, 1]
    assert max(counts[f"/en/teach/runs/{room.run.uuid}/answers/"]) <= 12
    with CaptureQueriesContext(connection) as alone:
        answers_waiting([room.run.uuid])
    assert len(alone) == 3


def test_a_run_without_such_tasks_costs_two_queries(classroom: MakeClassroom) -> None:
    room = classroom([])
    with CaptureQueriesContext(connection) as asked:
        assert answers_waiting([room.run.uuid]) == {}
    assert len(asked) == 2
