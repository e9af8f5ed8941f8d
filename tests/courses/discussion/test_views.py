"""The pages of the discussion: who gets in, what they say, and at what price in queries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.discussion import actions, moderating
from courses.discussion.models import Post
from tests.courses.discussion.conftest import Room
from tests.factories.people import make_person, sign_in


def url(room: Room, rest: str = "") -> str:
    return f"/en/learn/{room.run.uuid}/discussion/{rest}"


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_however_many_threads_there_are(room: Room) -> None:
    room.thread()
    client = room.client(room.one)
    few = queries_of(client, url(room))
    for number in range(5):
        thread = room.thread(room.other, title=f"题目{number}")
        actions.reply(room.participant(room.teacher), thread_uuid=thread, text="答")

    assert queries_of(client, url(room)) == few
    assert few <= 9


def test_a_thread_costs_the_same_however_many_posts_it_has(room: Room) -> None:
    thread = room.thread()
    client = room.client(room.one)
    few = queries_of(client, url(room, f"{thread}/"))
    for person in (room.other, room.teacher, room.one, room.other):
        actions.reply(room.participant(person), thread_uuid=thread, text="又一条")

    assert queries_of(client, url(room, f"{thread}/")) == few
    assert few <= 8


def test_texts_are_shown_as_text_and_links_lend_no_weight(room: Room) -> None:
    thread = room.thread(title="<b>x</b>", text="<script>alert(1)</script> https://www.gxu.edu.cn/a")

    page = room.client(room.other).get(url(room, f"{thread}/")).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>x</b>" not in page
    assert '<a href="https://www.gxu.edu.cn/a" rel="nofollow">' in page


def test_learners_see_surnames_and_teachers_whole_names(room: Room) -> None:
    thread = room.thread()

    to_learner = room.client(room.other).get(f"/zh-hans/learn/{room.run.uuid}/discussion/{thread}/").content.decode()
    to_teacher = room.client(room.teacher).get(f"/zh-hans/learn/{room.run.uuid}/discussion/{thread}/").content.decode()

    assert "韦同学" in to_learner
    assert "韦晓梅" not in to_learner
    assert "韦晓梅" in to_teacher


@pytest.mark.parametrize("rest", ["", "new/", "{thread}/", "posts/{post}/report/", "posts/{post}/take-back/"])
def test_strangers_and_missing_runs_look_the_same(room: Room, rest: str) -> None:
    thread = room.thread()
    address = url(room, rest.format(thread=thread, post=Post.objects.get().uuid))
    stranger = sign_in(Client(), make_person(name="外人"))

    there = stranger.get(address)
    missing = stranger.get(address.replace(str(room.run.uuid), "00000000-0000-4000-8000-000000000000"))

    assert (there.status_code, missing.status_code) == (404, 404)
    strip = re.compile(r"[0-9a-f-]{36}|csrf\w+\" value=\"[^\"]+|/en/[^\"]*|/zh-hans/[^\"]*|\d\d:\d\d")
    assert strip.sub("", there.content.decode()) == strip.sub("", missing.content.decode())


def test_a_question_is_asked_and_answered_on_the_screens(room: Room) -> None:
    asked = room.client(room.one).post(url(room, "new/"), {"title": "怎么算？", "text": "不明白", "unit": ""})
    thread = asked["Location"]
    room.client(room.other).post(thread, {"text": "取平均"})
    helper = Post.objects.get(opens=False)
    room.client(room.teacher).post(url(room, f"posts/{helper.uuid}/answer/"), {"answers": "yes"})

    page = room.client(room.one).get(thread).content.decode()
    assert "Marked as the answer by a teacher" in page
    assert "Answered" in room.client(room.one).get(url(room)).content.decode()
    assert "怎么算" not in room.client(room.one).get(url(room) + "?view=open").content.decode()


def test_an_empty_question_says_what_is_missing_and_keeps_the_rest(room: Room) -> None:
    answer = room.client(room.one).post(url(room, "new/"), {"title": " ", "text": "不明白", "unit": ""})

    assert answer.status_code == 422
    assert "不明白" in answer.content.decode()
    assert not Post.objects.exists()


def test_a_post_is_reported_decided_and_found_in_the_trail(room: Room) -> None:
    thread = room.thread()
    post = Post.objects.get()
    room.client(room.other).post(url(room, f"posts/{post.uuid}/report/"), {"reason": "hurtful", "note": "x"})
    teacher = room.client(room.teacher)
    assert str(post.uuid) in teacher.get("/en/teach/moderation/").content.decode()

    case = f"/en/teach/moderation/{post.uuid}/"
    assert "欧阳" not in teacher.get(case).content.decode()  # nobody learns who reported
    assert teacher.post(case, {"deed": "hide", "reason": "伤人"}).status_code == 302

    assert room.client(room.other).get(url(room, f"{thread}/")).status_code == 404
    assert "伤人" in room.client(room.one).get(url(room, f"{thread}/")).content.decode()
    assert "伤人" in teacher.get(case).content.decode()


def test_the_moderators_queue_costs_the_same_however_long_it_is(room: Room) -> None:
    client = room.client(room.teacher)

    def report_one() -> None:
        thread = room.thread()
        post = Post.objects.get(thread__uuid=thread)
        moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="other")

    report_one()
    few = queries_of(client, "/en/teach/moderation/")
    for _number in range(4):
        report_one()

    assert queries_of(client, "/en/teach/moderation/") == few


def test_learners_do_not_find_the_moderators_pages(room: Room) -> None:
    room.thread()
    learner = room.client(room.one)

    assert learner.get("/en/teach/moderation/").status_code == 404
    assert learner.get(f"/en/teach/moderation/{Post.objects.get().uuid}/").status_code == 404


def test_the_unit_and_the_course_lead_to_the_discussion(room: Room) -> None:
    room.run.starts_on = room.run.starts_on.replace(year=room.run.starts_on.year - 1)
    room.run.save()

    assert url(room) in room.client(room.one).get(f"/en/learn/{room.run.uuid}/").content.decode()
