"""Every kind of page, as the story leaves it, measured against the look: points 2, 3, 5, 7, 10 and 12, and WCAG."""

import pytest
from playwright.sync_api import Browser, Page

from edu.embedded.run import Product
from tests.browser import checks
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import ALL
from tests.browser.session import sign_in, story

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ACCOUNTS = sorted({kind.account or "nobody" for kind in ALL})
VARIANTS = [(PHONE, "zh-hans", "light"), (PHONE, "en", "dark"), (DESKTOP, "zh-hans", "dark"), (DESKTOP, "en", "light")]
VARIANT_NAMES = ["390-zh-light", "390-en-dark", "1280-zh-dark", "1280-en-light"]


@pytest.mark.parametrize("variant", VARIANTS, ids=VARIANT_NAMES)
@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_page_keeps_to_the_look(
    browser: Browser, site: Product, account: str, variant: tuple[dict[str, int], str, str]
) -> None:
    viewport, language, theme = variant
    told = story(site)
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]  # a size is a size
        has_touch=viewport is PHONE,  # a coarse pointer: thumbs get their 44 px on staff pages too
        base_url=site.address,
        color_scheme=theme,  # type: ignore[arg-type]  # "light" or "dark"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "localhost" not in request.url else None)
    kinds = [kind for kind in ALL if (kind.account or "nobody") == account]
    if account != "nobody":
        sign_in(page, next(known for known in told["accounts"] if known["key"] == account), language)
    faults = {}
    for kind in kinds:
        kind.open(page, language, told)
        if found := _faults(page):
            faults[kind.name] = found
    context.close()
    assert faults == {}
    assert foreign == [], "No page asks a foreign host for anything."


def _faults(page: Page) -> list[str]:
    found = []
    if len(filled := checks.filled_buttons(page)) > 1:
        found.append(f"filled buttons: {filled}")
    found += checks.cut_off(page)
    found += checks.text_faults(page)
    found += checks.small_targets(page)
    if not checks.focus_is_visible(page):
        found.append("no focus ring at the third stop")
    found += checks.axe_violations(page)
    return found
