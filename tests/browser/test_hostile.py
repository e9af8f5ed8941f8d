"""A course's author attacks the learner's page, account, other courses and the network: everything gets nothing.

The attack (hostile.js) is written into a block, as an author would. It runs where courses have origins of their own
under the site's domain, which is the nearest to the site that a block ever comes, and in the opaque frame of an
installation with one hostname.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.foreign import Foreign, listening
from tests.browser.product import Product
from tests.browser.session import sign_in
from tests.browser.stage import Staged, also_served, kept_of, stage
from tests.factories.block_course import write_block_course
from tests.factories.hostile_course import BLOCK, write_hostile_course

pytestmark = pytest.mark.browser
ATTACK = Path(__file__).with_name("hostile.js").read_text("utf-8")
# What a page without protection reaches: the attempts are real. The others need an answer first, or the site's.
REACHING = {
    "fetch", "xhr", "beacon", "keepalive", "event_source", "web_socket", "picture", "background", "css_import", "font",
    "film", "drawing", "script", "module", "stylesheet", "icon_preload", "module_preload", "prefetch", "object",
    "inner_frame", "inner_empty", "inner_text", "inner_data", "blob_worker", "form_post", "ping", "window",
    "window_link", "window_form",
}  # fmt: skip
HEARD_AFTER_MS = 3000  # what goes out at all has gone out by then


@dataclass(frozen=True, slots=True)
class Scene:
    """The site as one installation serves it, the attacker's course and a neighbour's."""

    site: Product
    home: str
    hostile: Staged
    neighbour: Staged
    is_opaque: bool


@pytest.fixture(scope="module")
def foreign() -> Iterator[Foreign]:
    """The host on which the attacker listens."""
    with listening() as host:
        yield host


@pytest.fixture(scope="module")
def courses(
    site: Product, told: dict[str, Any], foreign: Foreign, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Staged, Staged]:
    """The attacker's course and a neighbour's, with one learner in both."""
    email = next(account["email"] for account in told["accounts"] if account["key"] == "third_student")
    hostile = write_hostile_course(tmp_path_factory.mktemp("hostile"), ATTACK, foreign.host)
    neighbour = write_block_course(tmp_path_factory.mktemp("neighbour"))
    return stage(site, hostile, email), stage(site, neighbour, email)


@pytest.fixture(scope="module", params=["hosts", "opaque"])
def scene(request: pytest.FixtureRequest, site: Product, courses: tuple[Staged, Staged]) -> Iterator[Scene]:
    """Both ways in which blocks are kept apart from the site."""
    blocks = "opaque" if request.param == "opaque" else "{course}.guixue.localhost"
    with also_served(site, "guixue.localhost", blocks) as home:
        yield Scene(site, home, *courses, is_opaque=blocks == "opaque")


@pytest.fixture(scope="module")
def context(browser: Browser, scene: Scene, told: dict[str, Any]) -> Iterator[BrowserContext]:
    """The learner's browser, signed in."""
    context = browser.new_context(base_url=scene.home, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, next(account for account in told["accounts"] if account["key"] == "third_student"))
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, scene: Scene) -> Iterator[Page]:
    """The attacker's unit, open."""
    page = context.new_page()
    open_unit(page, scene)
    yield page
    page.close()


def open_unit(page: Page, scene: Scene) -> None:
    """Open the attacker's unit and wait for its script."""
    page.goto(f"/zh-hans/learn/{scene.hostile.run}/vertical@v1/")
    expect(page.frame_locator("iframe.unit-frame").locator(".block").first).to_be_visible()
    frame_of(page).wait_for_function("() => globalThis.attempts")


def frame_of(page: Page) -> Frame:
    """The frame of the unit."""
    return next(frame for frame in page.frames if "/f/" in frame.url)


@pytest.fixture(scope="module")
def given(context: BrowserContext, scene: Scene, foreign: Foreign) -> dict[str, Any]:
    """What an attacker knows or guesses."""
    page = context.new_page()
    open_unit(page, scene)
    script = frame_of(page).evaluate("() => document.getElementById('own-script').href")
    page.goto(f"/zh-hans/learn/{scene.neighbour.run}/vertical@reading/")
    expect(page.frame_locator("iframe.unit-frame").locator(".block").first).to_be_visible()
    neighbour = frame_of(page)
    file = neighbour.evaluate("() => new URL(document.querySelector('.block-html img').src).pathname")
    address = neighbour.url
    page.close()
    return {
        "site": scene.home,
        "domains": ["guixue.localhost", ".guixue.localhost", "localhost"],
        "block": BLOCK,
        "stranger": 1,
        "own_script": script,
        "own_page": script.split("/a/")[0] + "/worker.js",
        "neighbour": address,
        "neighbour_file": file,
        "foreign_host": foreign.host,
    }


def attack(page: Page, scene: Scene, given: dict[str, Any], kind: str) -> dict[str, str]:
    """Make every attempt of a kind; return what was got. The browser takes each for a deed of the learner."""
    got: dict[str, str] = {}
    for name in frame_of(page).evaluate("kind => attempts[kind]", kind):
        try:
            answer = frame_of(page).evaluate("all => attempt(...all)", [kind, name, given])
        except (Error, StopIteration):  # the attempt has destroyed its own page
            answer = None
            open_unit(page, scene)
        if answer is not None:
            got[name] = answer
    return got


def still_signed_in(page: Page) -> bool:
    """True when the learner's session is as it was."""
    other = page.context.new_page()
    answer = other.goto("/zh-hans/account/")
    found = answer is not None and answer.ok and "/login" not in other.url
    other.close()
    return found


def test_what_a_block_may_do_works(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    got = attack(page, scene, given, "allowed")

    assert got["alive"] == "alive"
    assert got["handler"].startswith("200")
    assert got["own_file"].startswith("200")


def test_nothing_is_read_or_done_in_anothers_place(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    for kind in ("page", "site", "worker"):
        assert attack(page, scene, given, kind) == {}, kind
    # With one hostname, whoever knows the random name of another course's version reads the files of its authors.
    got = attack(page, scene, given, "neighbour")
    read = {name for name, answer in got.items() if not answer.startswith("403")}
    assert read <= ({"file_here"} if scene.is_opaque else set())
    answers = attack(page, scene, given, "handlers")

    assert len(answers) >= 5
    assert all(answer.startswith(("403", "404")) for answer in answers.values()), answers
    assert page.url.endswith("/vertical@v1/")
    assert still_signed_in(page)
    assert set(kept_of(scene.site, scene.hostile.run_id)) <= {"html@h1", BLOCK}  # nothing of another block


def test_cookies_are_neither_read_nor_planted(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    before = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(scene.home)}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(before)

    got = attack(page, scene, given, "cookies")

    assert not got
    after = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(scene.home)}
    assert before.items() <= after.items()
    assert still_signed_in(page)


def test_the_page_stays_where_it_is(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    assert not attack(page, scene, given, "away")

    page.wait_for_timeout(500)
    assert page.url.endswith("/vertical@v1/")
    expect(page.locator("h1")).to_have_text("攻击")


def test_nothing_reaches_a_foreign_host(page: Page, scene: Scene, given: dict[str, Any], foreign: Foreign) -> None:
    foreign.heard.clear()
    opened = len(page.context.pages)

    attack(page, scene, given, "network")
    for name in frame_of(page).evaluate("() => attempts.leaving"):
        open_unit(page, scene)
        with suppress(Error):  # the attempt has destroyed its own page
            frame_of(page).evaluate("all => attempt(...all)", ["leaving", name, given])
        page.wait_for_timeout(500)
    page.wait_for_timeout(HEARD_AFTER_MS)

    assert foreign.heard == []
    assert len(page.context.pages) == opened


def test_the_same_attempts_reach_the_foreign_host_from_an_unprotected_page(browser: Browser, foreign: Foreign) -> None:
    body = f"<!doctype html><body><script>{ATTACK}</script>".encode()
    with listening(body) as unprotected:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://{unprotected.host}/")
        given = {"foreign_host": foreign.host, "own_page": f"http://{unprotected.host}/"}
        foreign.heard.clear()
        for name in page.evaluate("() => attempts.network"):
            with suppress(Error):  # some lead the page itself away
                page.evaluate("all => attempt(...all)", ["network", name, given])
            page.wait_for_timeout(200)
            page.goto(f"http://{unprotected.host}/")
        page.wait_for_timeout(1000)
        context.close()

    assert foreign.paths() >= REACHING, REACHING - foreign.paths()
    assert any(line.startswith("datagram") for line in foreign.heard)  # WebRTC


def test_forged_messages_bring_no_words_and_no_size(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    state = page.locator(".savestate")
    attack(page, scene, given, "messages")

    expect(state).to_have_attribute("data-state", "saved")  # the last message, which is as the page's own frame says it
    assert "EVIL" not in page.content()
    frame = page.locator("iframe.unit-frame")
    assert 100 <= frame.evaluate("frame => frame.clientHeight") <= 200_000
    expect(page.locator("dialog[open]")).to_have_count(0)
    covered = page.evaluate(
        """() => [...document.querySelectorAll("header a, .unit-bar a, .back")].filter(link => {
          link.scrollIntoView({block: "center"});
          const at = link.getBoundingClientRect();
          if (!at.width) return false;
          return document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)?.tagName === "IFRAME";
        }).map(link => link.textContent)"""
    )
    assert covered == []
    assert BLOCK not in json.dumps(page.evaluate("() => ({...localStorage})"))


def test_a_full_store_leaves_the_site_its_own(page: Page, scene: Scene, given: dict[str, Any]) -> None:
    attack(page, scene, given, "storage")

    assert page.evaluate("() => { localStorage.own = 'x'.repeat(100000); return localStorage.own.length }") == 100_000
    page.evaluate("() => localStorage.removeItem('own')")
    page.reload()
    expect(page.locator("h1")).to_have_text("攻击")


def test_a_link_away_shows_its_address_before_it_is_followed(
    page: Page, context: BrowserContext, foreign: Foreign
) -> None:
    foreign.heard.clear()
    page.frame_locator("iframe.unit-frame").locator("#elsewhere").click()
    way = page.locator("dialog[open] a")
    expect(way).to_have_text(f"http://{foreign.host}/followed?told=1")
    assert foreign.heard == []

    with context.expect_page() as opening:
        way.click()
    opening.value.wait_for_load_state()

    assert "followed" in foreign.paths()
    assert opening.value.evaluate("() => [window.opener, document.referrer]") == [None, ""]
    expect(page.locator("dialog[open]")).to_have_count(0)
    opening.value.close()
