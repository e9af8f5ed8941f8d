"""`make look`: photograph every kind of page at two widths, in both languages, light and dark, with an index page."""

import argparse
import html
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, ViewportSize, sync_playwright

from edu.embedded.run import free_port
from tests.browser.conftest import (
    CHROMIUM_ARGUMENTS,
    DESKTOP,
    PATIENCE,
    PHONE,
    chromium_path,
)
from tests.browser.pages import ALL, STYLEGUIDE, Kind
from tests.browser.product import FIRST_PORT, ROOT, Product, fresh_product
from tests.browser.product import told as story_of
from tests.browser.session import sign_in

ALBUM = ROOT / "build" / "look"


def _variants(short: bool) -> list[tuple[str, str, str]]:
    widths, languages, themes = ("390", "1280"), ("zh-hans", "en"), ("light", "dark")
    if short:
        return [(width, "zh-hans", "light") for width in widths]
    return [(width, language, theme) for width in widths for language in languages for theme in themes]


def _photograph(
    browser: Browser, site: Product, told: dict[str, Any], kinds: list[Kind], variant: tuple[str, str, str]
) -> Iterator[str]:
    width, language, theme = variant
    size = ViewportSize(**(PHONE if width == "390" else DESKTOP))  # type: ignore[typeddict-item]  # a size is a size
    accounts = {account["key"]: account for account in told["accounts"]}
    for account, group in groupby(kinds, key=lambda kind: kind.account):
        context = browser.new_context(
            viewport=size,
            base_url=site.address,
            color_scheme=theme,  # type: ignore[arg-type]  # "light" or "dark"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if account:
            sign_in(page, accounts[account], language)
        for kind in group:
            file = ALBUM / f"{kind.name}-{width}-{language}-{theme}.png"
            try:
                kind.open(page, language, told)
                page.wait_for_timeout(300)
                if len(page.frames) > 1:  # what of a frame is below the window is not drawn
                    height = page.evaluate("document.documentElement.scrollHeight")
                    page.set_viewport_size({"width": size["width"], "height": height})
                    page.wait_for_timeout(300)
                page.screenshot(path=file, full_page=True)
                page.set_viewport_size(size)
            except (AssertionError, Error) as error:
                yield f"{kind.name} {width} {language} {theme}: {str(error).splitlines()[0]}"
        context.close()


def _write_index() -> None:
    names = sorted(path.name for path in ALBUM.glob("*.png"))
    shots = "".join(
        f'<figure><figcaption>{html.escape(name[:-4])}</figcaption><img loading="lazy" src="{name}" alt=""></figure>'
        for name in names
    )
    style = "figure{display:inline-block;vertical-align:top;margin:8px}img{max-width:420px;border:1px solid}"
    page = f"<!doctype html><meta charset=utf-8><title>Guixue</title><style>{style}</style>{shots}"
    (ALBUM / "index.html").write_text(page, encoding="utf-8")


def main() -> int:
    """Take the pictures; exit status 1 when a page could not be opened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="Chinese and light only")
    parser.add_argument("--only", default="", help="only kinds whose name begins so")
    chosen = parser.parse_args()
    ALBUM.mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind in (*ALL, *STYLEGUIDE) if kind.name.startswith(chosen.only)]
    kinds.sort(key=lambda kind: kind.account or "")
    faults: list[str] = []
    site = fresh_product(Path(ROOT / "var" / "look"), free_port(FIRST_PORT + 50))
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
            told = story_of(site)
            for variant in _variants(chosen.short):
                faults += _photograph(browser, site, told, kinds, variant)
                sys.stdout.write(f"look: {' '.join(variant)} done\n")
    finally:
        site.stop()
    _write_index()
    sys.stdout.write("".join(f"look: {fault}\n" for fault in faults))
    sys.stdout.write(f"look: open {(ALBUM / 'index.html').relative_to(ROOT)}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
