"""Display settings are kept in cookies and read back; what is unknown does not count."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from edu.design import preferences, views
from edu.design.preferences import Preferences

CHOSEN = {"theme": "dark", "contrast": "more", "density": "compact", "shortcuts": "off"}


def _post(data: dict[str, str]) -> HttpResponse:
    return views.preferences(RequestFactory().post("/en/display/", data))


def _with_cookies(cookies: dict[str, str]) -> HttpRequest:
    request = RequestFactory().get("/en/display/")
    request.COOKIES.update(cookies)
    return request


def test_without_cookies_the_defaults_hold() -> None:
    assert preferences.read(_with_cookies({})) == Preferences()


def test_what_was_chosen_is_kept_and_read_back() -> None:
    response = _post({**CHOSEN, "next": "/en/courses/"})
    assert response.status_code == 302
    assert response["Location"] == "/en/courses/"
    kept = {name: morsel.value for name, morsel in response.cookies.items()}
    assert preferences.read(_with_cookies(kept)) == Preferences(**CHOSEN)


def test_an_unknown_value_in_a_cookie_is_ignored() -> None:
    assert preferences.read(_with_cookies({"gx_theme": '"><script>'})) == Preferences()


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/", "//evil.example.org", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_host(elsewhere: str) -> None:
    assert _post({**CHOSEN, "next": elsewhere})["Location"].startswith("/")
    assert "evil" not in _post({**CHOSEN, "next": elsewhere})["Location"]
