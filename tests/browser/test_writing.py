"""An author writes a text as it will look: with the keyboard, with pictures, links and tables; nothing gets lost."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser import checks
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.browser.product import ROOT, Product

pytestmark = pytest.mark.browser
STATIC = ROOT / "courses" / "content" / "demo" / "static"
PICTURE = next(iter(sorted(STATIC.glob("*.png"))), None)
UNIT = "vertical@u13-check"
WORD = """<html xmlns:o="urn:o"><body><p class=MsoNormal style='color:red'><b>粗</b><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p></body></html>"""

COPY = """async (html) => navigator.clipboard.write([new ClipboardItem({
    "text/html": new Blob([html], {type: "text/html"}), "text/plain": new Blob(["粗 甲"], {type: "text/plain"})})])"""

EXPECTED = (
    "Applying inline style",  # Chromium says so of a style in HTML that is only read, never shown
    "Failed to load resource: the server responded with a status of 400",  # a file that was refused, on purpose
)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["390", "1280"])
def page(
    request: pytest.FixtureRequest, browser: Browser, site: Product, pass_of: Callable[[str], StorageState | None]
) -> Iterator[Page]:
    """An author's tab at either width; a policy that was broken or a script that failed is a failure."""
    context = browser.new_context(
        viewport=request.param,
        base_url=site.address,
        storage_state=pass_of("author"),
        has_touch=request.param is PHONE,
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert [fault for fault in faults if not fault.startswith(EXPECTED)] == []


@pytest.fixture
def draft(told: dict[str, Any]) -> str:
    return f"/zh-hans/teach/content/{told['course_uuid']}/draft"


def new_text(page: Page, draft: str) -> Any:
    page.goto(f"{draft}/new/?to={UNIT}&kind=text")
    text = page.locator(".rich-text")
    expect(text).to_be_visible()
    expect(page.get_by_role("textbox", name="正文")).to_have_count(1)  # it has the label; the textarea is hidden
    return text


def written(page: Page) -> str:
    return page.locator("textarea[name=text]").input_value()


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def test_a_text_is_written_with_the_keyboard_alone(page: Page, draft: str) -> None:
    text = new_text(page, draft)
    text.press_sequentially("标题一")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="标题", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("粗")
    page.keyboard.press("Control+b")
    page.keyboard.type("细")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("a < b")
    assert written(page) == "<h3>标题一</h3>\n<p><strong>粗</strong>细<br>a &lt; b</p>"
    page.keyboard.press("Tab")  # does not stay caught in the text
    expect(text).not_to_be_focused()
    page.get_by_role("button", name="存入草稿").click()
    expect(page.locator(".notice-ok")).to_be_visible()


def test_a_text_with_nothing_in_it_is_asked_for(page: Page, draft: str) -> None:
    text = new_text(page, draft)
    text.press_sequentially("字")
    page.keyboard.press("Backspace")
    assert written(page) == ""
    page.get_by_role("button", name="存入草稿").click()
    page.get_by_role("alert").get_by_role("link", name="填写：正文").click()
    expect(page.locator(".rich-text")).to_be_focused()  # the list of errors leads into the text


def test_lists_links_and_tables(page: Page, draft: str) -> None:
    text = new_text(page, draft)
    text.press_sequentially("甲")
    choose(page, "列表")
    page.keyboard.press("Enter")
    page.keyboard.type("乙")
    choose(page, "缩进")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    choose(page, "链接")
    dialog = page.get_by_role("dialog", name="链接")
    expect(dialog.get_by_role("listitem").first).to_be_visible()  # the units move the button down when they come
    dialog.get_by_role("button", name="加上链接").click()
    expect(dialog.get_by_role("alert")).to_contain_text("填写网址")
    dialog.get_by_role("searchbox").fill("平均数")
    dialog.get_by_role("listitem").get_by_role("button").first.click()
    address = dialog.get_by_label("网址").input_value()
    assert address.startswith("/jump_to_id/")
    dialog.get_by_label("链接上的文字").fill("看这里")
    dialog.get_by_role("button", name="加上链接").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("Enter")
    choose(page, "表格")
    dialog = page.get_by_role("dialog", name="表格")
    dialog.get_by_label("行数").fill("1")
    dialog.get_by_label("列数").fill("2")
    dialog.get_by_label("表格标题").fill("表一")
    dialog.get_by_role("button", name="插入表格").click()
    page.keyboard.type("子")
    page.keyboard.press("Tab")
    page.keyboard.type("丑")
    choose(page, "加一行")
    assert re.sub(r"\n", "", written(page)) == (
        "<ul><li>甲<ul><li>乙</li></ul></li></ul>"
        f'<p><a href="{address}">看这里</a></p>'
        '<table><caption>表一</caption><thead><tr><th scope="col">子</th><th scope="col">丑</th></tr></thead>'
        "<tbody><tr><td></td><td></td></tr><tr><td></td><td></td></tr></tbody></table>"
    )
    assert checks.cut_off(page) == []
    page.once("dialog", lambda asked: asked.accept())  # leaving what was not saved


def test_pictures_are_uploaded_described_and_seen(page: Page, draft: str) -> None:
    assert PICTURE is not None
    text = new_text(page, draft)
    text.press_sequentially("图：")
    choose(page, "图片")
    dialog = page.get_by_role("dialog", name="图片")
    dialog.get_by_label("上传图片").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"not a picture"}
    )
    expect(dialog.get_by_role("alert")).to_contain_text("不是")
    dialog.get_by_label("上传图片").set_input_files(
        {"name": "看 图.png", "mimeType": "image/png", "buffer": PICTURE.read_bytes()}
    )
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(1)
    dialog.get_by_role("button", name="插入图片").click()
    expect(dialog.get_by_role("alert")).to_contain_text("写一句话说明图片内容")
    dialog.get_by_label("图片的文字说明").fill("一张图")
    dialog.get_by_role("button", name="插入图片").click()
    shown = text.get_by_role("img", name="一张图")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("picture => picture.naturalWidth") > 0
    assert re.fullmatch(r'<p>图：<img src="/static/看-图(-\d+)?\.png" alt="一张图"></p>', written(page))
    shown.dblclick()
    dialog.get_by_label("仅作装饰，不含内容").check()
    dialog.get_by_role("button", name="插入图片").click()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile('alt=""'))
    page.get_by_role("button", name="保存并预览").click()
    frame = page.frame_locator("iframe.unit-frame")
    expect(frame.locator(".block-html img").last).to_have_js_property("complete", value=True)


def test_what_is_pasted_from_word_is_cleaned(page: Page, draft: str) -> None:
    text = new_text(page, draft)
    text.click()
    page.evaluate(COPY, WORD)
    page.keyboard.press("Control+v")
    expect(text).to_contain_text("甲")
    kept = re.sub(r"\n", "", written(page))
    assert "<strong>粗</strong>" in kept
    assert "<ol><li>" in kept
    assert not re.search(r"style|class|mso|o:p", kept)


def test_a_text_that_would_lose_something_opens_as_html_and_says_why(page: Page, draft: str) -> None:
    text = new_text(page, draft)
    text.press_sequentially("文")
    choose_mode = page.get_by_role("group", name="书写方式")
    choose_mode.get_by_role("button", name="HTML").click()
    area = page.locator("textarea[name=text]")
    expect(area).to_be_visible()
    uneven = "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>"
    area.fill(uneven)
    choose_mode.get_by_role("button", name="可视编辑").click()
    expect(page.get_by_role("status").filter(has_text="各行格数不同")).to_be_visible()
    expect(area).to_be_visible()
    assert area.input_value() == uneven
    kept = '<!-- 注 --><div class="x"><iframe src="https://example.cn/"></iframe><p style="color:red">文</p></div>'
    area.fill(kept)
    choose_mode.get_by_role("button", name="可视编辑").click()
    expect(text).to_contain_text("原样保留 <iframe>")
    assert written(page) == kept  # not a character changes before the author changes something
    text.get_by_text("文", exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type("字")
    assert re.sub(r"\n", "", written(page)) == kept.replace("文", "文字")


def test_the_editor_passes_the_checks_in_both_themes(page: Page, draft: str) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        text = new_text(page, draft)
        text.click()
        choose(page, "列表")
        assert checks.cut_off(page) == []
        assert checks.small_targets(page) == []
        assert len(checks.filled_buttons(page)) == 1
        for name in ("链接", "图片", "表格"):
            choose(page, name)
            dialog = page.get_by_role("dialog", name=name)
            expect(dialog).to_be_visible()
            assert checks.axe_violations(page) == []
            page.keyboard.press("Escape")
            expect(text).to_be_focused()
        page.get_by_role("button", name="存入草稿").click()
