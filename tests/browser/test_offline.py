"""A learner on a phone loses the network in a unit: reads on, answers, and the answer counts once when it is back."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Response, Route, ViewportSize, expect

from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.product import Product
from tests.browser.session import sign_in
from tests.browser.stage import also_served
from tests.browser.test_learning import QUIZ, open_unit

pytestmark = pytest.mark.browser
READING = "vertical@u11b-mean-median"


@pytest.fixture(scope="module")
def address(site: Product) -> Iterator[str]:
    """The site with courses under its own domain, as it is installed: browsers let strangers' frames store nothing."""
    with also_served(site, "guixue.localhost", "{course}.guixue.localhost") as home:
        yield home


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh phone."""
    context = browser.new_context(
        viewport=ViewportSize(width=PHONE["width"], height=PHONE["height"]), base_url=address, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def learner(phone: BrowserContext, told: dict[str, Any]) -> Page:
    """A learner with a place in the run that is being taught."""
    page = phone.new_page()
    sign_in(page, next(account for account in told["accounts"] if account["key"] == "third_student"))
    page.goto(told["course_zh"])
    enrol = page.locator(f'form[action*="{told["open_run"]}/enrol/"] button[type=submit]')
    if enrol.count():
        with page.expect_navigation():
            enrol.first.click()
    return page


def frame_of(page: Page) -> Frame:
    """The frame of the unit on the page."""
    return next(frame for frame in page.frames if "/f/" in frame.url)


def kept(page: Page, unit: str) -> None:
    """Wait until the device has the page, the frame of a unit and the frame's script."""
    has = "async ([name, part]) => (await (await caches.open(name)).keys()).some(key => key.url.includes(part))"
    frame = frame_of(page)
    wanted = [(page.main_frame, "guixue-learn", unit), (frame, "guixue-unit", "/f/?u="), (frame, "guixue-unit", ".js")]
    deadline = time.monotonic() + 90
    while not all(place.evaluate(has, [name, part]) for place, name, part in wanted):
        assert time.monotonic() < deadline, "the device did not keep the unit"
        page.wait_for_timeout(200)


def test_an_answer_given_without_a_network_is_graded_once_when_it_is_back(
    learner: Page, phone: BrowserContext, told: dict[str, Any]
) -> None:
    open_unit(learner, told, QUIZ)
    kept(learner, QUIZ)

    phone.set_offline(True)
    learner.reload()
    frame = learner.frame_locator("iframe.unit-frame")
    expect(frame.locator("body[data-stored]")).to_be_visible(timeout=15_000)
    problem = frame.locator(".block-problem").nth(3)
    problem.locator("select").select_option(index=1)
    problem.locator("button.submit").click()
    expect(problem.locator(".block-alert")).to_contain_text("保存在本机")
    learner.reload()
    expect(problem.locator("button.submit")).to_be_disabled()
    expect(problem.locator(".block-alert")).to_contain_text("保存在本机")
    expect(learner.locator(".savestate")).to_contain_text("1")

    sent: list[dict[str, Any]] = []

    def note(answer: Response) -> None:
        if "/s/" in answer.url:
            sent.append(answer.json())

    phone.on("response", note)
    phone.set_offline(False)
    frame.locator("body").evaluate("() => dispatchEvent(new Event('online'))")
    expect(problem.locator(".notification-submit")).to_be_visible()
    expect(problem.locator(".block-alert")).to_be_hidden()
    assert [result["status"] for answer in sent for result in answer["results"] if result["reply"]] == ["taken"]
    learner.reload()
    again = learner.frame_locator("iframe.unit-frame").locator(".block-problem").nth(3)
    expect(again.locator(".status")).not_to_have_class("unanswered")
    expect(again.locator("select")).not_to_have_value("")


def test_a_course_is_taken_along_read_without_a_network_and_gone_after_signing_out(
    learner: Page, phone: BrowserContext, told: dict[str, Any]
) -> None:
    held: list[Route] = []
    learner.route("**/take_along_controller*.js", lambda route: held.append(route))
    with learner.expect_request("**/take_along_controller*.js"):
        learner.goto(f"/zh-hans/learn/{told['open_run']}/offline/", wait_until="commit")
    expect(learner.locator("main h2").first).to_contain_text("MB")
    store = learner.get_by_role("button", name="把课程存到本机")
    expect(store).to_be_disabled()  # pressed while its script is on its way, it would do nothing
    held[0].continue_()
    store.click()
    expect(learner.locator("[data-courses--take-along-target=state]")).to_contain_text("已存")

    phone.set_offline(True)
    learner.goto(f"/zh-hans/learn/{told['open_run']}/{READING}/")
    frame = learner.frame_locator("iframe.unit-frame")
    expect(frame.locator("body[data-stored] .block").first).to_be_visible()
    learner.goto(f"/zh-hans/learn/{told['open_run']}/no-such-unit/")
    expect(learner.locator("h1")).to_have_text("存在本机的内容")

    phone.set_offline(False)
    learner.goto(f"/zh-hans/learn/{told['open_run']}/{READING}/")
    assert frame_of(learner).evaluate("async () => (await caches.keys()).length") == 1
    learner.goto("/zh-hans/account/logout/")
    learner.locator("main button[type=submit]").click()
    learner.wait_for_url(lambda address: "logout" not in address)
    left = "async () => [(await caches.keys()).includes('guixue-learn'), localStorage['guixue-stored'] ?? '']"
    assert learner.evaluate(left) == [False, ""]
    learner.goto(learner.url.split("/zh-hans")[0].replace("://guixue", "://statistics.guixue") + "/forget/")
    assert learner.evaluate("async () => (await caches.keys()).length") == 0
