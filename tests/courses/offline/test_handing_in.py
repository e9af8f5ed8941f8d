"""What was done without a network counts once, with its time; what nobody can prove waits for a teacher."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from courses.enrolment.models import Enrolment
from courses.offline import deciding, handing_in
from courses.offline.models import OfflineAnswer
from courses.runs.models import RunTeacher
from courses.runtime import grants, passes
from courses.runtime.models import BlockCompletion, BlockScore, BlockState, WatchDay, WatchedVideo
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # the same learner in the same room
from tests.courses.runtime.test_actions import _html_id
from tests.courses.runtime.test_views import HOST, ORIGIN, get, post
from tests.factories.blocks import CHOICE, UNIT, block, problem, text
from tests.factories.people import make_affiliation, make_person, sign_in

pytestmark = pytest.mark.django_db
VIDEO = "video@v"
DUE = "problem@due"  # an hour after noon


@pytest.fixture
def noon() -> dt.datetime:
    """The moment at which the learner was given the unit."""
    return dt.datetime.combine(clock.today(), dt.time(12), clock.SHANGHAI)


@pytest.fixture
def room(classroom: MakeClassroom, noon: dt.datetime) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    due = (noon + dt.timedelta(minutes=60)).isoformat()
    return classroom([text("t"), problem("p", CHOICE, weight=2), problem("due", CHOICE, due=due), block(VIDEO)])


@pytest.fixture
def later(noon: dt.datetime) -> Iterator[dt.datetime]:
    """Two hours after: the line is back."""
    with clock.at(noon + dt.timedelta(hours=2)) as moment:
        yield moment


def ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def answered(
    room: Classroom, at: dt.datetime, issued_at: dt.datetime | None, usage: str = "problem@p"
) -> dict[str, Any]:
    """An answer to a problem as a device hands it in."""
    field = f"input_{_html_id(room.grant(), usage)}_2_1"
    moment = passes.sign_moment(room.grant(), issued_at) if issued_at else ""
    return {
        "key": str(uuid4()), "kind": "answer", "unit": UNIT, "usage": usage, "handler": "xmodule_handler",
        "suffix": "problem_check", "type": "form", "body": f"{field}=choice_1", "moment": moment, "at_ms": ms(at),
    }  # fmt: skip


def send(room: Classroom, *items: dict[str, Any], keeps: bool = True) -> list[dict[str, Any]]:
    answer = post(f"/s/{passes.sign_pass(room.grant(keeps=keeps))}/", {"items": items})
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def test_an_answer_is_graded_once_with_the_time_it_was_given(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    item = answered(room, noon + minutes(20), noon)

    first, second = send(room, item), send(room, item)

    assert first[0]["status"] == "taken"
    assert first[0]["reply"]["success"] == "correct"
    assert (second[0]["status"], second[0]["code"]) == ("repeated", "answered-already")
    score = BlockScore.objects.get()
    assert score.earned == 2
    assert score.scored_at == noon + minutes(20)
    assert BlockState.objects.get(usage_id="problem@p").state["attempts"] == 1
    assert OfflineAnswer.objects.get().request == {}


def test_an_answer_whose_reply_was_lost_counts_once(room: Classroom, noon: dt.datetime, later: dt.datetime) -> None:
    item = answered(room, noon + minutes(20), noon)
    with ORIGIN:
        Client(HTTP_HOST=HOST).post(
            f"/h/{grants.sign_handler(room.grant('problem@p'))}/xmodule_handler/problem_check",
            item["body"], content_type="application/x-www-form-urlencoded", headers={"X-Guixue-Key": item["key"]},
        )  # fmt: skip

    assert send(room, item)[0]["status"] == "repeated"
    assert BlockState.objects.get(usage_id="problem@p").state["attempts"] == 1
    assert not OfflineAnswer.objects.exists()


def test_an_answer_given_in_time_counts_after_the_due_time(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    result = send(room, answered(room, noon + minutes(59), noon, DUE))[0]

    assert (result["status"], result["reply"]["success"]) == ("taken", "correct")
    assert BlockScore.objects.get().scored_at == noon + minutes(59)


def test_an_answer_given_after_the_due_time_finds_the_problem_closed(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    assert send(room, answered(room, noon + minutes(61), noon, DUE))[0]["status"] == "refused"
    assert not BlockScore.objects.exists()


@pytest.mark.parametrize(
    ("issued", "claimed", "doubt"),
    [
        (None, 30, "no-moment"),
        (40, 30, "before-the-page"),
        (0, 200, "in-the-future"),
        (-15 * 24 * 60, 30, "moment-expired"),
    ],
)
def test_a_time_that_nobody_can_prove_waits_for_the_teacher_when_it_matters(
    room: Classroom, noon: dt.datetime, later: dt.datetime, issued: int | None, claimed: int, doubt: str
) -> None:
    issued_at = None if issued is None else noon + minutes(issued)

    result = send(room, answered(room, noon + minutes(claimed), issued_at, DUE))[0]

    assert (result["status"], result["code"]) == ("waiting", doubt)
    assert not BlockScore.objects.exists()
    assert OfflineAnswer.objects.get().request["suffix"] == "problem_check"


def test_where_nothing_is_due_a_doubtful_time_is_the_time_of_arrival(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    assert send(room, answered(room, noon + minutes(500), noon))[0]["status"] == "taken"
    assert BlockScore.objects.get().scored_at == later
    assert OfflineAnswer.objects.get().doubt == "in-the-future"


def test_who_was_on_line_after_the_claimed_time_has_to_ask_the_teacher(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    item = answered(room, noon + minutes(30), noon, DUE)
    BlockState.objects.filter(person=room.person).update(updated_at=noon + minutes(90), revision=3)

    assert send(room, item)[0]["code"] == "line-was-up"


def test_a_forged_moment_and_another_persons_answer_leave_no_trace(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    good = answered(room, noon + minutes(20), noon)
    forged = {**good, "moment": good["moment"][:-3] + "abc"}
    other = make_person()
    Enrolment.objects.create(person=other, run=room.run, enrolled_at=clock.now())
    others = Classroom(other, room.run, room.content, room.unit)

    assert send(room, forged)[0]["code"] == "moment-forged"
    assert send(others, good)[0]["code"] == "answer-of-another"
    assert not OfflineAnswer.objects.exists()
    assert not BlockScore.objects.exists()


def test_the_same_number_with_another_answer_is_refused(room: Classroom, noon: dt.datetime, later: dt.datetime) -> None:
    item = answered(room, noon + minutes(20), noon)
    send(room, item)

    assert send(room, {**item, "body": item["body"][:-1] + "0"})[0]["code"] == "key-used"
    assert BlockScore.objects.get().earned == 2


@pytest.mark.parametrize("data", [None, {}, {"items": [{}]}, {"items": [{"key": "x"}]}, {"items": "x" * 51}])
def test_a_queue_that_is_none_is_refused(room: Classroom, data: object) -> None:
    assert post(f"/s/{passes.sign_pass(room.grant())}/", data).status_code == 422
    assert not OfflineAnswer.objects.exists()


def test_a_forged_pass_and_a_preview_keep_nothing(room: Classroom, noon: dt.datetime, later: dt.datetime) -> None:
    item = answered(room, noon + minutes(20), noon)

    assert post("/s/forged/", {"items": [item]}).status_code == 403
    assert post(f"/s/{grants.sign_frame(room.grant())}/", {"items": [item]}).status_code == 403
    assert send(room, item, keeps=False)[0]["code"] == "not-kept"
    Enrolment.objects.update(status="withdrawn")
    assert send(room, item)[0]["status"] == "refused"
    assert not OfflineAnswer.objects.exists()


def test_a_block_that_is_not_there_is_refused_and_the_next_item_taken(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    missing = {**answered(room, noon + minutes(10), noon), "usage": "problem@none"}
    read = {"key": str(uuid4()), "kind": "viewed", "unit": UNIT, "moment": passes.sign_moment(room.grant(), noon), "at_ms": ms(noon + minutes(11))}  # fmt: skip  # noqa: E501

    assert [done["status"] for done in send(room, missing, read)] == ["refused", "taken"]
    assert BlockCompletion.objects.filter(usage_id="html@t").exists()


def film(room: Classroom, noon: dt.datetime, begin: float, end: float, *ranges: tuple[int, int]) -> dict[str, Any]:
    moment = passes.sign_moment(room.grant(), noon)
    return {
        "key": str(uuid4()), "kind": "watched", "unit": UNIT, "usage": VIDEO, "moment": moment,
        "from_ms": ms(noon + minutes(begin)), "at_ms": ms(noon + minutes(end)), "ranges": ranges,
    }  # fmt: skip


def test_a_film_watched_without_a_network_counts_like_one_on_line(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    item = film(room, noon, 5, 10, (0, 300))

    assert send(room, item)[0]["reply"] == {"counted_s": 300}
    assert send(room, item)[0]["reply"] == {"counted_s": 0}
    assert WatchedVideo.objects.get().watched_s == 300
    assert WatchDay.objects.get().played_s == 300


def test_an_evening_over_midnight_is_study_on_both_days(room: Classroom, noon: dt.datetime) -> None:
    evening = noon + dt.timedelta(hours=11, minutes=30)
    with clock.at(noon + dt.timedelta(days=1)):
        assert send(room, film(room, evening, 0, 60, (0, 3600)))[0]["reply"] == {"counted_s": 3600}

    days = list(WatchDay.objects.order_by("day_on").values_list("day_on", "fresh_s", "night_s"))
    today = noon.date()
    assert days == [(today, 1800, 0), (today + dt.timedelta(days=1), 1800, 1800)]


def test_overlapping_films_share_the_minutes_there_were(room: Classroom, noon: dt.datetime, later: dt.datetime) -> None:
    counted = [
        done["reply"]["counted_s"]
        for done in send(room, film(room, noon, 0, 10, (0, 5000)), film(room, noon, 5, 12, (5000, 10000)))
    ]

    assert counted == [10 * 60 * 2 + 3, 2 * 60 * 2 + 3]
    assert WatchDay.objects.get().refused_s == 10_000 - sum(counted)


@pytest.mark.parametrize(("begin", "end"), [(-60, -30), (130, 190)])
def test_a_film_watched_before_the_page_or_after_now_counts_nothing(
    room: Classroom, noon: dt.datetime, later: dt.datetime, begin: int, end: int
) -> None:
    assert send(room, film(room, noon, begin, end, (0, 600)))[0]["reply"] == {"counted_s": 0}
    assert not WatchedVideo.objects.exists()


@pytest.fixture
def teacher(room: Classroom) -> Actor:
    person = make_person(name="老师")
    RunTeacher.objects.create(run=room.run, person=person)
    return Actor(person.uuid, room.run.course.institution.uuid, "teacher")


def waiting(room: Classroom, noon: dt.datetime) -> OfflineAnswer:
    send(room, answered(room, noon + minutes(30), None, DUE))
    return OfflineAnswer.objects.get()


def test_a_teacher_who_believes_the_time_has_the_answer_graded_with_it(
    room: Classroom, noon: dt.datetime, later: dt.datetime, teacher: Actor
) -> None:
    row = waiting(room, noon)

    deciding.accept(run_uuid=room.run.uuid, answer_uuid=row.uuid, reason="宿舍停电", acting=teacher)

    assert BlockScore.objects.get().scored_at == noon + minutes(30)
    row.refresh_from_db()
    assert (row.status, row.request, row.moves.get().reason) == ("taken", {}, "宿舍停电")
    with pytest.raises((Stale, Refusal)):
        deciding.accept(run_uuid=room.run.uuid, answer_uuid=row.uuid, reason="again", acting=teacher)
    assert BlockState.objects.get(usage_id=DUE).state["attempts"] == 1


def test_a_declined_answer_is_not_graded_and_strangers_decide_nothing(
    room: Classroom, noon: dt.datetime, later: dt.datetime, teacher: Actor
) -> None:
    row = waiting(room, noon)
    stranger = Actor(make_person().uuid, teacher.institution_uuid, "teacher")
    with pytest.raises(NotThere):
        deciding.decline(run_uuid=room.run.uuid, answer_uuid=row.uuid, reason="no", acting=stranger)
    with pytest.raises(Refusal):
        deciding.decline(run_uuid=room.run.uuid, answer_uuid=row.uuid, reason="  ", acting=teacher)

    deciding.decline(run_uuid=room.run.uuid, answer_uuid=row.uuid, reason="no proof", acting=teacher)

    assert not BlockScore.objects.exists()
    assert OfflineAnswer.objects.get().status == "declined"


def test_a_unit_that_is_only_stored_is_not_read(room: Classroom) -> None:
    address = f"/f/{grants.sign_frame(room.grant())}/"

    get(address, room, {"X-Guixue-Keep": "1"})
    assert not BlockCompletion.objects.exists()
    page = get(address, room).content.decode()
    assert BlockCompletion.objects.exists()
    assert "data-moment=" in page


def test_a_courses_script_cannot_become_the_worker_of_its_origin(room: Classroom) -> None:
    assert get(f"/a/{room.content.uuid}/x.js", headers={"Service-Worker": "script"}).status_code == 403


def test_items_are_read_strictly() -> None:
    with pytest.raises(Refusal):
        handing_in.read_items(json.loads('{"items": [{"key": "00000000-0000-0000-0000-000000000000", "kind": "other", "unit": "u", "at_ms": 1}]}'))  # fmt: skip  # noqa: E501


def test_a_teacher_sees_who_waits_and_decides_on_the_page(
    room: Classroom, noon: dt.datetime, later: dt.datetime
) -> None:
    person = make_person(name="老师")
    RunTeacher.objects.create(run=room.run, person=person)
    make_affiliation(person=person, role="teacher", institution=room.run.course.institution)
    client = sign_in(Client(), person)
    row = waiting(room, noon)
    base = f"/en/teach/runs/{room.run.uuid}/late-answers/"

    assert room.person.name in client.get(base).content.decode()
    page = client.get(f"{base}{row.uuid}/").content.decode()
    assert "choice_1" in page
    assert page.count("btn-primary") == 1
    client.post(f"{base}{row.uuid}/", {"deed": "accept", "reason": "power cut"})

    assert BlockScore.objects.get().scored_at == noon + minutes(30)
    assert sign_in(Client(), make_person()).get(base).status_code in (403, 404)
