"""Reports, and what moderators do about them: hide with a reason, restore, keep; every step stands in the trail."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.discussion import rules
from courses.discussion.access import post_to_moderate
from courses.discussion.actions import post_of, queue_up, tell
from courses.discussion.models import Post, PostReport, ReportReason
from courses.discussion.states import POST, READABLE, PostStatus
from courses.enrolment.participants import Participant
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from edu.kernel.texts import NOTE_CHARS_MAX, plain


@transaction.atomic
def report(one: Participant, *, post_uuid: UUID, reason: str, note: str = "") -> None:
    """Ask moderators to look at a post; it stays readable until one of them decides.

    Refusals: "own-post", "already-reported", "unknown-reason", "note-too-long", "too-many-reports".
    """
    queue_up(one.person_id)
    post = post_of(one, post_uuid, locked=True)
    note = plain(note)
    _require_reportable(one, post, reason, note)
    try:
        with transaction.atomic():
            PostReport.objects.create(
                post=post, reporter_id=one.person_id, reason=reason, note=note, made_at=clock.now()
            )
    except IntegrityError:
        raise Refusal("already-reported", _("You have reported this post. A moderator decides.")) from None
    if post.status == PostStatus.SHOWN:
        move(post, to=PostStatus.REPORTED, table=POST, acting=one.actor)


def _require_reportable(one: Participant, post: Post, reason: str, note: str) -> None:
    if post.author_id == one.person_id:
        raise Refusal("own-post", _("This is your own post. You can take it back."))
    if post.status not in READABLE:
        raise Refusal("not-readable", _("This post is not shown any more."))
    if reason not in ReportReason.values:
        raise Refusal("unknown-reason", _("Choose one of the reasons."))
    if len(note) > NOTE_CHARS_MAX:
        raise Refusal("note-too-long", _("Shorten the note to 300 characters."))
    since = clock.now() - dt.timedelta(days=1)
    if PostReport.objects.filter(reporter_id=one.person_id, made_at__gt=since).count() >= rules.REPORTS_A_DAY_MAX:
        raise Refusal("too-many-reports", _("You have reported much today. Speak with a teacher of the run."))


@transaction.atomic
def hide(*, post_uuid: UUID, reason: str, acting: Actor) -> None:
    """Hide a post from learners; its author is told and sees why. Refusals "reason-missing", "own-post"."""
    post = _to_decide(post_uuid, acting)
    reason = _reason(reason)
    move(post, to=PostStatus.HIDDEN, table=POST, acting=acting, reason=reason, answers_at=None, answers_by_uuid=None)
    _decided(post)
    if post.author is not None:
        tell(post.thread.run, post.thread, "courses.post_hidden", [post.author.uuid], acting=acting)


@transaction.atomic
def restore(*, post_uuid: UUID, reason: str, acting: Actor) -> None:
    """Show a hidden post again; its author is told. Refusals "reason-missing", "own-post"."""
    post = _to_decide(post_uuid, acting)
    if post.status != PostStatus.HIDDEN:
        raise Refusal("not-hidden", _("This post is not hidden."))
    move(post, to=PostStatus.SHOWN, table=POST, acting=acting, reason=_reason(reason))
    if post.author is not None:
        tell(post.thread.run, post.thread, "courses.post_restored", [post.author.uuid], acting=acting)


@transaction.atomic
def keep(*, post_uuid: UUID, reason: str, acting: Actor) -> None:
    """Decide that a reported post stays as it is. Refusals "reason-missing", "own-post", "not-reported"."""
    post = _to_decide(post_uuid, acting)
    if post.status != PostStatus.REPORTED:
        raise Refusal("not-reported", _("No report of this post waits."))
    move(post, to=PostStatus.SHOWN, table=POST, acting=acting, reason=_reason(reason))
    _decided(post)


def _to_decide(post_uuid: UUID, acting: Actor) -> Post:
    post = post_to_moderate(acting, post_uuid, locked=True)
    if post.author is not None and post.author.uuid == acting.person_uuid:
        raise Refusal("own-post", _("Another moderator decides on your own post."))
    return post


def _reason(reason: str) -> str:
    reason = plain(reason)
    if not reason:
        raise Refusal("reason-missing", _("Write the reason; the author and the trail show it."))
    if len(reason) > NOTE_CHARS_MAX:
        raise Refusal("reason-too-long", _("Shorten the reason to 300 characters."))
    return reason


def _decided(post: Post) -> None:
    PostReport.objects.filter(post=post, decided_at__isnull=True).update(decided_at=clock.now())
