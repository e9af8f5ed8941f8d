"""Staff plan runs of their own institution."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from courses import events
from courses.api import change_run, create_run
from courses.data import RunPlan
from courses.runs.models import CourseRun
from courses.runs.queries import plan_of
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, Refusal
from tests.factories.courses import make_course, make_run
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db

FILLED = {
    "code": "2027A",
    "enrolment_opens_at": "2026-12-01T08:00",
    "enrolment_closes_at": "2027-02-01T08:00",
    "starts_on": "2027-03-01",
    "ends_on": "2027-06-30",
    "seats": "40",
    "credit_points": "2",
    "contact_hours": "32",
    "open_to_others": "on",
}


def test_a_teacher_plans_a_run_and_teaches_it(client: Client) -> None:
    course = make_course()
    teacher = make_person(role="teacher", institution=course.institution)
    sign_in(client, teacher)
    answer = client.post(f"/en/runs/new/{course.uuid}/", FILLED)
    assert (answer.status_code, answer["Location"]) == (302, "/en/runs/")
    run = CourseRun.objects.get()
    assert (run.code, run.seats, run.credit_points) == ("2027A", 40, Decimal("2.00"))
    assert run.enrolment_opens_at == dt.datetime(2026, 12, 1, tzinfo=dt.UTC)  # 08:00 in Shanghai
    assert [taught.person for taught in run.run_teachers.all()] == [teacher]
    assert Event.objects.get().name == events.RUN_CREATED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2027-01-01"}, "The last day of teaching is before the first"),
        ({"enrolment_closes_at": "2026-11-01T08:00"}, "Enrolment closes before it opens"),
        ({"code": "TAKEN"}, "The course has a run with this code already"),
    ],
)
def test_a_plan_out_of_order_is_refused_at_its_field(client: Client, wrong: dict[str, str], words: str) -> None:
    course = make_course()
    make_run(course, code="TAKEN")
    sign_in(client, make_person(role="teacher", institution=course.institution))
    answer = client.post(f"/en/runs/new/{course.uuid}/", {**FILLED, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CourseRun.objects.count() == 1


def test_a_run_of_another_institution_is_not_there(client: Client) -> None:
    run = make_run()
    sign_in(client, make_person(role="registrar"))
    assert client.get(f"/en/runs/{run.uuid}/edit/").status_code == 404
    assert client.get(f"/en/runs/new/{run.course.uuid}/").status_code == 404
    sign_in(client, make_person(role="student", institution=run.course.institution))
    assert client.get("/en/runs/").status_code == 404


def test_the_list_and_the_form_show_what_is_planned(client: Client) -> None:
    run = make_run(code="2026B")
    sign_in(client, make_person(role="registrar", institution=run.course.institution))
    assert "2026B" in client.get("/en/runs/").content.decode()
    text = client.get(f"/en/runs/{run.uuid}/edit/").content.decode()
    assert f'value="{run.starts_on}"' in text


def changed(run: CourseRun, **fields: object) -> RunPlan:
    return RunPlan(**{**{name: getattr(plan_of(run), name) for name in RunPlan.__dataclass_fields__}, **fields})


def test_credit_is_promised_once_teaching_has_begun() -> None:
    run = make_run(starts_on=clock.today())
    teacher = make_actor(make_person(role="teacher", institution=run.course.institution))
    with pytest.raises(Refusal) as refusal:
        change_run(run_uuid=run.uuid, plan=changed(run, credit_points=Decimal(3)), acting=teacher)
    assert refusal.value.code == "run-has-begun"
    assert change_run(run_uuid=run.uuid, plan=changed(run, seats=99), acting=teacher) == ["seats"]


def test_somebody_elses_run_cannot_be_changed() -> None:
    run = make_run()
    with pytest.raises(NotPermitted):
        change_run(run_uuid=run.uuid, plan=changed(run, seats=1), acting=make_actor(make_person(role="teacher")))
    with pytest.raises(NotPermitted):
        create_run(course_uuid=run.course.uuid, plan=plan_of(run), acting=make_actor(make_person(role="student")))
    assert Event.objects.count() == 0
