"""A learner works through every kind of block in a real browser: does it, is told so, and finds it again."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Request, Route, ViewportSize, expect

import courses.content
from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.product import Product
from tests.browser.session import at_rest
from tests.browser.stage import Staged, stage
from tests.factories.block_course import write_block_course

pytestmark = pytest.mark.browser
FILM = Path(courses.content.__file__).parent / "demo" / "static" / "mean-median.mp4"


@pytest.fixture(scope="module")
def staged(site: Product, told: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The course of every block on the product, with one learner in it."""
    folder = write_block_course(tmp_path_factory.mktemp("blocks"))
    shutil.copy(FILM, folder / "static" / "film.mp4")
    email = next(account["email"] for account in told["accounts"] if account["key"] == "third_student")
    return stage(site, folder, email)


@pytest.fixture
def context(browser: Browser, site: Product, pass_of: Callable[[str], Any]) -> Iterator[BrowserContext]:
    """The learner's browser on a telephone; the layout at other widths is other tests' matter."""
    state = pass_of("third_student")
    size: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
    context = browser.new_context(viewport=size, base_url=site.address, locale="zh-CN", storage_state=state)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def unit(page: Page, staged: Staged) -> Callable[[str], FrameLocator]:
    """Open a unit of the course and wait for its blocks; errors of its scripts fail the test."""

    def opened(name: str) -> FrameLocator:
        page.goto(f"/zh-hans/learn/{staged.run}/vertical@{name}/")
        frame = page.frame_locator("iframe.unit-frame")
        expect(frame.locator(".block").first).to_be_visible()
        at_rest(page)
        return frame

    return opened


@pytest.fixture
def recorded(site: Product, staged: Staged) -> Callable[[str], list[str]]:
    """Ask the product what it recorded of a block: points earned, points possible, completion."""

    def asked(usage_id: str) -> list[str]:
        told: list[str] = site.ask("staging.recorded", staged.run_id, usage_id)
        return told

    return asked


type Opened = Callable[[str], FrameLocator]


def test_a_note_opens_below_its_line_and_a_document_has_an_address(unit: Opened) -> None:
    frame = unit("reading")

    frame.locator(".note-mark").click()

    expect(frame.locator(".note")).to_have_text("TThe note.")
    expect(frame.locator(".block-html img")).to_have_js_property("naturalWidth", 200)
    expect(frame.locator(".block-pdf a").first).to_have_attribute("href", "/a/" + _tail(frame, ".block-pdf a"))


def _tail(frame: FrameLocator, selector: str) -> str:
    return (frame.locator(selector).first.get_attribute("href") or "").removeprefix("/a/")


def test_choices_are_checked_and_kept(unit: Opened) -> None:
    frame = unit("choices")
    one, ticks, drop = (frame.locator(".block-problem").nth(number) for number in range(3))

    one.get_by_label("4").check()
    one.locator("button.submit").click()
    expect(one.locator(".verdict-correct")).to_be_visible()
    ticks.get_by_label("2").check()
    ticks.locator("button.submit").click()
    expect(ticks.locator(".verdict-incorrect")).to_be_visible()
    drop.locator("select").select_option(label="1")
    drop.locator("button.submit").click()
    expect(drop.locator(".verdict-correct")).to_be_visible()

    again = unit("choices")
    expect(again.locator(".block-problem").nth(0).get_by_label("4")).to_be_checked()
    expect(again.locator(".block-problem").nth(1).get_by_label("2")).to_be_checked()


def test_numbers_words_and_formulas_are_checked(unit: Opened) -> None:
    frame = unit("written")
    for number, answer in enumerate(("70", "中位数", "x+x")):
        problem = frame.locator(".block-problem").nth(number)
        problem.locator("input[type=text]").fill(answer)
        problem.locator("button.submit").click()
        expect(problem.locator(".verdict-correct")).to_be_visible()


def test_a_place_in_a_picture_is_chosen_by_tap_and_by_key(unit: Opened) -> None:
    frame = unit("image")
    problem = frame.locator(".block-problem")

    problem.locator("[data-image-map]").click(position={"x": 150, "y": 80})
    problem.locator("button.submit").click()
    expect(problem.locator(".verdict-incorrect")).to_be_visible()
    for key in ["ArrowLeft"] * 11 + ["ArrowUp"] * 4:
        problem.locator("[data-image-map]").press(key)
    problem.locator("button.submit").click()

    expect(problem.locator(".verdict-correct")).to_be_visible()
    expect(problem.locator(".image-map-mark")).to_be_visible()


def test_polls_surveys_and_words_are_counted(unit: Opened) -> None:
    frame = unit("voices")
    for block, choice in (("poll_question", "Yes"), ("poll", "柱形")):
        frame.locator(f".block-{block}").get_by_label(choice).check()
        frame.locator(f".block-{block} button[type=submit]").click()
        expect(frame.locator(f".block-{block} .bars")).to_be_visible()
    frame.locator(".block-survey").get_by_label("快").check()
    frame.locator(".block-survey button[type=submit]").click()
    frame.locator(".block-word_cloud input").first.fill("图表")
    frame.locator(".block-word_cloud button[type=submit]").click()

    expect(frame.locator(".block-survey .bars")).to_be_visible()
    expect(unit("voices").locator(".cloud")).to_contain_text("图表")


def test_an_answer_in_own_words_and_a_mark(unit: Opened) -> None:
    frame = unit("own-words")

    frame.locator("textarea").fill("站在中间的那个数")
    frame.locator(".block-freetextresponse button[type=submit]").first.click()
    expect(frame.locator(".block-freetextresponse")).to_contain_text("2/2")
    frame.locator(".block-done button").click()

    expect(frame.locator(".done-mark")).to_be_visible()


def test_an_answer_is_written_judged_by_oneself_and_worth_points(unit: Opened) -> None:
    frame = unit("task")
    task = frame.locator(".block-openassessment")
    frame.locator("textarea").fill("一个大数改不了它。")
    frame.locator("[data-act=save_submission]").click()
    expect(task).to_contain_text("已保存的草稿")
    expect(unit("task").locator("textarea")).to_have_value("一个大数改不了它。")

    frame.locator("button.btn-answer").click()
    expect(task.locator(".letter").first).to_have_text("一个大数改不了它。")
    frame.locator("button.btn-answer").click()  # nothing chosen: the browser asks for it
    frame.get_by_label("说清了").check()
    frame.locator("button.btn-answer").click()

    expect(task.locator(".result")).to_contain_text("3/3")
    expect(unit("task").locator(".result")).to_contain_text("3/3")


def test_items_are_dragged_by_keyboard(unit: Opened) -> None:
    frame = unit("dragging")

    frame.locator(".item-bank .option").first.press("Enter")
    frame.locator(".zone").first.press("Enter")

    expect(frame.locator(".zone").first.locator(".option")).to_have_count(1)
    expect(unit("dragging").locator(".zone").first.locator(".option")).to_have_count(1)


def test_each_learner_meets_what_was_chosen_and_meets_it_again(unit: Opened) -> None:
    first = _texts(unit("chosen"))

    assert len(first) == 3
    for drawn, pool in zip(first, ({"抽到甲", "抽到乙"}, {"随机甲", "随机乙"}, {"甲组", "乙组"}), strict=True):
        assert drawn in pool
    assert _texts(unit("chosen")) == first


def _texts(frame: FrameLocator) -> list[str]:
    return frame.locator(".block-html .block-body").all_inner_texts()


def test_what_waits_for_an_answer_opens_with_it(unit: Opened) -> None:
    frame = unit("waiting")
    expect(frame.locator("body")).to_contain_text("先答对上一题。")
    expect(frame.locator(".block-html")).to_have_count(0)

    frame.locator(".block-problem").get_by_label("2").check()
    frame.locator(".block-problem button.submit").click()
    expect(frame.locator(".verdict-correct")).to_be_visible()

    expect(unit("waiting").locator(".block-html")).to_have_text("这里打开了")


def test_a_block_that_fails_leaves_a_calm_panel_and_the_others_work(unit: Opened, page: Page) -> None:
    frame = unit("broken")

    panel = frame.locator("[data-block='problem@p-script']")
    expect(panel.locator(".notice-warn")).to_be_visible()
    expect(panel).not_to_contain_text("Python")  # why is told to authors
    expect(frame.locator(".block-html")).to_have_text("别的部分照常")
    expect(page.locator("main a", has_text="本单元的讨论")).to_be_visible()
    frame.locator(".block-done button").click()
    expect(frame.locator(".done-mark")).to_be_visible()


def test_acid_finds_nothing_wrong_with_our_page(unit: Opened) -> None:
    frame = unit("acid")

    expect(frame.locator(".js-init-run .pass")).to_have_count(1)
    expect(frame.locator(".local-resource-test .pass")).to_have_count(1)
    expect(frame.locator(".scope-storage-test .pass")).to_have_count(4 * 4)
    assert frame.locator(".fail, .error").count() == 0


def test_a_mentoring_block_takes_answers_and_recalls_them(unit: Opened) -> None:
    frame = unit("mentoring")
    first = frame.locator("[data-block='problem-builder@b1']")

    first.locator("textarea").fill("读懂图表")
    first.get_by_label("柱形").check()
    first.locator("input.input-main").click()

    expect(first.locator(".messages")).to_contain_text("做得好")
    again = unit("mentoring")
    expect(again.locator("[data-block='problem-builder@b1'] textarea")).to_have_value("读懂图表")
    expect(again.locator("[data-block='problem-builder@b2']")).to_contain_text("读懂图表")


def test_a_package_finds_its_interface_and_reports(unit: Opened, recorded: Callable[[str], list[str]]) -> None:
    frame = unit("package")
    inside = frame.frame_locator("iframe.scorm-frame")
    expect(inside.locator("#who")).to_contain_text("status not attempted")

    inside.locator("button").click()
    expect(frame.locator("[data-scorm-state]")).to_have_text("已保存")

    again = unit("package").frame_locator("iframe.scorm-frame")
    expect(again.locator("#who")).to_contain_text("status passed")
    assert recorded("scorm@k1") == ["1.6", "2", "1"]


def test_a_tool_is_opened_with_a_signature_and_without_a_name(
    unit: Opened, page: Page, context: BrowserContext
) -> None:
    posted: list[Request] = []

    def tool(route: Route, request: Request) -> None:
        posted.append(request)
        route.fulfill(body="<h1>the tool</h1>", content_type="text/html")

    context.route("http://localhost:9/launch", tool)
    context.route("http://localhost:9/older", tool)
    frame = unit("tool")
    for block in ("lti_consumer", "lti"):
        with context.expect_page() as opening:
            frame.locator(f".block-{block} a.btn-answer").click()
        expect(opening.value.locator("h1")).to_have_text("the tool")

    assert [request.url.rpartition("/")[2] for request in posted] == ["launch", "older"]
    assert "oauth_signature=" in (posted[1].post_data or "")
    sent = posted[0].post_data or ""
    assert "oauth_signature=" in sent
    assert "custom_chapter=2" in sent
    assert "lis_outcome_service_url=" in sent
    assert "third%40" not in sent
    assert "lis_person" not in sent
    assert "cookie" not in json.dumps(posted[0].headers).lower()
