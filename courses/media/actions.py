"""Writes: asking for the lighter copies of a version's films, calling one off, asking for it again."""

from uuid import UUID

from django.db import transaction

from courses.content import actions as content
from courses.content.data import AssetInfo
from courses.content.queries import version_by_uuid
from courses.media import queries
from courses.media.models import MediaFile, Rendition
from courses.media.rules import PROFILES
from courses.media.states import AGAIN, OPEN, RENDITION_MOVES, RenditionStatus
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

MEDIA_TYPES = ("video/", "audio/")
STREAMS = (".m3u8", ".mpd")  # lists of parts, which are lighter already where their author wished it


@transaction.atomic
def request_renditions(version_uuid: UUID, *, acting: Actor) -> int:
    """Ask for the lighter copies of a version's films; returns how many are new. Safe to repeat.

    Whoever imports or publishes a version calls it, through the event of the import or directly; the caller hints
    to the worker after commit. Copies that exist, wait or were called off are left as they are.
    """
    version = version_by_uuid(version_uuid)
    films = queries.sources(version.id, version.uuid)
    return sum(_request(asset, acting) for asset in films.values() if _is_film(asset))


@transaction.atomic
def cancel_rendition(rendition_uuid: UUID, *, course_id: int, acting: Actor) -> Rendition:
    """Call a copy off, also while it is being made: the worker notices within seconds and stops.

    NotThere when no version of the course shows the film; Refusal when it has ended.
    """
    content.require_author(course_id, acting)
    row = _rendition_of(rendition_uuid, course_id)
    if row.status not in OPEN:
        raise Refusal("rendition-ended", f"It is {row.status} and cannot be called off.")
    return move(
        row,
        to=RenditionStatus.CANCELLED,
        table=RENDITION_MOVES,
        acting=acting,
        lease_token=None,
        leased_until=None,
        progress=0,
        ended_at=clock.now(),
    )


@transaction.atomic
def retry_rendition(rendition_uuid: UUID, *, course_id: int, acting: Actor) -> Rendition:
    """Ask again for a copy that failed, was refused or called off; the caller hints to the worker after commit."""
    content.require_author(course_id, acting)
    row = _rendition_of(rendition_uuid, course_id)
    if row.status not in AGAIN:
        raise Refusal("rendition-not-again", f"It is {row.status} and need not be made again.")
    return move(
        row,
        to=RenditionStatus.WAITING,
        table=RENDITION_MOVES,
        acting=acting,
        reason="asked again",
        attempts=0,
        ended_at=None,
        progress=0,
    )


def _is_film(asset: AssetInfo) -> bool:
    return asset.media_type.startswith(MEDIA_TYPES) and not asset.path.lower().endswith(STREAMS)


def _request(asset: AssetInfo, acting: Actor) -> int:
    media, _made = MediaFile.objects.get_or_create(
        sha256=asset.sha256, defaults={"size": asset.size, "name": asset.path}
    )
    there = set(media.renditions.values_list("quality", flat=True))
    rows = [
        Rendition(
            media=media,
            quality=profile.name,
            rank=profile.rank,
            requested_by_uuid=acting.person_uuid,
            requested_at=clock.now(),
        )
        for profile in PROFILES.values()
        if profile.name not in there
    ]
    Rendition.objects.bulk_create(rows, ignore_conflicts=True)  # two imports at once ask for the same film
    return len(rows)


def _rendition_of(rendition_uuid: UUID, course_id: int) -> Rendition:
    row = Rendition.objects.select_related("media").filter(uuid=rendition_uuid).first()
    if row is None or not queries.is_shown_in(row.media.sha256, course_id):
        raise NotThere("no-such-rendition")
    return row
