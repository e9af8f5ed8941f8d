"""Writing, answering, taking back."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.content.queries import outline
from courses.discussion import rules
from courses.discussion.models import Post, Thread
from courses.discussion.states import POST, READABLE, PostStatus
from courses.enrolment.models import Enrolment
from courses.enrolment.participants import NOT_THERE, Participant, names_in_news, require_may_write
from courses.enrolment.states import EnrolmentStatus
from courses.runs.models import CourseRun
from courses.runs.queries import teachers_of
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.kernel.texts import TEXT_CHARS_MAX, TITLE_CHARS_MAX, one_line, plain
from edu.notices.api import send
from edu.notices.data import News

LOCK = 20_260_029  # the space of advisory locks in which one person's posts queue up
TOLD_MAX = 50  # people of one thread who hear of a reply: the latest who wrote


@transaction.atomic
def open_thread(one: Participant, *, title: str, text: str, unit: str = "") -> UUID:
    """Open a thread of the run, or of one of its units, and return its uuid; teachers are told.

    Refusals: "title-missing", "title-too-long", "text-missing", "text-too-long", "no-such-unit", "too-fast".
    """
    require_may_write(one)
    title, text = one_line(title), _text(text)
    if not title:
        raise Refusal("title-missing", _("Write a title: what is it about?"))
    if len(title) > TITLE_CHARS_MAX:
        raise Refusal("title-too-long", _("Shorten the title to 80 characters."))
    if unit and unit not in units_of(one.run):
        raise Refusal("no-such-unit", _("The course no longer has this unit. Choose another one."))
    _require_pace(one)
    thread = Thread.objects.create(run=one.run, title=title, unit_usage_id=unit, last_post_at=clock.now())
    _write(one, thread, text, opens=True)
    _tell(one, thread, "courses.thread", teachers_of(one.run.uuid))
    return thread.uuid


@transaction.atomic
def reply(one: Participant, *, thread_uuid: UUID, text: str) -> UUID:
    """Add a post to a thread and return its uuid; who wrote in the thread is told.

    Refusals: "text-missing", "text-too-long", "too-fast". NotThere for a thread that was hidden or taken back.
    """
    require_may_write(one)
    text = _text(text)
    _require_pace(one)
    thread = open_thread_of(one, thread_uuid)
    post = _write(one, thread, text)
    Thread.objects.filter(pk=thread.pk).update(last_post_at=clock.now())
    _tell(one, thread, "courses.reply", _others_in(thread, one))
    return post.uuid


def _others_in(thread: Thread, one: Participant) -> list[UUID]:
    """Return who else wrote in a thread and is still in the run, the latest first; many posts of one count once."""
    gone = Enrolment.objects.filter(run=thread.run_id, person=OuterRef("author"), status=EnrolmentStatus.WITHDRAWN)
    posts = Post.objects.filter(~Exists(gone), thread=thread, author__isnull=False).exclude(author_id=one.person_id)
    latest = posts.values("author__uuid").annotate(latest=Max("pk")).order_by("-latest")
    return [row["author__uuid"] for row in latest[:TOLD_MAX]]


@transaction.atomic
def mark_answer(one: Participant, *, post_uuid: UUID, answers: bool) -> None:
    """Let a teacher mark a learner's post as the answer, or take the mark away; its author is told of a mark."""
    post = post_of(one, post_uuid)
    if not one.teaches:
        raise NotPermitted("not-a-teacher", _("Only teachers of the run mark answers."))
    if post.opens or post.by_teacher or post.status not in READABLE:
        raise Refusal("cannot-answer", _("Only a learner's reply that can be read is marked as the answer."))
    marked = (clock.now(), one.actor.person_uuid) if answers else (None, None)
    Post.objects.filter(pk=post.pk).update(answers_at=marked[0], answers_by_uuid=marked[1])
    if answers and post.author is not None:
        _tell(one, post.thread, "courses.answer_marked", [post.author.uuid])


@transaction.atomic
def take_back(one: Participant, *, post_uuid: UUID) -> None:
    """Let an author take a post back: its text goes for good. A post that was reported stays until that is decided."""
    post = post_of(one, post_uuid, locked=True)
    if post.author_id != one.person_id:
        raise NotPermitted("not-your-post", _("Only its author takes a post back."))
    if post.status == PostStatus.REPORTED:
        raise Refusal("post-is-reported", _("A moderator looks at this post now. Take it back after that."))
    move(post, to=PostStatus.REMOVED, table=POST, acting=one.actor, text="", answers_at=None, answers_by_uuid=None)
    if post.opens:
        Thread.objects.filter(pk=post.thread_id).update(title="")


def open_thread_of(one: Participant, thread_uuid: UUID) -> Thread:
    """Return a thread of the run whose opening can be read; teachers reach hidden ones too. NotThere otherwise."""
    threads = Thread.objects.filter(run=one.run, uuid=thread_uuid)
    if not one.teaches:
        readable = [status.value for status in READABLE]
        threads = threads.filter(posts__opens=True, posts__status__in=readable)
    thread = threads.first()
    if thread is None:
        raise NotThere(*NOT_THERE)
    return thread


def post_of(one: Participant, post_uuid: UUID, *, locked: bool = False) -> Post:
    """Return a post of the run that the participant can see; NotThere otherwise."""
    posts = Post.objects.select_related("thread", "author").filter(thread__run=one.run, uuid=post_uuid)
    post = (posts.select_for_update(of=("self",)) if locked else posts).first()
    hidden = post is not None and post.status == PostStatus.HIDDEN and post.author_id != one.person_id
    if post is None or (hidden and not one.teaches):
        raise NotThere(*NOT_THERE)
    open_thread_of(one, post.thread.uuid)
    return post


def posts_by(one: Participant, thread_uuid: UUID) -> list[UUID]:
    """Return the uuids of a thread's posts in order, the opening first; for stories and tests."""
    rows = Post.objects.filter(thread=open_thread_of(one, thread_uuid)).order_by("pk")
    return list(rows.values_list("uuid", flat=True))


def units_of(run: CourseRun) -> dict[str, str]:
    """Return the names of the units that learners of the run see, in order; without content there are none."""
    if run.content_id is None:
        return {}
    parts = [s for section in outline(run.content_id).children if not section.staff_only for s in section.children]
    return {
        unit.usage_id: unit.display_name
        for part in parts
        if not part.staff_only
        for unit in part.children
        if not unit.staff_only
    }


def _text(text: str) -> str:
    text = plain(text)
    if not text:
        raise Refusal("text-missing", _("Write something."))
    if len(text) > TEXT_CHARS_MAX:
        raise Refusal("text-too-long", _("Shorten the text to 4,000 characters."))
    return text


def _require_pace(one: Participant) -> None:
    """Refuse a flood; one person's posts queue up at a lock, so that ten windows count as one."""
    queue_up(one.person_id)
    now = clock.now()
    since = now - rules.DAY_WINDOW
    moments = Post.objects.filter(author_id=one.person_id, written_at__gt=since).values_list("written_at", flat=True)
    if rules.too_fast(moments, now):
        raise Refusal("too-fast", _("That was much in a short time. Wait ten minutes, then write again."))


def queue_up(person_id: int) -> None:
    """Wait until nothing else of this person is being written; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, person_id % 2**31])


def _write(one: Participant, thread: Thread, text: str, *, opens: bool = False) -> Post:
    post = Post.objects.create(
        thread=thread,
        opens=opens,
        author_id=one.person_id,
        by_teacher=one.teaches,
        text=text,
        written_at=clock.now(),
    )
    payload = {"post_uuid": str(post.uuid), "thread_uuid": str(thread.uuid), "run_uuid": str(one.run.uuid)}
    record(events.POST_WRITTEN, payload, acting=one.actor)
    return post


def _tell(one: Participant, thread: Thread, kind: str, to: Iterable[UUID]) -> None:
    tell(one.run, thread, kind, to, acting=one.actor)


def tell(run: CourseRun, thread: Thread, kind: str, to: Iterable[UUID], *, acting: Actor) -> None:
    """Tell people of something in a thread."""
    address = (str(run.uuid), str(thread.uuid))
    news = News(kind, thread.uuid, "courses:thread", address, names_in_news(run))
    send(news, to=to, acting=acting)
