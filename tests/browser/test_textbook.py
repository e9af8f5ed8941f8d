"""A teacher fetches a textbook; it opens from a stick and from a school's plain web server, pictures and films too."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.product import Product

pytestmark = pytest.mark.browser
# Lazy pictures are fetched by decode(); a film says its length and its captions once its head was read.
LOOK = """async () => {
  const pictures = await Promise.all([...document.images].map(image => image.decode().then(() => image.naturalWidth)));
  const films = [];
  for (const film of document.querySelectorAll("video")) {
    for (const track of film.textTracks) track.mode = "hidden";
    film.preload = "metadata";
    await new Promise((done, failed) => {
      film.onloadedmetadata = done; film.onerror = () => failed(film.error.message); film.load();
    });
    const tracks = [...film.querySelectorAll("track")];
    await Promise.all(tracks.map(track => track.readyState > 1 || new Promise(done => { track.onload = done; })));
    films.push([film.duration, tracks.map(track => track.readyState)]);
  }
  return { pictures, films };
}"""
LOADED = 2  # HTMLTrackElement.LOADED


class Quiet(SimpleHTTPRequestHandler):
    """A school's server: files of a folder, nothing else."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's name)
        pass


class SchoolServer(ThreadingHTTPServer):
    """Says nothing when a browser breaks off a film whose head it has read."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; yields its address."""
    server = SchoolServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def book(
    site: Product, told: dict[str, Any], browser: Browser, pass_of: Callable[[str], Any], tmp_path_factory: Any
) -> Path:
    """The folder of a textbook that a teacher has fetched, checked and unpacked."""
    context = browser.new_context(base_url=site.address, locale="zh-CN", storage_state=pass_of("teacher"))
    page = context.new_page()
    page.goto("/zh-hans/textbooks/")
    page.locator("main .rows a").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载").first.click()
    folder: Path = tmp_path_factory.mktemp("stick")
    archive = folder / waiting.value.suggested_filename
    waiting.value.save_as(archive)
    expect(page.locator("main")).to_contain_text(hashlib.sha256(archive.read_bytes()).hexdigest())
    context.close()
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder / "book")
    return folder / "book"


@pytest.mark.parametrize("place", ["stick", "server"])
def test_every_page_opens_without_the_platform(browser: Browser, book: Path, place: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a size is a size
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    if place == "stick":
        seen = _read_whole(page, book.as_uri())
    else:
        with served(book) as address:
            seen = _read_whole(page, address)
    page.close()
    assert said == []
    assert len(seen["pictures"]) >= 4
    assert all(width > 0 for width in seen["pictures"])
    assert len(seen["films"]) == 3
    assert all(length > 10 and states and set(states) == {LOADED} for length, states in seen["films"])


def test_its_pages_keep_to_what_everybody_can_read(browser: Browser, book: Path) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a size is a size
    for name in ("index.html", "unit-4.html"):
        page.goto(f"{book.as_uri()}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate("document.scripts.length") == 0
    page.locator("nav a[rel=next]").first.click()
    expect(page).to_have_url(f"{book.as_uri()}/unit-5.html")
    page.close()


def _read_whole(page: Page, home: str) -> dict[str, list[Any]]:
    """Open every page that the contents name; returns what was seen."""
    seen: dict[str, list[Any]] = {"pictures": [], "films": []}
    page.goto(f"{home}/index.html")
    for path in [link.get_attribute("href") for link in page.locator("ol ol a").all()]:
        page.goto(f"{home}/{path}")
        for kind, found in page.evaluate(LOOK).items():
            seen[kind] += found
    return seen
