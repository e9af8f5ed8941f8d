"""An author makes a unit from nothing, looks at it and publishes it; a learner opens it on a phone and answers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.browser.product import ROOT, Product
from tests.browser.session import at_rest
from tests.browser.stage import stage_empty

pytestmark = pytest.mark.browser
STATIC = ROOT / "courses" / "content" / "demo" / "static"


def add(page: Page, word: str, **values: str) -> None:
    """Choose what to add to the unit and fill in its form; the page is the unit's afterwards."""
    page.get_by_role("link", name=word, exact=True).click()
    for name, value in values.items():
        page.locator(f"main [name={name.replace('__', '-')}]").fill(value)


def save(page: Page) -> None:
    """Save what the form says in the draft."""
    page.get_by_role("button", name="存入草稿").click()
    expect(page.locator(".notice-ok")).to_be_visible()


def make(page: Page) -> None:
    """Make section, subsection and unit, and in it a video with captions, two questions and a poll."""
    for word, name in (("新建章", "第一章"), ("新建节", "第一节"), ("新建单元", "平均数")):
        page.get_by_role("link", name=word).first.click()
        page.locator("main [name=name]").fill(name)
        page.get_by_role("button", name="加在末尾").click()
    page.wait_for_url("**/draft/unit/**")
    add(page, "视频", name="导言视频")
    page.locator("[name=upload]").set_input_files(STATIC / "axis-trick.mp4")
    page.locator("[name=captions]").set_input_files(STATIC / "axis-trick-zh.srt")
    save(page)
    add(page, "单选题", question="哪个数更大？", c__0__text="二", c__1__text="一", c__0__feedback="对，二大于一")
    page.locator("[name=c-0-correct]").check()
    save(page)
    add(page, "数值题", question="一加一等于几？", answer="2", tolerance="0.1")
    save(page)
    add(page, "投票", question="你喜欢统计吗？", answers="喜欢\n一般")
    save(page)


def test_from_nothing_to_an_answer_on_a_phone(
    site: Product, browser: Browser, told: dict[str, Any], pass_of: Callable[[str], StorageState | None]
) -> None:
    emails = {account["key"]: account["email"] for account in told["accounts"]}
    staged = stage_empty(site, emails["author"], emails["third_student"])
    context = browser.new_context(viewport=DESKTOP, base_url=site.address, storage_state=pass_of("author"))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"/zh-hans/teach/content/{staged['course']}/draft/")
    page.get_by_role("button", name="从空白课程开始").click()
    make(page)

    with page.expect_navigation():
        page.get_by_role("link", name="以学习者身份预览").click()
    at_rest(page)
    shown = page.frame_locator("iframe.unit-frame")
    expect(shown.locator("video track")).to_have_count(1)
    shown.locator(".block-problem").nth(1).locator("input[type=text]").fill("2.05")
    shown.locator(".block-problem").nth(1).locator("button.submit").click()
    expect(shown.locator(".block-problem").nth(1).locator(".status.correct")).to_be_visible()

    page.goto(f"/zh-hans/teach/content/{staged['course']}/draft/publish/")
    page.locator("[name=note]").fill("第一次发布")
    page.get_by_role("button", name="送审", exact=True).click()
    expect(page.locator("main")).to_contain_text("正在审核")
    context.close()

    context = browser.new_context(viewport=DESKTOP, base_url=site.address, storage_state=pass_of("host_registrar"))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/zh-hans/teach/approvals/")
    page.get_by_role("row").filter(has_text="第一次发布").get_by_role("link").click()
    page.get_by_role("link", name="以学习者身份查看").click()
    expect(page.frame_locator("iframe.unit-frame").locator(".block-poll")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator(".notice-ok")).to_contain_text("学习者已能看到")
    context.close()

    context = browser.new_context(viewport=PHONE, base_url=site.address, storage_state=pass_of("third_student"))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"/zh-hans/learn/{staged['run']}/")
    with page.expect_navigation():  # with its frame and the frame's script
        page.get_by_role("link", name="平均数").first.click()
    at_rest(page)
    unit = page.frame_locator("iframe.unit-frame")
    question = unit.locator(".block-problem").first
    expect(question.locator(".status.correct")).to_have_count(0)  # the author's answers were not kept
    question.get_by_text("二", exact=True).click()
    question.locator("button.submit").click()
    expect(question.locator(".verdict-correct")).to_be_visible()
    expect(question).to_contain_text("对，二大于一")
    poll = unit.locator(".block-poll")
    poll.get_by_text("喜欢", exact=True).click()
    poll.locator("button[type=submit]").click()
    expect(poll).to_contain_text("100%")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
