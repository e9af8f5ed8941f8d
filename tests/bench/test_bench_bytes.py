"""What the first and a repeated load of a unit cost on the line, measured in Chromium: page and frame, compressed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, expect

import courses.content
from tests.bench.report import report
from tests.browser.conftest import browser, pass_of, playwright, site, told  # noqa: F401  # the product in a browser
from tests.browser.product import Product
from tests.browser.stage import Staged, stage
from tests.factories.block_course import write_block_course

pytestmark = [pytest.mark.bench, pytest.mark.browser]
FILM = Path(courses.content.__file__).parent / "demo" / "static" / "mean-median.mp4"
KB = 1000
FIRST_TEXT_KB_MAX = 150
UNITS = {"text": "text", "problems": "choices", "video": "video"}
MEDIA = (".mp4", ".webm")  # how much of a film is fetched depends on the line; it is no part of the page


@pytest.fixture(scope="module")
def staged(site: Product, told: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Staged:  # noqa: F811
    """A course with a unit of each kind."""
    units = {"text": '<html url_name="h1"/>', "choices": '<problem url_name="p-choice"/><problem url_name="p-number"/>'}
    folder = write_block_course(tmp_path_factory.mktemp("bytes"), {**units, "video": '<video url_name="v1"/>'})
    shutil.copy(FILM, folder / "static" / "film.mp4")
    return stage(site, folder, next(a["email"] for a in told["accounts"] if a["key"] == "third_student"))


def load(context: BrowserContext, staged: Staged, unit: str) -> float:
    """Open a unit and return the kilobytes that came over the line, films left out."""
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # Playwright takes no builtin
    page.goto(f"/zh-hans/learn/{staged.run}/vertical@{unit}/")
    expect(page.frame_locator("iframe.unit-frame").locator(".block").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    counted = [request.sizes() for request in finished if not request.url.split("?")[0].endswith(MEDIA)]
    page.close()
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in counted) / KB


@pytest.mark.parametrize("kind", UNITS)
def test_bytes_of_a_unit(
    browser: Browser,  # noqa: F811
    site: Product,  # noqa: F811
    staged: Staged,
    pass_of: Callable[[str], Any],  # noqa: F811
    kind: str,
) -> None:
    context = browser.new_context(base_url=site.address, locale="zh-CN", storage_state=pass_of("third_student"))
    context.set_default_timeout(60_000)

    first = load(context, staged, UNITS[kind])
    again = load(context, staged, UNITS[kind])
    context.close()

    report(f"unit of {kind}, first load", first, "KB")
    report(f"unit of {kind}, repeated load beside the first", again, "KB", first)
    assert again < first
    if kind == "text":
        assert first < FIRST_TEXT_KB_MAX
