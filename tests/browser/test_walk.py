"""The walk that the demo prints, on screen: a plan is approved and accepted, a unit studied, a case decided, a paper
checked. It changes the story, so it runs after the pages were measured (files run in the order of their names)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.browser.product import Product

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, site: Product, pass_of: Callable[[str], StorageState | None]) -> Iterator[Enter]:
    """Return a tab in which somebody is signed in: students on a phone, staff at a desk."""
    opened: list[BrowserContext] = []

    def give(key: str, *, staff: bool = False) -> Page:
        size = DESKTOP if staff else PHONE
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]  # a size is a size
            base_url=site.address,
            storage_state=pass_of(key),
            locale="zh-CN",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield give
    for context in opened:
        context.close()


def test_a_promise_is_made_studied_for_and_another_credit_comes_home(enter: Enter, told: dict[str, Any]) -> None:
    _the_student_sees_what_will_count(enter("second_student"), told)
    _a_registrar_agrees(enter("home_registrar", staff=True), told)
    _a_registrar_agrees(enter("host_registrar", staff=True), told)
    _the_student_studies(enter("second_student"), told)
    _the_registrar_recognises(enter("home_registrar", staff=True), told)
    _the_student_finds_the_credit(enter("third_student"))
    _the_student_takes_the_paper(enter("student"))
    _a_stranger_checks_the_certificate(enter("nobody"), told)


def _the_student_sees_what_will_count(page: Page, told: dict[str, Any]) -> None:
    page.goto(told["course_zh"])
    expect(page.locator("main")).to_contain_text("2.0 学分 → 2.0 学分")
    page.goto(f"/zh-hans/credits/plans/{told['waiting_plan']}/")
    expect(page.locator(".next h2")).to_contain_text("南宁师范大学")


def _a_registrar_agrees(page: Page, told: dict[str, Any]) -> None:
    page.goto("/zh-hans/registry/plans/")
    page.locator(f'.q-id a[href*="{told["waiting_plan"]}"]').click()
    page.check("[name=decision][value=approve]")
    page.click(".decision .btn-primary")
    expect(page.locator(".notice, .messages").first).to_be_visible()
    page.goto(f"/zh-hans/registry/plans/{told['waiting_plan']}/")
    expect(page.locator("[name=decision]")).to_have_count(0)


def _the_student_studies(page: Page, told: dict[str, Any]) -> None:
    page.goto(f"/zh-hans/credits/plans/{told['waiting_plan']}/")
    page.click(".next .btn-primary")
    page.wait_for_url(f"**/learn/{told['open_run']}/**")
    page.goto(f"/zh-hans/learn/{told['open_run']}/vertical@u13-check/")
    problem = page.frame_locator("iframe.unit-frame").locator(".block-problem").nth(1)
    problem.locator("input[type=text]").fill("70")
    problem.locator("button.submit").click()
    expect(problem.locator(".verdict-correct")).to_be_visible()
    page.goto(f"/zh-hans/learn/{told['open_run']}/progress/")
    expect(page.locator("main")).not_to_contain_text("还没有")


def _the_registrar_recognises(page: Page, told: dict[str, Any]) -> None:
    page.goto("/zh-hans/registry/recognitions/")
    page.locator(f'a[href*="{told["waiting_case"]}"]').first.click()
    page.click(".decision .btn-primary")  # nothing chosen: refused, with the reason at the field
    expect(page.locator(".error-summary")).to_be_visible()
    page.check("[name=outcome][value=recognise]")
    page.locator("[name=reason_code]").select_option(index=1)
    page.click(".decision .btn-primary")
    page.goto(f"/zh-hans/registry/recognitions/{told['waiting_case']}/")
    expect(page.locator("[name=outcome]")).to_have_count(0)


def _the_student_finds_the_credit(page: Page) -> None:
    page.goto("/zh-hans/credits/recognitions/")
    expect(page.locator("main .rows li").first).to_contain_text("已认定")
    page.goto("/zh-hans/credits/")
    expect(page.locator("main")).to_contain_text("2.0 学分")


def _the_student_takes_the_paper(page: Page) -> None:
    page.goto("/zh-hans/credits/certificates/")
    page.locator("main .section").last.locator(".rows a").first.click()  # the section before it offers transcripts
    link = page.locator('main a[href$="/pdf/"]').first
    paper = link.get_attribute("href")
    assert paper is not None
    assert page.request.get(paper).body().startswith(b"%PDF-")


def _a_stranger_checks_the_certificate(page: Page, told: dict[str, Any]) -> None:
    page.goto(told["certificate"])
    digits = told["certificate_number"]
    expect(page.locator("main")).to_contain_text(f"{digits[:5]} {digits[5:9]} {digits[9:17]} {digits[17:]}")
    expect(page.locator("main")).to_contain_text("有效")
    answer = page.request.get("/v/AAAAAAAAAAAAAAAAAAAAAA")
    assert answer.status == 404
