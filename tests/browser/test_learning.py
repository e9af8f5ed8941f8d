"""A learner studies a unit in a real browser: answers, votes, watches, and finds it all again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.session import at_rest

pytestmark = pytest.mark.browser
CHARTS = "vertical@u12b-charts"  # text, a video, an annotated text, a dropdown, a word cloud
QUIZ = "vertical@u13-check"  # multiple choice, number, ticks, dropdown
WRAP_UP = "vertical@u22c-wrap"  # a survey and a mark


@pytest.fixture
def learner(page: Page, told: dict[str, Any], pass_of: Callable[[str], Any]) -> Page:
    """A learner with a place in the run that is being taught; the first test takes it on the course page."""
    page.context.add_cookies(pass_of("third_student")["cookies"])
    page.goto(told["course_zh"])
    enrol = page.locator(f'form[action*="{told["open_run"]}/enrol/"] button[type=submit]')
    if enrol.count():
        with page.expect_navigation():
            enrol.first.click()
    return page


def open_unit(page: Page, told: dict[str, Any], unit: str) -> FrameLocator:
    """Open a unit of the run and wait for its blocks."""
    page.goto(f"/zh-hans/learn/{told['open_run']}/{unit}/")
    frame = page.frame_locator("iframe.unit-frame")
    expect(frame.locator(".block").first).to_be_visible()
    at_rest(page)
    return frame


def test_an_answer_is_checked_and_still_there_after_a_reload(learner: Page, told: dict[str, Any]) -> None:
    problem = open_unit(learner, told, QUIZ).locator(".block-problem").nth(1)
    problem.locator("input[type=text]").fill("70")
    problem.locator("button.submit").click()

    expect(problem.locator(".verdict-correct")).to_be_visible()
    expect(learner.locator(".savestate")).to_have_attribute("data-state", "saved")
    again = open_unit(learner, told, QUIZ).locator(".block-problem").nth(1)
    expect(again.locator("input[type=text]")).to_have_value("70")
    expect(again.locator(".status.correct")).to_be_visible()


def test_a_video_is_found_where_it_was_left(learner: Page, told: dict[str, Any]) -> None:
    second = 9 if learner.viewport_size == PHONE else 6  # the same person comes twice: leave it elsewhere
    video = open_unit(learner, told, CHARTS).locator("video")
    with learner.expect_response(lambda response: "save_user_state" in response.url):
        video.evaluate(
            "async (v, second) => { v.muted = true; await v.play(); v.currentTime = second; v.pause(); }", second
        )

    again = open_unit(learner, told, CHARTS)
    expect(again.locator("[data-video-resume]")).to_contain_text(f"0:0{second}")
    again.locator("video").evaluate("async v => { v.muted = true; await v.play(); v.pause(); }")
    assert abs(again.locator("video").evaluate("v => v.currentTime") - second) < 0.9


def test_a_mark_is_set_and_words_are_sent(learner: Page, told: dict[str, Any]) -> None:
    done = open_unit(learner, told, WRAP_UP).locator(".block-done")
    if done.locator("input[name=done][value=true]").count():
        done.locator("button").click()
    expect(done.locator(".done-mark")).to_be_visible()

    cloud = open_unit(learner, told, CHARTS).locator(".block-word_cloud")
    if cloud.locator("input[type=text]").count():
        cloud.locator("input[type=text]").first.fill("图表")
        cloud.locator("button[type=submit]").click()
    expect(cloud.locator(".cloud")).to_contain_text("图表")


def test_the_frame_gets_no_cookie_and_asks_no_foreign_host(
    learner: Page, context: BrowserContext, told: dict[str, Any]
) -> None:
    asked: list[str] = []
    cookies: list[str] = []
    learner.on("request", lambda request: asked.append(request.url))
    learner.on("request", lambda request: cookies.extend(request.headers.get("cookie", "") and [request.url]))
    frame = open_unit(learner, told, CHARTS)

    assert frame.locator("body").evaluate("() => document.cookie") == ""
    hosts = {url.split("/")[2].split(":")[0] for url in asked if url.startswith("http")}
    assert all(host == "localhost" or host.endswith(".blocks.localhost") for host in hosts)
    assert not [url for url in cookies if ".blocks.localhost" in url]
    assert all(".blocks." not in cookie["domain"] for cookie in context.cookies())
