"""Menus are offered by the apps and shown as far as the visitor may see them."""

import pytest
from django.test import RequestFactory

from edu.design import navigation
from edu.design.navigation import NavItem


@pytest.fixture(autouse=True)
def own_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})


def _labels(path: str = "/en/") -> list[str]:
    return [str(link.label) for link in navigation.links(RequestFactory().get(path), navigation.PUBLIC)]


def test_items_stand_in_their_order_whoever_came_first() -> None:
    navigation.register(NavItem("design:styleguide", "second", 20), NavItem("design:preferences", "first", 10))
    assert _labels() == ["first", "second"]


def test_registering_twice_shows_once() -> None:
    for _ in range(2):
        navigation.register(NavItem("design:preferences", "Display", 10))
    assert _labels() == ["Display"]


def test_an_address_that_does_not_exist_is_left_out() -> None:
    navigation.register(NavItem("nowhere:page", "Nowhere", 10))
    assert _labels() == []


def test_what_a_visitor_may_not_see_is_left_out() -> None:
    navigation.register(NavItem("design:preferences", "Display", 10, shown=lambda request: False))
    assert _labels() == []


def test_areas_are_strangers() -> None:
    navigation.register(NavItem("design:preferences", "Display", 10, area=navigation.STAFF))
    assert _labels() == []


def test_the_longest_matching_address_is_current() -> None:
    navigation.register(NavItem("design:preferences", "Display", 10), NavItem("design:styleguide", "Guide", 20))
    request = RequestFactory().get("/zh-hans/styleguide/part/")
    current = [str(link.label) for link in navigation.links(request, navigation.PUBLIC) if link.current]
    assert current == ["Guide"]
