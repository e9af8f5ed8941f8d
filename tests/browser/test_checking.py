"""The check page in a browser: without a network, from a stick, with a camera, and against look-alikes."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from playwright.sync_api import Error as BrowserError
from qrcodegen import QrCode, QrSegment

from credits.checking import public_views, trust
from tests.browser.checker import Checker
from tests.browser.conftest import CHROMIUM_ARGUMENTS, PATIENCE, chromium_path

pytestmark = [pytest.mark.browser]
READY = "html[data-check-ready]"
RESULT = "#check-result > [data-outcome]"
KEPT = "html[data-check-kept]"


@pytest.fixture
def checker() -> Iterator[Checker]:
    host = Checker()
    yield host
    host.stop()


@pytest.fixture
def profile(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def outcome(page: Page) -> str:
    page.wait_for_selector(RESULT)
    return str(page.get_attribute(RESULT, "data-outcome"))


def visited(profile: BrowserContext, checker: Checker) -> Page:
    page = profile.new_page()
    page.goto(f"{checker.origin}/check/offline/")
    page.wait_for_selector(READY)
    page.wait_for_selector(KEPT)
    return page


def paste(page: Page, text: str) -> None:
    page.evaluate("document.querySelector('#check-result').replaceChildren()")
    page.fill("#check-given", text)
    page.click("#check-text button")


def test_after_one_visit_the_printed_address_is_checked_without_a_network(
    profile: BrowserContext, checker: Checker
) -> None:
    page = visited(profile, checker)
    checker.stop()
    page.goto(checker.code)
    assert outcome(page) == "valid"
    shown = page.inner_text("#check-result")
    for said in (
        "有效",
        "阿依努尔·买买提",
        "桂林电子科技大学",
        "10595 2026 00123456",
        "见证人：3 / 3",
        "撤销情况截至 2026年11月26日",
    ):
        assert said in shown
    at = checker.code.index("#") + 900
    altered = checker.code[:at] + str((int(checker.code[at]) + 1) % 10) + checker.code[at + 1 :]
    page.goto("about:blank")
    page.goto(altered)
    assert outcome(page) in ("not-genuine", "unreadable")
    assert "阿依努尔" not in page.inner_text("#check-result")
    page.goto(f"{checker.origin}/check/offline/")
    page.wait_for_selector(READY)
    paste(page, checker.code)
    assert outcome(page) == "valid"
    page.set_input_files("#check-file", {"name": "c.json", "mimeType": "application/json", "buffer": b"{}"})
    expect(page.locator(RESULT)).to_have_attribute("data-outcome", "unreadable")
    record = json.dumps(checker.proof.record()).encode()
    page.set_input_files("#check-file", {"name": "c.json", "mimeType": "application/json", "buffer": record})
    expect(page.locator(RESULT)).to_have_attribute("data-outcome", "valid")


def test_a_profile_that_never_opened_the_page_shows_nothing_without_a_network(
    profile: BrowserContext, checker: Checker
) -> None:
    checker.stop()
    with pytest.raises(BrowserError, match="ERR_CONNECTION_REFUSED"):
        profile.new_page().goto(checker.code)


def test_a_look_alike_is_told_apart_loudly(profile: BrowserContext, checker: Checker) -> None:
    page = visited(profile, checker)
    elsewhere = checker.origin.replace("localhost", "locaIhost.example")
    paste(page, checker.code.replace(checker.origin, elsewhere))
    assert outcome(page) == "not-genuine"
    assert page.get_attribute(RESULT, "data-code") == "other-host"
    shown = page.inner_text("#check-result")
    assert "不要相信那个网站" in shown
    assert elsewhere in shown
    assert checker.origin in shown
    assert "阿依努尔" not in shown


def test_another_logs_list_is_not_believed_once_one_was(profile: BrowserContext, checker: Checker) -> None:
    page = visited(profile, checker)
    page.evaluate("localStorage.setItem('guixue-log-keys', JSON.stringify([btoa('\\0'.repeat(32))]))")
    page.reload()
    page.wait_for_selector("#check-no-list:not([hidden])")


def test_one_file_works_from_a_stick(
    profile: BrowserContext, checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "signed_list", lambda: json.dumps(checker.trust).encode())
    (tmp_path / "check.html").write_text(public_views.alone_html(), "utf-8")
    checker.stop()
    page = profile.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "check.html").as_uri())
    page.wait_for_selector(READY)
    paste(page, checker.code)
    assert outcome(page) == "valid"
    assert "信任列表制于" in page.inner_text("#check-list")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_camera_reads_the_code_and_its_reader_is_loaded_only_then(
    playwright: Playwright, checker: Checker, tmp_path: Path
) -> None:
    video = tmp_path / "seen.mjpeg"
    video.write_bytes(seen(checker.code))
    arguments = [
        *CHROMIUM_ARGUMENTS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{checker.origin}/check/offline/")
    page.wait_for_selector(READY)
    assert not any(url.endswith(".wasm") for url in asked)
    page.click("#check-camera")
    assert outcome(page) == "valid"
    assert any(url.endswith(".wasm") and url.startswith(checker.origin) for url in asked)
    assert page.is_hidden("#check-video")
    chromium.close()


def seen(text: str) -> bytes:
    """Return one picture of a code as a film of a single frame."""
    address, digits = text.split("#")
    segments = [QrSegment.make_bytes(f"{address}#".encode()), QrSegment.make_numeric(digits)]
    qr = QrCode.encode_segments(segments, QrCode.Ecc.LOW, mask=3, boostecl=False)
    size = qr.get_size()
    code = Image.new("RGB", (size, size), "white")
    for y in range(size):
        for x in range(size):
            if qr.get_module(x, y):
                code.putpixel((x, y), (0, 0, 0))
    code = code.resize((size * 7, size * 7), Image.Resampling.NEAREST)
    frame = Image.new("RGB", (1920, 1080), "white")
    frame.paste(code, ((1920 - code.width) // 2, (1080 - code.height) // 2))
    film = io.BytesIO()
    frame.save(film, "JPEG", quality=90)
    return film.getvalue()
