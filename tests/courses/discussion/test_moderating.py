"""Reports and decisions: who may, what learners then see, and a trail that nobody changes."""

import pytest
from django.db import DatabaseError, connection, transaction

from courses.discussion import moderating, queries
from courses.discussion.models import Post, PostMove, PostReport
from edu.events.models import Event
from edu.kernel.errors import NotThere, Refusal
from edu.notices.models import Notice
from tests.courses.discussion.conftest import Room
from tests.factories.people import make_actor, make_person


@pytest.fixture
def post(room: Room) -> Post:
    room.thread()
    return Post.objects.get()


def seen_by(room: Room, who: str) -> list[str]:
    one = room.participant(getattr(room, who))
    return [row.title for row in queries.threads_of(one)]


def test_a_reported_post_stays_readable_and_waits_for_a_moderator(room: Room, post: Post) -> None:
    moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="hurtful", note="这样说不好")

    assert seen_by(room, "other") == ["中位数怎么算？"]
    waiting = list(queries.queue_of(room.actor(room.teacher), "waiting"))
    assert [(row.pk, row.report_count) for row in waiting] == [(post.pk, 1)]  # type: ignore[attr-defined]  # annotated
    assert queries.waiting_count(room.actor(room.teacher)) == 1


def test_a_hidden_thread_is_gone_for_others_and_its_author_reads_why(room: Room, post: Post) -> None:
    moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="hurtful")
    moderating.hide(post_uuid=post.uuid, reason="伤人", acting=room.actor(room.teacher))

    assert seen_by(room, "other") == []
    assert seen_by(room, "one") == ["中位数怎么算？"]
    own = queries.line_of(room.participant(room.one), post)
    assert (own.status, own.reason) == ("hidden", "伤人")
    assert PostReport.objects.get().decided_at is not None
    assert Notice.objects.filter(person=room.one, kind="courses.post_hidden").count() == 1
    with pytest.raises(NotThere):
        queries.thread_to_read(room.participant(room.other), post.thread.uuid)


def test_hide_restore_and_keep_stand_in_the_trail_with_their_reasons(room: Room, post: Post) -> None:
    teacher = room.actor(room.teacher)
    moderating.hide(post_uuid=post.uuid, reason="误会", acting=teacher)
    moderating.restore(post_uuid=post.uuid, reason="弄错了", acting=teacher)
    moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="other")
    moderating.keep(post_uuid=post.uuid, reason="没有问题", acting=teacher)

    steps = [(step.target, step.reason) for step in queries.trail_of(post)]
    assert steps == [("shown", "没有问题"), ("reported", ""), ("shown", "弄错了"), ("hidden", "误会")]


@pytest.mark.parametrize("change", ["UPDATE courses_postmove SET reason = 'anders'", "DELETE FROM courses_postmove"])
def test_the_trail_is_never_changed(room: Room, post: Post, change: str) -> None:
    moderating.hide(post_uuid=post.uuid, reason="误会", acting=room.actor(room.teacher))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_editors_and_registrars_of_the_host_moderate_and_those_of_others_find_nothing(room: Room, post: Post) -> None:
    host = room.run.course.institution
    editor = make_actor(make_person(name="蒙佳宁", role="editor", institution=host, number="E1"))
    stranger = make_actor(make_person(name="外校", role="editor"))
    colleague = make_actor(make_person(name="同事", role="teacher", institution=host, number="T9"))

    moderating.hide(post_uuid=post.uuid, reason="广告", acting=editor)

    for actor in (stranger, colleague, room.actor(room.other)):
        with pytest.raises(NotThere):
            moderating.restore(post_uuid=post.uuid, reason="x", acting=actor)


def test_what_is_refused_leaves_no_trace(room: Room, post: Post) -> None:
    moderating.report(room.participant(room.other), post_uuid=post.uuid, reason="hurtful")
    before = (PostReport.objects.count(), PostMove.objects.count(), Notice.objects.count(), Event.objects.count())
    one, other, teacher = room.participant(room.one), room.participant(room.other), room.actor(room.teacher)

    for code, deed in {
        "own-post": lambda: moderating.report(one, post_uuid=post.uuid, reason="other"),
        "already-reported": lambda: moderating.report(other, post_uuid=post.uuid, reason="other"),
        "unknown-reason": lambda: moderating.report(
            room.participant(room.teacher), post_uuid=post.uuid, reason="because"
        ),
        "reason-missing": lambda: moderating.hide(post_uuid=post.uuid, reason=" \u200b", acting=teacher),
        "reason-too-long": lambda: moderating.keep(post_uuid=post.uuid, reason="x" * 301, acting=teacher),
        "not-hidden": lambda: moderating.restore(post_uuid=post.uuid, reason="x", acting=teacher),
    }.items():
        with pytest.raises(Refusal) as refused:
            deed()  # type: ignore[no-untyped-call]
        assert refused.value.code == code

    after = (PostReport.objects.count(), PostMove.objects.count(), Notice.objects.count(), Event.objects.count())
    assert after == before
    post.refresh_from_db()
    assert post.status == "reported"


def test_nobody_decides_on_their_own_post(room: Room) -> None:
    room.thread(room.teacher)
    post = Post.objects.get()
    moderating.report(room.participant(room.one), post_uuid=post.uuid, reason="other")

    with pytest.raises(Refusal, match="own-post"):
        moderating.keep(post_uuid=post.uuid, reason="gut so", acting=room.actor(room.teacher))
