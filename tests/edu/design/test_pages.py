"""Pages of this app and the pages for bad days stand, in both languages, with and without context."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from edu.design import views
from edu.kernel.errors import Refusal

TEMPLATES = Path(views.__file__).parent.parent / "templates"
WITH_REQUEST = ["400", "403", "403_csrf", "404", "409", "413", "429"]


def _request(path: str, user: object | None = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    request.identity = None  # type: ignore[attr-defined]
    return request


def _staff() -> SimpleNamespace:
    return SimpleNamespace(is_staff=True, is_active=True, is_authenticated=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("query", ["", "?base=staff"])
def test_the_styleguide_shows_every_component(language: str, query: str) -> None:
    with override(language):
        response: HttpResponse = views.styleguide(_request(f"/{language}/styleguide/{query}", _staff()))
    html = response.content.decode()
    assert response.status_code == 200
    assert ('class="staff"' in html) == bool(query)
    for css in ["error-summary", "tasks", "timeline", "compare", "queue", "pager", "bars", "plot", "verdict-revoked"]:
        assert css in html, css


def test_the_styleguide_is_for_staff() -> None:
    response: HttpResponse = views.styleguide(_request("/en/styleguide/"))
    assert response.status_code == 302


def test_pages_carry_no_inline_script_or_style() -> None:
    response: HttpResponse = views.styleguide(_request("/en/styleguide/", _staff()))
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert html.count("<script") == html.count('<script type="module"')


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", WITH_REQUEST)
def test_an_error_page_has_one_heading_and_a_way_on(name: str, language: str) -> None:
    with override(language):
        html = render_to_string(f"{name}.html", {}, _request(f"/{language}/x/"))
    assert html.count("<h1") == 1
    assert 'class="btn' in html


def test_a_refusal_says_its_own_words() -> None:
    html = render_to_string("409.html", {"refusal": Refusal("full", "The last place is taken.")}, _request("/en/x/"))
    assert "The last place is taken." in html


@pytest.mark.parametrize("name", ["400", "404", "500", "503"])
def test_pages_stand_without_any_context(name: str) -> None:
    assert "<h1" in get_template(f"{name}.html").render()


@pytest.mark.parametrize("name", ["500", "503"])
def test_pages_for_the_worst_days_ask_django_for_nothing_and_speak_both_languages(name: str) -> None:
    source = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    assert "{%" not in source
    assert "{{" not in source
    assert '<div lang="en">' in source


def test_chosen_settings_stand_on_the_page() -> None:
    request = _request("/en/display/")
    request.COOKIES["gx_theme"] = "dark"
    html = views.preferences(request).content.decode()
    assert 'data-theme="dark"' in html
    assert re.search(r'<input type="radio" name="theme" value="dark"[^>]* checked', html)


def test_permission_pages_name_the_identity_one_acts_as() -> None:
    request = _request("/en/x/", _staff())
    request.identity = SimpleNamespace(person_name="韦秀兰", label="Guangxi University · student no. 1")  # type: ignore[attr-defined]
    with override("en"):
        html = render_to_string("403.html", {"exception": PermissionDenied()}, request)
    assert "You are here as: Guangxi University · student no. 1." in html
