"""Playing time, counted here: players say which parts they played, the server's clock says how much may be true.

A person has one clock for all videos and windows. Every report spends the time since the last one, so two windows
at once, a wound-up player or an invented report earn nothing; what they claimed in excess is noted beside the day.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from courses.runtime import access, lengths, playtime
from courses.runtime.grants import Grant
from courses.runtime.models import WatchClock, WatchDay, WatchedVideo
from courses.runtime.playtime import Beat
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal

type Stretch = tuple[dt.datetime, dt.datetime]

RANGES_MAX = 40  # somebody who winds about wildly for the quarter of a minute between two reports
PAGE_CHARS_MAX = 36


@dataclass(frozen=True, slots=True)
class Report:
    """What a player says: the parts it played since its last report, and which open page it is."""

    ranges: tuple[tuple[Decimal, Decimal], ...]
    page: str


def read_report(data: object, ranges_max: int = RANGES_MAX) -> Report:
    """Return a player's report; Refusal "report-unreadable" for anything else."""
    try:
        assert isinstance(data, dict)
        parts = tuple((Decimal(str(a)), Decimal(str(b))) for a, b in data["ranges"])
        page = str(data.get("page", ""))
        assert len(parts) <= ranges_max
        assert len(page) <= PAGE_CHARS_MAX
        assert page.isprintable()  # no NUL and no half of a surrogate pair, which no column holds
        assert all(a.is_finite() and b.is_finite() and 0 <= a <= b <= playtime.VIDEO_S_MAX for a, b in parts)
    except (AssertionError, ArithmeticError, KeyError, TypeError, ValueError):
        raise Refusal("report-unreadable", _("This report of a player cannot be read.")) from None
    return Report(parts, page)


@transaction.atomic
def watched(grant: Grant, report: Report) -> Beat | None:
    """Count what a player reports for the learner; None where nothing is kept (a preview, a run that has ended).

    NotPermitted when the person has left the run, NotThere when the block is no video of the pinned version.
    """
    if not grant.keeps:
        return None
    place = access.place_of(grant)
    videos = lengths.videos_of(place.version_id, place.version_uuid)
    if grant.usage_id not in videos:
        raise NotThere("no-such-video")
    watch, _made = WatchClock.objects.select_for_update().get_or_create(person_id=grant.person_id)
    now = clock.now()
    elapsed_s = Decimal(str((now - watch.beat_at).total_seconds())) if watch.beat_at else Decimal(0)
    beat = playtime.admit(report.ranges, elapsed_s=elapsed_s, length_s=videos[grant.usage_id])
    parallel = bool(watch.page) and watch.page != report.page and elapsed_s < playtime.GAP_S_MAX
    fresh_s = _keep_ranges(grant, beat, now) if beat.ranges else 0
    _keep_days(grant, beat, fresh_s, (now, now), parallel=parallel)
    WatchClock.objects.filter(pk=watch.pk).update(beat_at=now, page=report.page)
    return beat


@transaction.atomic
def watched_before(grant: Grant, report: Report, stretch: Callable[[dt.datetime | None], Stretch]) -> Beat | None:
    """Count what was played without a network, like heartbeats: within a stretch of time and the film's length.

    `stretch` is told the last report of the person and says which time is left for this one; the clock then stands
    at its end, so the same film sent again, or another one for the same minutes, earns nothing.
    """
    if not grant.keeps:
        return None
    place = access.place_of(grant)
    videos = lengths.videos_of(place.version_id, place.version_uuid)
    if grant.usage_id not in videos:
        raise NotThere("no-such-video")
    watch, _made = WatchClock.objects.select_for_update().get_or_create(person_id=grant.person_id)
    from_at, to_at = stretch(watch.beat_at)
    seconds = Decimal(str((to_at - from_at).total_seconds()))
    length_s = videos[grant.usage_id]
    beat = playtime.admit(report.ranges, elapsed_s=seconds, length_s=length_s, gap_s_max=int(seconds) + 1)
    fresh_s = _keep_ranges(grant, beat, to_at) if beat.ranges else 0
    _keep_days(grant, beat, fresh_s, (from_at, to_at), parallel=False)
    if seconds > 0:
        WatchClock.objects.filter(pk=watch.pk).update(beat_at=to_at, page=report.page)
    return beat


def _keep_ranges(grant: Grant, beat: Beat, now: dt.datetime) -> int:
    """Add what was played to what is known of the video; return how many seconds of it are new."""
    row, _made = WatchedVideo.objects.select_for_update().get_or_create(
        run_id=grant.run_id, person_id=grant.person_id, usage_id=grant.usage_id
    )
    ranges = playtime.merged([(a, b) for a, b in row.ranges], beat.ranges)
    watched_s = playtime.total(ranges)
    fresh_s = watched_s - row.watched_s
    WatchedVideo.objects.filter(pk=row.pk).update(ranges=[list(r) for r in ranges], watched_s=watched_s, watched_at=now)
    return fresh_s


def _keep_days(grant: Grant, beat: Beat, fresh_s: int, stretch: Stretch, *, parallel: bool) -> None:
    """Add a report to the days in which it was played: who watches over midnight has watched on both."""
    played_s = playtime.total(beat.ranges)
    parts = playtime.cut(*(moment.astimezone(clock.SHANGHAI) for moment in stretch))
    shares = zip(parts, playtime.shared(played_s, parts), playtime.shared(fresh_s, parts), strict=True)
    for number, ((start, _end), played, fresh) in enumerate(shares, start=1):
        refused = beat.refused_s if number == len(parts) else 0
        added = {
            "fresh_s": fresh,
            "played_s": played,
            "refused_s": refused,
            "parallel_s": (played + refused) if parallel else 0,
            "night_s": played if playtime.is_night(start.hour) else 0,
        }
        _add_to_day(grant, start.date(), added)


def _add_to_day(grant: Grant, day_on: dt.date, added: Mapping[str, int]) -> None:
    if not any(added.values()):
        return
    day, _made = WatchDay.objects.get_or_create(run_id=grant.run_id, person_id=grant.person_id, day_on=day_on)
    sums: dict[str, Any] = {name: F(name) + seconds for name, seconds in added.items()}
    WatchDay.objects.filter(pk=day.pk).update(**sums)
