"""Announcements: made by teachers, told through the outbox, withdrawn with a reason."""

import pytest

from courses.announcements import actions
from courses.announcements.models import Announcement
from edu.events.actions import deliver_all
from edu.events.models import Event
from edu.kernel.errors import NotThere, Refusal
from edu.notices.models import Notice
from edu.people.models import Person
from tests.courses.discussion.conftest import Room, make_room


@pytest.fixture
def room(db: None) -> Room:
    return make_room()


def test_all_learners_hear_of_an_announcement_once(room: Room) -> None:
    made = actions.announce(room.participant(room.teacher), title="第二章开放", text="见单元页")
    assert not Notice.objects.exists()

    deliver_all()
    actions.tell_learners(made, acting=room.actor(room.teacher))  # an event may come twice

    assert set(Notice.objects.values_list("person__name", flat=True)) == {"韦晓梅", "欧阳明"}
    assert list(Person.objects.filter(unread_notices=1).values_list("name", flat=True).order_by("pk")) == [
        "韦晓梅",
        "欧阳明",
    ]
    page = room.client(room.one).get(f"/en/learn/{room.run.uuid}/announcements/").content.decode()
    assert "第二章开放" in page


def test_what_is_withdrawn_is_told_to_nobody_and_kept_with_its_reason(room: Room) -> None:
    made = actions.announce(room.participant(room.teacher), title="第二章开放", text="见单元页")
    client = room.client(room.teacher)
    url = f"/en/teach/runs/{room.run.uuid}/announcements/"

    client.post(f"{url}{made}/withdraw/", {"reason": "日期写错"})
    deliver_all()

    assert not Notice.objects.exists()
    assert "第二章开放" not in room.client(room.one).get(f"/en/learn/{room.run.uuid}/announcements/").content.decode()
    assert "日期写错" in client.get(url).content.decode()


def test_refusals_leave_no_trace(room: Room) -> None:
    made = actions.announce(room.participant(room.teacher), title="题", text="文")
    before = Announcement.objects.count(), Event.objects.count()

    with pytest.raises(NotThere):
        actions.announce(room.participant(room.one), title="题", text="文")
    for title, text, code in (
        (" ", "x", "title-missing"),
        ("x", "", "text-missing"),
        ("x" * 81, "x", "title-too-long"),
    ):
        with pytest.raises(Refusal, match=code):
            actions.announce(room.participant(room.teacher), title=title, text=text)
    with pytest.raises(Refusal, match="reason-missing"):
        actions.withdraw(room.participant(room.teacher), announcement_uuid=made, reason=" ")

    assert (Announcement.objects.count(), Event.objects.count()) == before
    assert Announcement.objects.get().withdrawn_at is None


def test_learners_do_not_find_the_desk(room: Room) -> None:
    assert room.client(room.one).get(f"/en/teach/runs/{room.run.uuid}/announcements/").status_code == 404
