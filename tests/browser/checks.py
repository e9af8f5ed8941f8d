"""The points of the look that a machine can measure, on the page that is open. Numbers are those of docs/look.md."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

SCRIPT = Path(__file__).with_name("checks.js")
TEXT_SIZES_MAX = 5
SMALLEST_TEXT_PX = 13
SMALLEST_INPUT_PX = 16
PHONE_TARGET_PX = 44
STAFF_TARGET_PX = 24


def _run(page: Page | Frame, check: str, argument: object = None) -> Any:
    page.evaluate(SCRIPT.read_text("utf-8"))
    return page.evaluate(f"(argument) => window.guixueChecks.{check}(argument)", argument)


def filled_buttons(page: Page) -> list[str]:
    """Return the labels of filled buttons that are to be seen; one at most is wanted (point 2)."""
    found = page.locator(".btn-primary:visible").all_inner_texts()
    return [text.strip() for text in found]


def cut_off(page: Page | Frame) -> list[str]:
    """Return what scrolls sideways or is cut (point 3)."""
    return list(_run(page, "cut"))


def menu_wraps(page: Page) -> bool:
    """Say whether the entries of the main menu stand in more than one row."""
    tops = "items => new Set(items.filter(item => item.offsetParent).map(item => item.offsetTop)).size"
    return bool(page.locator(".site-nav > ul > li").evaluate_all(tops) > 1)


def text_faults(page: Page) -> list[str]:
    """Return text and inputs that are too small, and too many sizes or weights (points 5 and 7)."""
    texts: list[dict[str, Any]] = _run(page, "texts")
    faults = [f"{t['text']!r} is {t['size']} px" for t in texts if t["size"] < SMALLEST_TEXT_PX]
    sizes = sorted({t["size"] for t in texts})
    weights = sorted({t["weight"] for t in texts})
    if len(sizes) > TEXT_SIZES_MAX:
        faults.append(f"{len(sizes)} text sizes: {sizes}")
    if len(weights) > 2:
        faults.append(f"{len(weights)} weights: {weights}")
    # A radio or a box has no text of its own: its label is measured above.
    inputs = "els => els.map(e => [e.name, parseFloat(getComputedStyle(e).fontSize)]).filter(([, size]) => size < 16)"
    typed = "input:not([type=radio], [type=checkbox]):visible, select:visible, textarea:visible"
    small = page.locator(typed).evaluate_all(inputs)
    return faults + [f"input {name} has {size} px" for name, size in small]


def small_targets(page: Page) -> list[str]:
    """Return controls that a thumb misses (point 12): 44 px on a phone, 24 px at least on a desk."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return list(_run(page, "targets", PHONE_TARGET_PX if width < 600 else STAFF_TARGET_PX))


def focus_is_visible(page: Page) -> bool:
    """Walk with the Tab key to the third stop and say whether a ring is drawn there (point 10)."""
    for _press in range(3):
        page.keyboard.press("Tab")
    style = _run(page, "focusRing")
    return bool(style[0] != "none" and style[1] >= 2)


def axe_violations(page: Page | Frame) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA: rule, and the first element of each."""
    page.evaluate(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, iframes: false})", tags)
    return [f"{v['id']}: {v['nodes'][0]['html'][:140]}" for v in result["violations"]]
