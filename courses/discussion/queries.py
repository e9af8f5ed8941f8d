"""What the discussion's screens show. A page costs the same however many threads and posts it has."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from courses.discussion import rules
from courses.discussion.access import posts_to_moderate
from courses.discussion.models import Post, PostMove, PostReport, Thread
from courses.discussion.states import READABLE, PostStatus
from courses.enrolment.participants import NOT_THERE, Participant
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people.models import Person, Role

READABLE_VALUES = [status.value for status in READABLE]


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in a list."""

    uuid: UUID
    title: str
    unit: str  # the unit's name, "" for the run as a whole
    author: str
    replies: int
    answered: bool
    hidden: bool
    last_post_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post as one participant sees it."""

    uuid: UUID
    opens: bool
    author: str
    by_teacher: bool
    text: str
    written_at: dt.datetime
    answers: bool
    status: str
    reason: str  # why it was hidden, for its author and for teachers
    own: bool
    may_report: bool
    may_take_back: bool
    may_mark: bool

    @property
    def readable(self) -> bool:
        """True when there is a text to show."""
        return bool(self.text)


def threads_of(one: Participant, *, unit: str = "", open_only: bool = False) -> QuerySet[Thread]:
    """Return the threads of a run that the participant sees, the latest post first; for a pager."""
    posts = Post.objects.filter(thread=OuterRef("pk"))
    opening = posts.filter(opens=True)
    answers = Q(by_teacher=True) | Q(answers_at__isnull=False)
    shown_reply = Q(posts__opens=False, posts__status__in=READABLE_VALUES)
    rows = Thread.objects.filter(run=one.run).annotate(
        opening_status=Subquery(opening.values("status")[:1]),
        author_id=Subquery(opening.values("author_id")[:1]),
        author_name=Subquery(opening.values("author__name")[:1]),
        author_latin=Subquery(opening.values("author__name_latin")[:1]),
        author_teaches=Subquery(opening.values("by_teacher")[:1]),
        replies=Count("posts", filter=shown_reply),
        answered=Exists(posts.filter(answers, opens=False, status__in=READABLE_VALUES)),
    )
    if not one.teaches:
        own_hidden = Q(opening_status=PostStatus.HIDDEN, author_id=one.person_id)
        rows = rows.filter(Q(opening_status__in=READABLE_VALUES) | own_hidden)
    rows = rows.exclude(opening_status=PostStatus.REMOVED, replies=0)
    if unit:
        rows = rows.filter(unit_usage_id=unit)
    if open_only:
        rows = rows.filter(answered=False)
    return rows.order_by("-last_post_at", "-pk")


def thread_lines(one: Participant, rows: Sequence[Thread], units: dict[str, str]) -> list[ThreadLine]:
    """Return the lines of a page of threads."""
    return [
        ThreadLine(
            uuid=row.uuid,
            title=row.title or gettext("Taken back"),
            unit=units.get(row.unit_usage_id, ""),
            author=voice(
                row.author_name or "",  # type: ignore[attr-defined]  # annotated
                row.author_latin or "",  # type: ignore[attr-defined]
                whole=one.teaches or row.author_teaches,  # type: ignore[attr-defined]
                own=row.author_id == one.person_id,  # type: ignore[attr-defined]
            ),
            replies=row.replies,  # type: ignore[attr-defined]
            answered=row.answered,  # type: ignore[attr-defined]
            hidden=row.opening_status == PostStatus.HIDDEN,  # type: ignore[attr-defined]
            last_post_at=row.last_post_at,
        )
        for row in rows
    ]


def posts_in(one: Participant, thread: Thread) -> QuerySet[Post]:
    """Return the posts of a thread, the first first; hidden ones only for teachers and their own author."""
    last_reason = PostMove.objects.filter(subject=OuterRef("pk"), target=PostStatus.HIDDEN).order_by("-pk")
    reported = PostReport.objects.filter(post=OuterRef("pk"), reporter_id=one.person_id)
    posts = (
        Post.objects.filter(thread=thread)
        .select_related("author")
        .annotate(
            hide_reason=Subquery(last_reason.values("reason")[:1]),
            was_reported=Exists(reported),
        )
    )
    if not one.teaches:
        posts = posts.filter(~Q(status=PostStatus.HIDDEN) | Q(author_id=one.person_id))
    return posts.order_by("pk")


def post_line(one: Participant, post: Post) -> PostLine:
    """Return a post as the participant sees it."""
    own = post.author_id == one.person_id
    author: Person | None = post.author
    readable = post.status in READABLE
    return PostLine(
        uuid=post.uuid,
        opens=post.opens,
        author=voice(
            author.name if author else "",
            author.name_latin if author else "",
            whole=one.teaches or post.by_teacher,
            own=own,
        ),
        by_teacher=post.by_teacher,
        text=post.text,
        written_at=post.written_at,
        answers=post.answers_at is not None,
        status=post.status,
        reason=post.hide_reason or "" if post.status == PostStatus.HIDDEN else "",  # type: ignore[attr-defined]
        own=own,
        may_report=readable and not own and not post.was_reported,  # type: ignore[attr-defined]
        may_take_back=own and post.status == PostStatus.SHOWN,
        may_mark=one.teaches and readable and not post.opens and not post.by_teacher,
    )


def voice(name: str, latin: str, *, whole: bool, own: bool) -> str:
    """Return how an author is called: "you", the whole name for teachers, the surname among learners.

    Erased authors have no name.
    """
    if own:
        return gettext("You")
    if not name:
        return gettext("A former participant")
    chinese = (get_language() or "zh-hans").startswith("zh")
    if whole:
        return latin if latin and not chinese else name
    return gettext("%(surname)s (learner)") % {"surname": rules.surname(name, latin, chinese=chinese)}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One step of a post's history: who, as role; what; why."""

    target: str
    role: str
    reason: str
    happened_at: dt.datetime


def trail_of(post: Post) -> list[TrailLine]:
    """Return a post's history, the latest first."""
    roles = dict(Role.choices)
    return [
        TrailLine(row.target, str(roles.get(row.actor_role, gettext("Participant"))), row.reason, row.happened_at)
        for row in PostMove.objects.filter(subject=post).order_by("-pk")
    ]


def queue_of(actor: Actor, view: str) -> QuerySet[Post]:
    """Return the posts that wait for a moderator, or those that were hidden; the oldest report first."""
    status = PostStatus.HIDDEN if view == "hidden" else PostStatus.REPORTED
    posts = posts_to_moderate(actor).filter(status=status)
    first = PostReport.objects.filter(post=OuterRef("pk"), decided_at__isnull=True).order_by("made_at")
    return posts.annotate(
        report_count=Count("reports", filter=Q(reports__decided_at__isnull=True), distinct=True),
        first_report_at=Subquery(first.values("made_at")[:1]),
    ).order_by("first_report_at", "pk")


def waiting_count(actor: Actor) -> int:
    """Return how many reported posts wait for the actor."""
    return posts_to_moderate(actor).filter(status=PostStatus.REPORTED).count()


def reports_of(post: Post) -> list[PostReport]:
    """Return the reports of a post, the latest first; the screen shows no reporter."""
    return list(PostReport.objects.filter(post=post).order_by("-made_at"))


def line_of(one: Participant, post: Post) -> PostLine:
    """Return one post that the participant may see, as a line."""
    return post_line(one, posts_in(one, post.thread).get(pk=post.pk))


def thread_to_read(one: Participant, thread_uuid: UUID) -> Thread:
    """Return a thread that the participant may read: its author reads it after it was hidden, with the reason.

    NotThere otherwise.
    """
    posts = Post.objects.filter(thread__run=one.run, thread__uuid=thread_uuid, opens=True).select_related("thread")
    opening = posts.first()
    if opening is None:
        raise NotThere(*NOT_THERE)
    hidden = opening.status == PostStatus.HIDDEN and opening.author_id != one.person_id
    if hidden and not one.teaches:
        raise NotThere(*NOT_THERE)
    return opening.thread
