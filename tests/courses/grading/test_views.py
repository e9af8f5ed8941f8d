"""The screens of grading: who reaches them, what they say, and that a refusal leaves no trace."""

import pytest
from django.test import Client

from courses.grading.models import Result
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.courses.grading.test_actions import submit
from tests.factories.people import make_person, sign_in


@pytest.fixture
def teacher(client: Client, graded: Graded) -> Client:
    return sign_in(client, graded.teacher_person)


def _gradebook(graded: Graded) -> str:
    return f"/zh-hans/teach/runs/{graded.run.uuid}/grades/"


def test_a_teacher_submits_what_the_page_shows(teacher: Client, graded: Graded) -> None:
    graded.score(QUIZ, "4")
    graded.score(FINAL, "4")
    page = teacher.get(_gradebook(graded))
    assert page.status_code == 200
    row = page.context["book"].rows[0]
    sent = {"chosen": str(row.enrolment_uuid), f"seen-{row.enrolment_uuid}": row.seen_hash}
    assert teacher.post(_gradebook(graded), sent).status_code == 302
    assert Result.objects.get().grade == "100"


def test_a_stale_page_is_answered_with_409(teacher: Client, graded: Graded) -> None:
    row = teacher.get(_gradebook(graded)).context["book"].rows[0]
    graded.score(QUIZ, "4")
    sent = {"chosen": str(row.enrolment_uuid), f"seen-{row.enrolment_uuid}": row.seen_hash}
    assert teacher.post(_gradebook(graded), sent).status_code == 409
    assert not Result.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"chosen": "no-uuid"}])
def test_nonsense_is_refused_and_leaves_no_trace(teacher: Client, graded: Graded, sent: dict[str, str]) -> None:
    assert teacher.post(_gradebook(graded), sent).status_code == 422
    assert not Result.objects.exists()


def test_a_registrar_certifies_from_the_queue(client: Client, graded: Graded) -> None:
    row = submit(graded)
    registrar = sign_in(client, graded.registrar_person)
    queue = registrar.get("/zh-hans/registry/grades/")
    assert "韦小明" in queue.content.decode()
    sent = {"case": str(row.uuid), f"seen-{row.uuid}": row.document_hash}
    assert registrar.post("/zh-hans/registry/grades/", sent).status_code == 302
    assert Result.objects.get().status == "certified"


def test_the_case_page_notes_who_looked(client: Client, graded: Graded) -> None:
    row = submit(graded)
    page = sign_in(client, graded.registrar_person).get(f"/zh-hans/registry/grades/{row.uuid}/")
    assert page.status_code == 200
    assert list(graded.enrolment.person.access_notes.values_list("what", flat=True)) == ["grades"]


def test_a_learner_sees_the_own_result_and_nobody_elses(client: Client, graded: Graded) -> None:
    row = submit(graded)
    address = f"/zh-hans/learn/results/{row.uuid}/"
    assert sign_in(client, make_person(name="黄志远")).get(address).status_code == 404
    learner = sign_in(client, graded.enrolment.person)
    assert learner.get(address).status_code == 200
    assert learner.get("/zh-hans/learn/results/").status_code == 200
    assert learner.get("/zh-hans/registry/grades/").status_code == 404
    assert learner.get(_gradebook(graded)).status_code == 404


def test_a_visitor_is_led_to_sign_in(client: Client, graded: Graded) -> None:
    answer = client.get(_gradebook(graded))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
