"""Films in a real browser: nothing is fetched before play, every control works, a broken line is waited for."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from courses.media import ffmpeg
from tests.browser import checks
from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.product import Product
from tests.browser.stage import Staged, stage
from tests.factories.block_course import OTHERS, write_block_course
from tests.factories.films import film

pytestmark = pytest.mark.browser

COPIES_WITHIN_S = 120
# A busy machine takes its time to decode the first picture.
MOVES_ON = """video => new Promise(done => {
  const before = video.currentTime, until = Date.now() + 10000;
  const look = () =>
    video.currentTime > before + 0.2 ? done(true) : Date.now() > until ? done(false) : setTimeout(look, 100);
  look();
})"""
STREAM = '<video display_name="分段" youtube_id_1_0="" html5_sources=\'["/static/part.m3u8"]\'/>'


@pytest.fixture(scope="module")
def staged(site: Product, told: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """A course of a heavy film and of a stream in parts; the worker has made the film's copies."""
    units = {"video": '<video url_name="v1"/>', "stream": '<video url_name="v2"/>'}
    times = [f"00:00:{second:02d},000" for second in range(0, 22, 2)]
    captions = "".join(f"{n}\n{times[n]} --> {times[n + 1]}\n第{n}句\n\n" for n in range(10))
    both = OTHERS["video/v1.xml"].replace('{"zh": "film-zh.srt"}', '{"zh": "film-zh.srt", "en": "film-en.srt"}')
    more = {
        "video/v1.xml": both,
        "video/v2.xml": STREAM,
        "static/film-zh.srt": captions,
        "static/film-en.srt": captions.replace("第", "Line ").replace("句", ""),
    }
    folder = write_block_course(tmp_path_factory.mktemp("films"), units, more)
    (folder / "static" / "film.mp4").write_bytes(film(size="640x480", seconds=20))
    _cut_into_parts(folder / "static")
    email = next(account["email"] for account in told["accounts"] if account["key"] == "third_student")
    put = stage(site, folder, email)
    _wait_for_copies(site, put.version_id)
    return put


def _cut_into_parts(folder: Path) -> None:
    command = [ffmpeg.program(), "-y", "-loglevel", "error", "-i", "film.mp4", "-c", "copy", "-f", "hls"]
    subprocess.run([*command, "-hls_time", "5", "-hls_list_size", "0", "part.m3u8"], cwd=folder, check=True)


def _wait_for_copies(site: Product, version_id: int) -> None:
    deadline = time.monotonic() + COPIES_WITHIN_S
    while time.monotonic() < deadline:
        if site.ask("staging.copies_made", version_id) == 3:
            return
        time.sleep(0.5)
    raise AssertionError("the worker made no copies")


@pytest.fixture
def context(browser: Browser, site: Product, pass_of: Callable[[str], Any]) -> Iterator[BrowserContext]:
    """The learner's browser on a telephone."""
    context = browser.new_context(viewport=PHONE, base_url=site.address, storage_state=pass_of("third_student"))  # type: ignore[arg-type]  # a size is a size
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def fetched(page: Page) -> list[str]:
    """Addresses of films and captions that the page asked for."""
    asked: list[str] = []
    kinds = ("/film.mp4", ".srt", ".ts", ".m3u8")
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(kinds) else None)
    return asked


@pytest.fixture
def unit(page: Page, staged: Staged) -> Callable[[str], FrameLocator]:
    """Open a unit and wait for its player."""

    def opened(name: str) -> FrameLocator:
        page.goto(f"/zh-hans/learn/{staged.run}/vertical@{name}/")
        frame = page.frame_locator("iframe.unit-frame")
        expect(frame.locator("[data-video-controls], .video-controls").first).to_be_visible()
        return frame

    return opened


type Opened = Callable[[str], FrameLocator]


def playing(frame: FrameLocator) -> bool:
    """True when the film really moves on."""
    return bool(frame.locator("video").evaluate(MOVES_ON))


def second(frame: FrameLocator) -> float:
    """Where the film is."""
    return float(frame.locator("video").evaluate("v => v.currentTime"))


def stands_at(frame: FrameLocator, wanted: float) -> None:
    """Wait until the film stands within a second of this place."""
    deadline = time.monotonic() + 10
    while abs(second(frame) - wanted) >= 1:
        assert time.monotonic() < deadline, f"the film stands at {second(frame)} s, not at {wanted} s"
        time.sleep(0.05)


def test_nothing_is_fetched_before_play_and_the_size_is_said(unit: Opened, fetched: list[str], page: Page) -> None:
    frame = unit("video")
    page.wait_for_timeout(1000)

    assert fetched == []
    expect(frame.locator(".video-begin")).to_contain_text("MB")
    assert frame.locator("[data-video-quality] option").all_inner_texts()[0].startswith("省流")
    frame.locator(".video-begin").click()
    expect(frame.locator("figure.is-playing")).to_be_visible()
    assert playing(frame)
    assert any("/m/" in url for url in fetched)  # a copy, not the film as uploaded
    assert not any("/a/" in url and url.endswith(".mp4") for url in fetched)


def test_a_change_of_quality_goes_on_at_the_same_place_and_the_place_is_remembered(
    unit: Opened, fetched: list[str]
) -> None:
    frame = unit("video")
    frame.locator(".video-begin").click()
    expect(frame.locator("figure.is-playing")).to_be_visible()
    frame.locator("[data-video-forward]").click()
    frame.locator("[data-video-quality]").select_option("sound")

    expect(frame.locator("figure.is-sound.is-playing")).to_be_visible()
    assert playing(frame)
    assert second(frame) >= 9.5
    frame.locator("[data-video-toggle]").last.click()
    again = unit("video")
    expect(again.locator("[data-video-resume]")).to_contain_text("0:1")


def test_captions_are_chosen_and_a_line_of_the_transcript_leads_to_its_second(unit: Opened) -> None:
    frame = unit("video")
    frame.locator(".video-begin").click()
    modes = "v => [...v.textTracks].map(t => `${t.language} ${t.mode}`).sort().join()"
    expect(frame.locator("figure.is-playing")).to_be_visible()
    assert frame.locator("video").evaluate(modes) == "en disabled,zh showing"
    frame.locator("[data-video-captions]").select_option("en")
    assert frame.locator("video").evaluate(modes) == "en showing,zh disabled"

    frame.locator(".video-transcript summary").click()
    frame.locator(".transcript-line", has_text="Line 7").click()
    expect(frame.locator(".transcript-line[aria-current]")).to_contain_text("Line 7")
    assert 13.5 <= second(frame) <= 16.5


def test_the_keyboard_alone_is_enough(unit: Opened, page: Page) -> None:
    frame = unit("video")
    frame.locator(".video-begin").focus()
    page.keyboard.press("Enter")
    expect(frame.locator("figure.is-playing")).to_be_visible()
    frame.locator("[data-video-seek]").focus()
    page.keyboard.press("k")
    expect(frame.locator("figure.is-playing")).to_have_count(0)
    frame.locator("[data-video-seek]").press("Home")
    stands_at(frame, 0)
    frame.locator("[data-video-back]").focus()
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    stands_at(frame, 15)
    assert frame.locator("video").evaluate("v => v.muted")


def test_a_broken_line_is_told_and_the_film_goes_on_by_itself(unit: Opened, page: Page) -> None:
    frame = unit("video")

    def broken(route: Route) -> None:
        route.abort("connectionfailed")

    page.route("**/film.mp4", broken)
    frame.locator(".video-begin").click()
    expect(frame.locator("[data-video-said]")).to_contain_text("网络断了")
    page.unroute("**/film.mp4")
    expect(frame.locator("figure.is-playing")).to_be_visible()
    assert playing(frame)
    expect(frame.locator("[data-video-trouble]")).to_be_hidden()


def test_a_stream_in_parts_is_played_here_and_its_reader_fetched_only_then(unit: Opened, page: Page) -> None:
    readers: list[str] = []
    page.on("request", lambda request: readers.append(request.url) if "/assets/hls" in request.url else None)
    frame = unit("stream")
    page.wait_for_timeout(500)
    assert readers == []
    frame.locator(".video-begin").click()
    expect(frame.locator("figure.is-playing")).to_be_visible()
    assert playing(frame)
    assert readers


def test_the_player_is_accessible_and_its_controls_are_large(unit: Opened, page: Page) -> None:
    unit("video")
    frame = next(frame for frame in page.frames if "/f/" in frame.url)
    expect(frame.locator(".video-controls")).to_be_visible()
    frame.locator(".video-transcript summary").click()
    expect(frame.locator(".transcript-line").first).to_be_visible()

    assert checks.axe_violations(frame) == []
    controls = frame.locator("figure.video :is(button, select, input, summary, figcaption a)").all()
    assert [one.inner_text() for one in controls if one.is_visible() and _is_small(one.bounding_box())] == []


def _is_small(box: Any) -> bool:
    return bool(box["height"] < 44 or box["width"] < 44)
