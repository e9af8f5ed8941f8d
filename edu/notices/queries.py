"""Reading an inbox."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from edu.notices import kinds
from edu.notices.data import NoticeLine
from edu.notices.models import Notice, NoticePreference


def notices_of(person_uuid: UUID | None) -> QuerySet[Notice]:
    """Return what a person was told, the latest first; for a pager."""
    return Notice.objects.filter(person__uuid__in=[person_uuid]).order_by("-happened_at", "-pk")


def line(notice: Notice) -> NoticeLine:
    """Return a notice as it is read in the active language."""
    return NoticeLine(
        uuid=notice.uuid,
        text=kinds.sentence(notice.kind, notice.params),
        url=address(notice),
        times=notice.times,
        happened_at=notice.happened_at,
        unread=notice.read_at is None,
    )


def address(notice: Notice) -> str:
    """Return the page that a notice points to, "" when there is none any more."""
    try:
        return reverse(notice.url_name, args=notice.url_args)
    except NoReverseMatch:
        return ""


def preference_of(person_uuid: UUID | None) -> NoticePreference:
    """Return how a person wants to be told: the row, or an unsaved one with what holds by default."""
    return NoticePreference.objects.filter(person__uuid__in=[person_uuid]).first() or NoticePreference()
