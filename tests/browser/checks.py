"""The points of the look that a machine can measure, on the page that is open. Numbers are those of docs/look.md."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

SCRIPT = Path(__file__).with_name("checks.js")
TEXT_SIZES_MAX = 5
SMALLEST_TEXT_PX = 13
SMALLEST_INPUT_PX = 16
PHONE_TARGET_PX = 44
STAFF_TARGET_PX = 24
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (tags) => {
  const asked = { runOnly: { type: "tag", values: tags }, iframes: false, resultTypes: ["violations"] };
  const found = await axe.run(document, asked);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 140)}`);
}"""


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")


def _run(page: Page | Frame, check: str, argument: object = None) -> Any:
    script = f"if (!window.guixueChecks) {{ {_text(SCRIPT)} }}"
    return page.evaluate(f"(argument) => {{ {script}\nreturn window.guixueChecks.{check}(argument); }}", argument)


def filled_buttons(page: Page) -> list[str]:
    """Return the labels of filled buttons that are to be seen; one at most is wanted (point 2)."""
    return list(_run(page, "filled"))


def cut_off(page: Page | Frame) -> list[str]:
    """Return what scrolls sideways or is cut (point 3)."""
    return list(_run(page, "cut"))


def menu_wraps(page: Page) -> bool:
    """Say whether the entries of the main menu stand in more than one row."""
    return bool(_run(page, "rows") > 1)


def text_faults(page: Page) -> list[str]:
    """Return text and inputs that are too small, and too many sizes or weights (points 5 and 7)."""
    found: dict[str, list[Any]] = _run(page, "texts", [SMALLEST_TEXT_PX, SMALLEST_INPUT_PX])
    faults = found["small"]
    if len(sizes := found["sizes"]) > TEXT_SIZES_MAX:
        faults.append(f"{len(sizes)} text sizes: {sizes}")
    if len(weights := found["weights"]) > 2:
        faults.append(f"{len(weights)} weights: {weights}")
    return faults


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


def bring_along(context: BrowserContext) -> None:
    """Give each page of a context the checks before its own scripts: Chromium keeps what it compiled for the next page.

    For a walk through many pages, which takes a quarter less; another page gets them when it is asked.
    """
    context.add_init_script(path=AXE)
    context.add_init_script(path=SCRIPT)


def axe_violations(page: Page | Frame) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA: rule, and the first element of each.

    Only violations are worked out and brought here: the lists of what passed cost as much as the rules themselves.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_text(AXE))
    return list(page.evaluate(RUN_AXE, WCAG))
