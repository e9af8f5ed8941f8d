"""The whole product, seeded with the demo's story, and headless Chromium in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

from edu.embedded.run import free_port
from tests.browser.product import FIRST_PORT, ROOT, Product, fresh_product
from tests.browser.product import told as story_of
from tests.browser.session import sign_in

HERE = Path(__file__).parent
PORTS_A_WORKER = 50  # two workers look for free ones at the same moment
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 60_000  # ms; nothing here is timed: a busy machine may take its time, and only what never comes is a failure
expect.set_options(timeout=PATIENCE)
# Nothing of Chromium's own may ask the network; it runs as root in CI, where its sandbox does not.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Files in the order in which they run: what needs no product comes while the other worker tells the story; pages are
# measured as the story leaves them; what takes long comes before what is short, so that no worker waits at the end; the
# walk changes the story, and is last.
FIRST, LAST = ("test_checking", "test_pages", "test_hostile", "test_offline", "test_video", "test_writing"), "test_walk"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests in order; a file's tests, or an account's pages, go to one worker together."""
    ours = [item for item in items if item.path.parent == HERE]
    ours.sort(key=_turn)
    for item in ours:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items[:] = [*(item for item in items if item.path.parent != HERE), *ours]


def _turn(item: pytest.Item) -> int:
    name = item.path.stem
    return FIRST.index(name) if name in FIRST else len(FIRST) + (name == LAST)


def chromium_path() -> str:
    """Return Chromium's program; skips loudly on a user's machine without one, fails in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "CHROMIUM IS MISSING: browser tests are left out; type: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="package")
def site() -> Iterator[Product]:
    """The product with its own data folder, freshly seeded: database, broker, worker, web."""
    chromium_path()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")  # each worker has a product of its own
    port = free_port(FIRST_PORT + PORTS_A_WORKER * int(worker.removeprefix("gw")))
    product = fresh_product(ROOT / "var" / f"browser-{worker}", port)
    yield product
    product.stop()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def told(site: Product) -> dict[str, Any]:
    """What the demo's story left behind: accounts and addresses; and the tasks of `tasks.py`."""
    return story_of(site)


@pytest.fixture(scope="package")
def pass_of(browser: Browser, site: Product, told: dict[str, Any]) -> Callable[[str], StorageState | None]:
    """Give an account's cookies: everybody signs in once on screen, since a second factor's code works only once."""
    kept: dict[str, StorageState | None] = {"nobody": None}

    def give(key: str) -> StorageState | None:
        if key not in kept:
            context = browser.new_context(base_url=site.address)
            sign_in(context.new_page(), next(account for account in told["accounts"] if account["key"] == key))
            kept[key] = context.storage_state()
            context.close()
        return kept[key]

    return give


@pytest.fixture(params=[PHONE, DESKTOP], ids=["390", "1280"])
def context(request: pytest.FixtureRequest, browser: Browser, site: Product) -> Iterator[BrowserContext]:
    """A fresh browser profile at phone or desktop width."""
    context = browser.new_context(viewport=request.param, base_url=site.address, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh tab."""
    return context.new_page()
