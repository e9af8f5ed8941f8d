"""The pages of tutoring: places are for those who have a seat, names for teachers, and the price is fixed."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.tutoring.models import TutoringBooking, TutoringSlot
from edu.kernel import clock
from tests.courses.discussion.conftest import Room, make_room
from tests.courses.tutoring.test_actions import offer
from tests.factories.people import make_person, sign_in


@pytest.fixture
def room(db: None) -> Room:
    return make_room()


def learner_url(room: Room, rest: str = "") -> str:
    return f"/en/learn/{room.run.uuid}/tutoring/{rest}"


def desk_url(room: Room, rest: str = "") -> str:
    return f"/en/teach/runs/{room.run.uuid}/tutoring/{rest}"


def test_an_hour_is_offered_booked_and_called_off_on_the_screens(room: Room) -> None:
    teacher, learner = room.client(room.teacher), room.client(room.one)
    starts = (clock.now() + dt.timedelta(days=2)).astimezone(clock.SHANGHAI)
    form = {
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "minutes": "30",
        "capacity": "2",
        "place": "综合楼301",
        "topic": "",
    }
    assert teacher.post(desk_url(room), form).status_code == 302
    slot = TutoringSlot.objects.get()
    assert "综合楼301" not in learner.get(learner_url(room)).content.decode()

    learner.post(learner_url(room, f"{slot.uuid}/book/"), {"question": "问题甲"})

    assert "综合楼301" in learner.get(learner_url(room)).content.decode()
    assert "综合楼301" not in room.client(room.other).get(learner_url(room)).content.decode()
    desk = teacher.get(desk_url(room)).content.decode()
    assert "韦晓梅" in desk
    assert "问题甲" in desk
    teacher.post(desk_url(room, f"{slot.uuid}/call-off/"), {"reason": "生病"})
    assert "生病" in learner.get(learner_url(room)).content.decode()
    assert "生病" not in room.client(room.other).get(learner_url(room)).content.decode()


def test_a_refused_booking_is_told_on_the_page(room: Room) -> None:
    slot = offer(room, capacity=1)
    room.client(room.one).post(learner_url(room, f"{slot}/book/"))

    page = room.client(room.other).post(learner_url(room, f"{slot}/book/"), follow=True).content.decode()

    assert "Every seat of this hour is taken" in page
    assert TutoringBooking.objects.count() == 1


def test_pages_cost_the_same_however_many_hours_there_are(room: Room) -> None:
    def count(client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    learner, teacher = room.client(room.one), room.client(room.teacher)
    learner.post(learner_url(room, f"{offer(room)}/book/"))
    few = count(learner, learner_url(room)), count(teacher, desk_url(room))
    for number in range(1, 6):
        slot = offer(room, hours=24 + number)
        room.client(room.other).post(learner_url(room, f"{slot}/book/"))

    assert (count(learner, learner_url(room)), count(teacher, desk_url(room))) == few
    assert max(few) <= 10


def test_strangers_and_learners_do_not_find_the_desk(room: Room) -> None:
    stranger = sign_in(Client(), make_person(name="外人"))

    assert stranger.get(learner_url(room)).status_code == 404
    for client in (stranger, room.client(room.one)):
        assert client.get(desk_url(room)).status_code == 404
        assert client.post(desk_url(room), {}).status_code == 404
