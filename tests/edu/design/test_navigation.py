"""Menus are offered by the apps and shown as far as the visitor may see them."""

import pytest
from django.template.loader import render_to_string
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


@pytest.mark.parametrize(
    ("count", "row", "middle", "rest"),
    [(3, 3, 0, 0), (4, 4, 0, 0), (5, 4, 1, 0), (6, 4, 2, 0), (7, 4, 1, 2), (9, 4, 1, 4)],
)
def test_a_long_menu_goes_on_under_more(
    monkeypatch: pytest.MonkeyPatch, count: int, row: int, middle: int, rest: int
) -> None:
    monkeypatch.setattr(navigation, "reverse", lambda name: f"/{name}/")
    navigation.register(*(NavItem(f"page{at}", f"Page {at}", at) for at in range(count)))
    places = [link.place for link in navigation.links(RequestFactory().get("/page8/"), navigation.PUBLIC)]
    assert places == ["row"] * row + ["middle"] * middle + ["rest"] * rest


def test_the_header_shows_each_entry_once_in_the_row_or_under_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "reverse", lambda name: f"/{name}/")
    navigation.register(*(NavItem(f"page{at}", f"Page {at}", at) for at in range(8)))
    items = navigation.links(RequestFactory().get("/page7/"), navigation.PUBLIC)
    shown = render_to_string("ui/menu_row.html", {"items": items})
    row, more = shown.split("<details")
    assert [at for at in range(8) if f'href="/page{at}/"' in row] == [0, 1, 2, 3, 4]
    assert [at for at in range(8) if f'href="/page{at}/"' in more] == [4, 5, 6, 7]  # the fifth where the row is narrow
    assert '<a href="/page7/" aria-current="page">' in more
