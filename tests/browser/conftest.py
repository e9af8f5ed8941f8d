"""The whole product, seeded with the demo's story, and headless Chromium in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

from edu.embedded.run import Product, free_port
from tests.browser.session import sign_in
from tests.browser.stage import story_with_tasks
from tests.template import cluster_of_tests, ensure_template

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_PORT = 8300
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


def chromium_path() -> str:
    """Return Chromium's program; skips loudly on a user's machine without one, fails in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "CHROMIUM IS MISSING: browser tests are left out; type: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def fresh_product(data_dir: Path, port: int) -> Product:
    """Return the whole product, started on an empty data folder and seeded with the demo's story.

    Its database lies in the tests' cluster, copied from the migrated template: migrating takes most of a minute.
    """
    product = Product(data_dir, port, cluster=cluster_of_tests(), database=f"product_{data_dir.name.replace('-', '_')}")
    template = ensure_template(product.cluster)
    product.cluster.drop(product.database)
    for name in ("migrated", "media", "keys", "private", "log"):
        target = data_dir / name
        target.unlink() if target.is_file() else shutil.rmtree(target, ignore_errors=True)
    try:
        product.start_parts(template=template)
        product.manage("seed_demo")
        product.start_servers()
    except BaseException:
        product.stop()
        raise
    return product


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
    return story_with_tasks(site)


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
