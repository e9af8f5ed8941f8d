"""Learners evaluate once, without a name; teachers and offices see what may be shown."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.evaluation.actions import evaluate
from courses.evaluation.models import EvaluationAnswer, EvaluationTurn
from courses.evaluation.rules import ITEMS, Answer, Place
from courses.runs.models import CourseRun
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, Refusal
from edu.notices.models import Notice
from tests.courses.discussion.conftest import Room, make_room
from tests.factories.courses import make_enrolment, make_run
from tests.factories.people import make_person, sign_in


def ending(room: Room, days: int) -> Room:
    """Let the run end so many days from today."""
    ends = clock.today() + dt.timedelta(days=days)
    CourseRun.objects.filter(pk=room.run.pk).update(starts_on=ends - dt.timedelta(days=90), ends_on=ends)
    room.run.refresh_from_db()
    return room


@pytest.fixture
def room(db: None) -> Room:
    return ending(make_room(), 3)


def answer(place: Place = Place.URBAN, grade: int = 4, comment: str = "") -> Answer:
    return Answer(dict.fromkeys(ITEMS, grade), place, comment)


def fill(room: Room, places: list[Place]) -> None:
    for number, place in enumerate(places):
        EvaluationAnswer.objects.create(
            run=room.run, place=place, grades=dict.fromkeys(ITEMS, 1 + number % 5), comment=f"意见{number}"
        )


def test_an_answer_is_kept_without_its_learner(room: Room) -> None:
    before = Event.objects.count(), Notice.objects.count()

    evaluate(room.participant(room.one), answer(Place.RURAL, comment="好"))

    assert {field.name for field in EvaluationAnswer._meta.get_fields()} == {"id", "run", "place", "grades", "comment"}
    assert {field.name for field in EvaluationTurn._meta.get_fields()} == {"id", "run", "person"}
    assert EvaluationTurn.objects.get().person == room.one
    assert (Event.objects.count(), Notice.objects.count()) == before  # they would carry person and moment


def test_each_learner_answers_once_and_a_refusal_leaves_no_trace(room: Room) -> None:
    evaluate(room.participant(room.one), answer())

    with pytest.raises(Refusal, match="already-evaluated"):
        evaluate(room.participant(room.one), answer(grade=1))
    with pytest.raises(Refusal, match="answers-missing"):
        evaluate(room.participant(room.other), Answer({}, Place.UNSAID))
    with pytest.raises(NotPermitted):
        evaluate(room.participant(room.teacher), answer())

    assert (EvaluationAnswer.objects.count(), EvaluationTurn.objects.count()) == (1, 1)


@pytest.mark.parametrize("days", [30, -31])
def test_outside_the_window_nothing_is_kept(room: Room, days: int) -> None:
    ending(room, days)

    with pytest.raises(Refusal, match="evaluation-not-open"):
        evaluate(room.participant(room.one), answer())

    assert not EvaluationTurn.objects.exists()


def test_two_windows_of_one_learner_leave_one_answer(committed_database: str) -> None:
    room = ending(make_room(), 3)
    one = room.participant(room.one)
    barrier = threading.Barrier(4)
    outcomes = []

    def answer_now() -> None:
        try:
            barrier.wait()
            evaluate(one, answer())
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer_now) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already-evaluated"] * 3 + ["done"]
    assert (EvaluationAnswer.objects.count(), EvaluationTurn.objects.count()) == (1, 1)


def test_results_wait_until_the_window_is_over(room: Room) -> None:
    fill(room, [Place.RURAL] * 6 + [Place.URBAN] * 6)
    url = f"/en/teach/runs/{room.run.uuid}/evaluation/"

    while_open = room.client(room.teacher).get(url).content.decode()
    ending(room, -31)
    afterwards = room.client(room.teacher).get(url).content.decode()

    assert "意见1" not in while_open
    assert "Results are shown after that day" in while_open
    assert "意见1" in afterwards
    assert "Means of the 6" in afterwards


def test_four_answers_are_not_shown_to_anybody(room: Room) -> None:
    fill(ending(room, -31), [Place.RURAL] * 4)

    page = room.client(room.teacher).get(f"/en/teach/runs/{room.run.uuid}/evaluation/").content.decode()

    assert "意见" not in page
    assert "nothing is shown" in page


def test_a_small_group_is_not_shown_apart(room: Room) -> None:
    fill(ending(room, -31), [Place.RURAL] * 6 + [Place.URBAN] * 3)

    page = room.client(room.teacher).get(f"/en/teach/runs/{room.run.uuid}/evaluation/").content.decode()

    assert "Means of the" not in page
    assert "Shown apart only when" in page


def test_a_learner_answers_on_the_screen(room: Room) -> None:
    client = room.client(room.one)
    url = f"/en/learn/{room.run.uuid}/evaluation/"
    sent = {**dict.fromkeys(ITEMS, "5"), "place": "rural", "comment": "  很好 "}

    missing = client.post(url, {**sent, "pace": ""})
    done = client.post(url, sent, follow=True).content.decode()

    assert missing.status_code == 422
    assert "You have evaluated this course" in done
    kept = EvaluationAnswer.objects.get()
    assert (kept.place, kept.comment) == ("rural", "很好")


def test_offices_see_their_own_runs_and_supervisors_all(room: Room) -> None:
    ending(room, -31)
    elsewhere = make_run(code="ELSE", starts_on=room.run.starts_on, ends_on=room.run.ends_on)
    registrar = make_person(name="莫雅琴", role="registrar", institution=room.run.course.institution, number="R1")
    supervisor = make_person(name="苏航", role="supervisor", number="S1")

    office = sign_in(Client(), registrar).get("/en/registry/evaluations/").content.decode()
    above = sign_in(Client(), supervisor).get("/en/registry/evaluations/").content.decode()

    assert str(room.run.uuid) in office
    assert str(elsewhere.uuid) not in office
    assert {str(room.run.uuid) in above, str(elsewhere.uuid) in above} == {True}
    theirs = f"/en/teach/runs/{elsewhere.uuid}/evaluation/"
    assert sign_in(Client(), registrar).get(theirs).status_code == 404
    assert sign_in(Client(), supervisor).get(theirs).status_code == 200
    assert sign_in(Client(), registrar, second_factor=False).get(theirs).status_code == 302


def test_learners_and_strangers_find_no_results(room: Room) -> None:
    for person in (room.one, make_person(name="外人"), make_person(name="别的教师", role="teacher", number="T8")):
        assert sign_in(Client(), person).get(f"/en/teach/runs/{room.run.uuid}/evaluation/").status_code == 404
        assert sign_in(Client(), person).get("/en/registry/evaluations/").status_code == 404


def test_pages_cost_the_same_however_much_was_answered(room: Room) -> None:
    ending(room, -31)
    client = room.client(room.teacher)
    url = f"/en/teach/runs/{room.run.uuid}/evaluation/"

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    few = count()
    fill(room, [Place.RURAL] * 20 + [Place.URBAN] * 20)
    person = make_person(name="另一人")
    make_enrolment(person, room.run)

    assert count() == few <= 7
