"""Courses as Open edX exports them are imported, learnt through and exported again, and come back as they were.

Every unit is fetched as a browser would; of every kind of problem that needs no author's script one is answered in the
browser. With GUIXUE_WALK_ALL_UNITS set, every unit is opened in the browser too.
"""

import os
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.answers import give, responses, right_answers
from tests.browser.conftest import PATIENCE
from tests.browser.product import Product
from tests.browser.session import at_rest
from tests.browser.stage import Staged, aftermath, stage

pytestmark = [pytest.mark.browser, pytest.mark.reference]
ARCHIVES = ["kitchen-sink", "openedx-test-course", "openedx-demo-course"]
WALKS_ALL = bool(os.environ.get("GUIXUE_WALK_ALL_UNITS"))
GRADED_WITHIN_MS = 30_000  # the first formula of a process loads what computes it
STATES = re.compile(r'<section class="block block-[\w-]+ block-(\w+)" data-block="([^"]+)"')


@pytest.fixture(scope="module", params=ARCHIVES)
def archive(request: pytest.FixtureRequest, reference_data: Path) -> Path:
    """An archive as its authors exported it."""
    return reference_data / "olx" / f"{request.param}.tar.gz"


@pytest.fixture(scope="module")
def email(told: dict[str, Any]) -> str:
    """The learner."""
    return str(next(account["email"] for account in told["accounts"] if account["key"] == "third_student"))


@pytest.fixture(scope="module")
def staged(site: Product, archive: Path, email: str) -> Staged:
    """The archive on the product, with a learner in a run of it."""
    return stage(site, archive, email)


def test_every_unit_opens_and_only_scripts_of_authors_do_not_run(site: Product, staged: Staged) -> None:
    scripted = {block["id"] for blocks in staged.units.values() for block in blocks if block["scripted"]}
    states: dict[str, set[str]] = {}

    for path in staged.frames.values():
        host = f"{staged.label}.blocks.localhost:{site.port}"
        request = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", headers={"Host": host})
        with urllib.request.urlopen(request, timeout=30) as answer:
            for state, block in STATES.findall(answer.read().decode()):
                states.setdefault(state, set()).add(block)

    assert states["shown"]
    assert states.get("failed", set()) <= scripted
    everybodys = [block for blocks in staged.units.values() for block in blocks if not block["apart"]]
    wanted = {block["id"] for block in everybodys if block["type"] in {"html", "problem", "video"}}
    assert wanted - set().union(*states.values()) == set()


def test_one_problem_of_every_kind_is_answered_and_scored_and_the_course_comes_back_from_its_export(
    site: Product, staged: Staged, email: str, browser: Browser, pass_of: Callable[[str], Any], tmp_path: Path
) -> None:
    context = browser.new_context(base_url=site.address, locale="zh-CN", storage_state=pass_of("third_student"))
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    wanted, present = _one_of_each_kind(staged)

    for unit, block in wanted:
        frame = _open(page, staged, unit)
        problem = frame.locator(f'[data-block="{block["id"]}"]')
        give(problem, right_answers(block["olx"]) or [])
        expect(problem.locator(".verdict-correct, .status.correct").first).to_be_visible(timeout=GRADED_WITHIN_MS)
    if WALKS_ALL:
        for unit in staged.units:
            _open(page, staged, unit)
    context.close()

    scores, same = aftermath(site, staged, email, tmp_path / "out.tar.gz")
    assert {kind for _unit, block in wanted for kind in _kinds(block)} == present
    for _unit, block in wanted:
        earned, possible = scores[block["id"]]
        assert earned == possible > 0, block["id"]
    assert same


def _open(page: Page, staged: Staged, unit: str) -> FrameLocator:
    page.goto(f"/zh-hans/learn/{staged.run}/{unit}/")
    frame = page.frame_locator("iframe.unit-frame")
    expect(frame.locator("main")).to_be_visible()
    at_rest(page)
    return frame


def _kinds(block: dict[str, str]) -> set[str]:
    return {response.tag for response in responses(block["olx"])}


def _one_of_each_kind(staged: Staged) -> tuple[list[tuple[str, dict[str, str]]], set[str]]:
    """For each kind of response that needs no script the problem with the fewest responses; and the kinds there are."""
    problems = [
        (unit, block)
        for unit, blocks in staged.units.items()
        for block in blocks
        if block["type"] == "problem" and block["support"] == "supported" and not block["scripted"] + block["apart"]
    ]
    present = {kind for _unit, block in problems for kind in _kinds(block)}
    able = sorted(
        (pair for pair in problems if right_answers(pair[1]["olx"])), key=lambda p: len(responses(p[1]["olx"]))
    )
    chosen: dict[str, tuple[str, dict[str, str]]] = {}
    for unit, block in able:
        for kind in _kinds(block):
            chosen.setdefault(kind, (unit, block))
    return list({block["id"]: (unit, block) for unit, block in chosen.values()}.values()), present
