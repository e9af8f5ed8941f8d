"""Files beside an answer in own words, in a real browser on a telephone: attached, read, taken out, handed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, FrameLocator, Page, ViewportSize, expect

from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.product import Product
from tests.browser.tasks import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Browser, site: Product, pass_of: Callable[[str], Any]) -> Iterator[BrowserContext]:
    """The writer's browser on a telephone."""
    size: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
    context = browser.new_context(viewport=size, base_url=site.address, storage_state=pass_of("writer"))
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def opened(page: Page, told: dict[str, Any], state: str) -> FrameLocator:
    page.goto(f"/zh-hans/learn/{told['task_run']}/vertical@{state}/")
    frame = page.frame_locator("iframe.unit-frame")
    expect(frame.locator(".block").first).to_be_visible()
    return frame


def test_a_file_is_attached_read_taken_out_and_what_is_written_stays(page: Page, told: dict[str, Any]) -> None:
    frame = opened(page, told, "files-new")
    frame.locator("textarea").first.fill("写到一半的话")
    frame.locator("[type=file]").set_input_files({"name": "图.png", "mimeType": "image/png", "buffer": picture()})
    frame.locator("[name=description]").fill("我的图")
    frame.locator("[data-act=attach_file]").click()

    expect(frame.locator(".files li")).to_have_count(1)
    expect(frame.locator(".files")).to_contain_text("我的图")
    expect(frame.locator("textarea").first).to_have_value("写到一半的话")
    expect(frame.locator(".files img")).to_have_js_property("naturalWidth", 600)
    with page.expect_download() as waiting:
        frame.get_by_role("link", name="图.png").last.click()
    assert waiting.value.suggested_filename == "图.png"

    wrong: FilePayload = {"name": "图.pdf", "mimeType": "application/pdf", "buffer": b"MZ no document"}
    frame.locator("[type=file]").set_input_files(wrong)
    frame.locator("[data-act=attach_file]").click()
    expect(frame.locator(".block-alert")).to_contain_text("扩展名")
    expect(frame.locator(".files li")).to_have_count(1)
    frame.locator("[data-act=detach_file]").click()
    expect(frame.locator(".files li")).to_have_count(0)
    expect(frame.locator("textarea").first).to_have_value("写到一半的话")


def test_a_chosen_file_goes_with_the_answer_also_when_nobody_pressed_attach(page: Page, told: dict[str, Any]) -> None:
    frame = opened(page, told, "files-new")
    frame.locator("textarea").first.fill("写完了")
    document: FilePayload = {"name": "数据.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    frame.locator("[type=file]").set_input_files(document)
    frame.locator(".btn-answer").click()

    expect(frame.locator(".way .way-now")).to_contain_text("自评")
    expect(opened(page, told, "files-new").locator(".files")).to_contain_text("数据.pdf")
