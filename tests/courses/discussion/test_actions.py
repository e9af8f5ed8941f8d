"""Writing in a run: who may, what is kept, who is told, and that refusals leave no trace."""

import datetime as dt
from uuid import uuid4

import pytest

from courses.discussion import actions, moderating
from courses.discussion.models import Post, PostMove, PostReport, Thread
from courses.discussion.rules import SHORT_MAX
from courses.enrolment.actions import withdraw
from courses.enrolment.models import Enrolment
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.notices.models import Notice
from tests.courses.discussion.conftest import Room
from tests.factories.people import make_actor, make_person


def traces() -> tuple[int, int, int, int, int]:
    """Everything a deed here could leave behind."""
    models = (Thread, Post, PostReport, Event, Notice)
    return tuple(model.objects.count() for model in models)  # type: ignore[return-value]


def test_a_question_reaches_the_teachers_and_an_answer_the_asker(room: Room) -> None:
    thread = room.thread()
    actions.reply(room.participant(room.teacher), thread_uuid=thread, text="取中间两个的平均。")

    kinds = {(notice.person_id, notice.kind) for notice in Notice.objects.all()}
    assert kinds == {(room.teacher.pk, "courses.thread"), (room.one.pk, "courses.reply")}
    assert Post.objects.get(opens=False).by_teacher
    room.one.refresh_from_db()
    assert room.one.unread_notices == 1


def test_a_long_talk_of_two_keeps_no_answer_from_the_asker(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "TOLD_MAX", 2)
    thread = room.thread()
    for _number in range(3):
        actions.reply(room.participant(room.other), thread_uuid=thread, text="我也想知道")
    Notice.objects.all().delete()
    actions.reply(room.participant(room.teacher), thread_uuid=thread, text="取中间两个的平均。")
    assert set(Notice.objects.values_list("person_id", flat=True)) == {room.one.pk, room.other.pk}


def test_who_has_left_the_run_hears_no_more_of_its_threads(room: Room) -> None:
    thread = room.thread()
    withdraw(person_uuid=room.one.uuid, run_uuid=room.run.uuid, acting=room.actor(room.one))
    actions.reply(room.participant(room.teacher), thread_uuid=thread, text="取中间两个的平均。")
    assert not Notice.objects.filter(kind="courses.reply").exists()


def test_what_is_written_is_kept_as_plain_text(room: Room) -> None:
    thread = room.thread(title="  一\n二 ", text="a\r\nb\u202e<b>c</b>\n\n\n\n\n\nd  ")

    row = Thread.objects.get(uuid=thread)
    assert row.title == "一 二"
    assert Post.objects.get(thread=row).text == "a\nb<b>c</b>\n\n\nd"


@pytest.mark.parametrize(
    ("title", "text", "unit", "code"),
    [
        (" ", "x", "", "title-missing"),
        ("题" * 81, "x", "", "title-too-long"),
        ("题", "\u200b ", "", "text-missing"),
        ("题", "x" * 4001, "", "text-too-long"),
        ("题", "x", "vertical@nowhere", "no-such-unit"),
    ],
)
def test_a_thread_that_is_refused_leaves_no_trace(room: Room, title: str, text: str, unit: str, code: str) -> None:
    before = traces()

    with pytest.raises(Refusal) as refused:
        actions.open_thread(room.participant(room.one), title=title, text=text, unit=unit)

    assert refused.value.code == code
    assert refused.value.message
    assert traces() == before


def test_a_flood_is_refused_and_passes_after_a_while(room: Room) -> None:
    thread = room.thread()
    for number in range(SHORT_MAX - 1):
        actions.reply(room.participant(room.one), thread_uuid=thread, text=str(number))
    before = traces()

    with pytest.raises(Refusal, match="too-fast"):
        actions.reply(room.participant(room.one), thread_uuid=thread, text="one more")

    assert traces() == before
    with clock.at(clock.now() + dt.timedelta(minutes=11)):
        actions.reply(room.participant(room.one), thread_uuid=thread, text="one more")


def test_who_has_left_and_who_never_came_find_nothing(room: Room) -> None:
    Enrolment.objects.filter(person=room.other).update(status="withdrawn")
    for person in (room.other, make_person(name="外人")):
        with pytest.raises(NotThere):
            room.participant(person)


def test_a_teacher_of_the_run_is_one_only_while_acting_for_its_institution(room: Room) -> None:
    elsewhere = make_actor(room.teacher, role="student")
    from courses.enrolment.participants import participant_of  # noqa: PLC0415  (only this test needs it)

    with pytest.raises(NotThere):
        participant_of(elsewhere, room.teacher.pk, room.run.uuid)


def test_after_the_run_learners_read_and_write_no_more(room: Room) -> None:
    thread = room.thread()
    room.run.ends_on = clock.today() - dt.timedelta(days=1)
    room.run.starts_on = room.run.ends_on - dt.timedelta(days=30)
    room.run.save()
    before = traces()

    with pytest.raises(NotPermitted):
        actions.reply(room.participant(room.one), thread_uuid=thread, text="zu spät")

    assert traces() == before


def test_only_teachers_mark_answers_and_only_replies_of_learners(room: Room) -> None:
    thread = room.thread()
    reply = actions.reply(room.participant(room.other), thread_uuid=thread, text="取平均。")
    with pytest.raises(NotPermitted):
        actions.mark_answer(room.participant(room.one), post_uuid=reply, answers=True)
    with pytest.raises(Refusal, match="cannot-answer"):
        actions.mark_answer(room.participant(room.teacher), post_uuid=Post.objects.get(opens=True).uuid, answers=True)

    actions.mark_answer(room.participant(room.teacher), post_uuid=reply, answers=True)

    assert Post.objects.get(uuid=reply).answers_by_uuid == room.teacher.uuid
    assert Notice.objects.filter(person=room.other, kind="courses.answer_marked").count() == 1


def test_what_an_author_takes_back_is_gone(room: Room) -> None:
    room.thread()
    post = Post.objects.get()

    actions.take_back(room.participant(room.one), post_uuid=post.uuid)

    post.refresh_from_db()
    assert (post.text, post.status) == ("", "removed")
    assert Thread.objects.get().title == ""


def test_nobody_takes_back_what_others_wrote_or_what_was_reported(room: Room) -> None:
    room.thread()
    post = Post.objects.get()
    with pytest.raises(NotPermitted):
        actions.take_back(room.participant(room.other), post_uuid=post.uuid)
    moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="hurtful")

    with pytest.raises(Refusal, match="post-is-reported"):
        actions.take_back(room.participant(room.one), post_uuid=post.uuid)

    post.refresh_from_db()
    assert post.text


def test_a_thread_of_another_run_is_not_there(room: Room) -> None:
    with pytest.raises(NotThere):
        actions.reply(room.participant(room.one), thread_uuid=uuid4(), text="x")
    assert not PostMove.objects.exists()
