"""Playing time is the server's: what the clock allows, each second once, and nothing from a second window."""

import datetime as dt
import io
import struct
from decimal import Decimal
from pathlib import Path

import pytest

from courses.content import demo
from courses.enrolment.models import Enrolment
from courses.runtime import grants, lengths, watching
from courses.runtime.models import WatchClock, WatchDay, WatchedVideo
from courses.runtime.watching import Report, read_report
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_views import post
from tests.factories.blocks import block, text

pytestmark = pytest.mark.django_db
VIDEO = "video@v"


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:
    return classroom([block(VIDEO), text("t")])


def play(room: Classroom, *ranges: tuple[int, int], at_s: float, page: str = "a") -> int:
    """Report what was played, so many seconds after noon; return how many seconds were believed."""
    noon = dt.datetime.combine(clock.today(), dt.time(12), clock.SHANGHAI)
    report = Report(tuple((Decimal(a), Decimal(b)) for a, b in ranges), page)
    with clock.at(noon + dt.timedelta(seconds=at_s)):
        beat = watching.watched(room.grant(VIDEO), report)
    assert beat is not None
    return sum(b - a for a, b in beat.ranges)


def test_steady_playing_counts_second_by_second(room: Classroom) -> None:
    assert [play(room, at_s=0), play(room, (0, 15), at_s=15), play(room, (15, 30), at_s=30)] == [0, 15, 15]
    video = WatchedVideo.objects.get()
    assert (video.ranges, video.watched_s) == ([[0, 30]], 30)
    day = WatchDay.objects.get()
    assert (day.day_on, day.fresh_s, day.played_s, day.refused_s) == (clock.today(), 30, 30, 0)


def test_what_is_seen_again_is_played_but_not_new(room: Classroom) -> None:
    play(room, at_s=0)
    play(room, (0, 15), at_s=15)
    play(room, (0, 15), at_s=30)
    day = WatchDay.objects.get()
    assert (day.fresh_s, day.played_s) == (15, 30)


def test_an_invented_hour_earns_what_the_clock_allows(room: Classroom) -> None:
    play(room, at_s=0)
    assert play(room, (0, 3600), at_s=10) == 23
    assert WatchDay.objects.get().refused_s == 3577


def test_a_report_that_is_sent_again_and_again_earns_nothing(room: Classroom) -> None:
    play(room, at_s=0)
    play(room, (0, 15), at_s=15)
    believed = [play(room, (100 + n, 115 + n), at_s=15 + n / 10) for n in range(20)]
    assert sum(believed) <= 2 * 2  # two seconds at double speed
    assert WatchedVideo.objects.get().watched_s <= 15 + 4
    assert WatchDay.objects.get().refused_s >= 20 * 15 - 4


def test_two_windows_share_one_clock(room: Classroom) -> None:
    play(room, at_s=0, page="a")
    play(room, at_s=1, page="b")
    believed = play(room, (0, 14), at_s=15, page="a") + play(room, (100, 114), at_s=16, page="b")
    assert believed <= 14 + 1 * 2 + 3
    assert WatchDay.objects.get().parallel_s > 0


def test_the_small_hours_are_noted(room: Classroom) -> None:
    play(room, at_s=13 * 3600)
    play(room, (0, 15), at_s=13 * 3600 + 15)
    assert WatchDay.objects.get().night_s == 15


@pytest.mark.parametrize("data", [None, {}, {"ranges": "x"}, {"ranges": [[5, 1]]}, {"ranges": [[0, "NaN"]]}])
def test_a_report_that_is_none_is_refused_and_leaves_no_trace(room: Classroom, data: object) -> None:
    with pytest.raises(Refusal):
        read_report(data)
    address = f"/h/{grants.sign_handler(room.grant(VIDEO))}/watched"
    assert post(address, data).status_code == 422
    assert not WatchClock.objects.exists()


def test_the_frame_reports_and_hears_what_counts(room: Classroom) -> None:
    answer = post(f"/h/{grants.sign_handler(room.grant(VIDEO))}/watched", {"ranges": [[0, 15]], "page": "a"})
    assert (answer.status_code, answer.json()) == (200, {"counted_s": 0})
    assert WatchClock.objects.get().page == "a"


def test_a_preview_keeps_nothing(room: Classroom) -> None:
    assert watching.watched(room.grant(VIDEO, keeps=False), Report((), "a")) is None
    assert not WatchClock.objects.exists()


def test_who_left_and_what_is_no_video_count_nothing(room: Classroom) -> None:
    with pytest.raises(NotThere):
        watching.watched(room.grant("html@t"), Report((), "a"))
    Enrolment.objects.update(status="withdrawn")
    with pytest.raises(NotPermitted):
        watching.watched(room.grant(VIDEO), Report((), "a"))
    assert not WatchClock.objects.exists()


def test_the_length_of_a_film_is_read_from_its_file() -> None:
    film = Path(demo.__file__ if demo.__file__ else next(iter(demo.__path__))) / "static" / "axis-trick.mp4"
    with film.open("rb") as stream:
        seconds = lengths.mp4_seconds(stream)
    assert seconds is not None
    assert 5 <= seconds <= 600


def test_a_long_header_is_read_and_nonsense_has_no_length() -> None:
    body = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, 90_500)
    movie = struct.pack(">I4s", len(body) + 8, b"mvhd") + body
    assert lengths.mp4_seconds(io.BytesIO(struct.pack(">I4s", len(movie) + 8, b"moov") + movie)) == 91
    for nonsense in (b"", b"nothing", b"\0\0\0\1moov", struct.pack(">I4s", 16, b"moov") + b"\0\0\0\2mvhd"):
        assert lengths.mp4_seconds(io.BytesIO(nonsense)) is None


@pytest.mark.parametrize("page", ["\x00", "half \ud800", "two\nlines"])
def test_a_page_whose_name_no_column_holds_is_unreadable(page: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_report({"ranges": [[0, 1]], "page": page})
    assert caught.value.code == "report-unreadable"
