"""Every kind of page, as the story leaves it, measured against the look: points 2, 3, 5, 7, 10 and 12, and WCAG."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser import checks
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.browser.look import ALBUM
from tests.browser.pages import ALL, STYLEGUIDE, Kind
from tests.browser.product import Product

pytestmark = pytest.mark.browser
ACCOUNTS = Counter(kind.account or "nobody" for kind in ALL)
GROUPS = [
    pytest.param(account, id=account, marks=pytest.mark.xdist_group(f"pages of {account}"))
    for account, _pages in ACCOUNTS.most_common()
]
VARIANTS = [(PHONE, "zh-hans", "light"), (PHONE, "en", "dark"), (DESKTOP, "zh-hans", "dark"), (DESKTOP, "en", "light")]
VARIANT_NAMES = ["390-zh-light", "390-en-dark", "1280-zh-dark", "1280-en-light"]


@pytest.mark.parametrize("variant", VARIANTS, ids=VARIANT_NAMES)
@pytest.mark.parametrize("account", GROUPS)
def test_every_page_keeps_to_the_look(
    browser: Browser,
    site: Product,
    told: dict[str, Any],
    pass_of: Callable[[str], StorageState | None],
    account: str,
    variant: tuple[dict[str, int], str, str],
) -> None:
    viewport, language, theme = variant
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]  # a size is a size
        has_touch=viewport is PHONE,  # a coarse pointer: thumbs get their 44 px on staff pages too
        base_url=site.address,
        storage_state=pass_of(account),
        color_scheme=theme,  # type: ignore[arg-type]  # "light" or "dark"
    )
    checks.bring_along(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "localhost" not in request.url else None)
    kinds = [kind for kind in ALL if (kind.account or "nobody") == account]
    faults = {}
    for kind in kinds:
        kind.open(page, language, told)
        if found := _faults(page):
            faults[kind.name] = found
    context.close()
    assert faults == {}
    assert foreign == [], "No page asks a foreign host for anything."


@pytest.mark.xdist_group("styleguide")
@pytest.mark.parametrize("kind", STYLEGUIDE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("variant", VARIANTS, ids=VARIANT_NAMES)
def test_the_styleguide_is_photographed(
    browser: Browser,
    site: Product,
    told: dict[str, Any],
    pass_of: Callable[[str], StorageState | None],
    kind: Kind,
    variant: tuple[dict[str, int], str, str],
) -> None:
    viewport, language, theme = variant
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]  # a size is a size
        base_url=site.address,
        storage_state=pass_of("editor"),
        color_scheme=theme,  # type: ignore[arg-type]  # "light" or "dark"
    )
    checks.bring_along(context)
    page = context.new_page()
    kind.open(page, language, told)
    picture = page.screenshot(path=ALBUM / f"{kind.name}-{viewport['width']}-{language}-{theme}.png", full_page=True)
    found = checks.axe_violations(page)
    context.close()
    assert len(picture) > 50_000
    assert found == []


def _faults(page: Page) -> list[str]:
    found = []
    if len(filled := checks.filled_buttons(page)) > 1:
        found.append(f"filled buttons: {filled}")
    found += checks.cut_off(page)
    if checks.menu_wraps(page):
        found.append("the main menu goes on in a second row")
    found += checks.text_faults(page)
    found += checks.small_targets(page)
    if not checks.focus_is_visible(page):
        found.append("no focus ring at the third stop")
    found += checks.axe_violations(page)
    for frame in page.frames[1:]:
        found += [f"in the frame: {fault}" for fault in (*checks.cut_off(frame), *checks.axe_violations(frame))]
    return found
