"""The main menu, a registry: each app offers its own items in `AppConfig.ready`, and this app knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Area = str
PUBLIC: Area = "public"  # the header of public and learner pages
STAFF: Area = "staff"  # the header of staff pages


def everyone(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One entry of a menu; `url_name` is reversed without arguments, `order` sorts (in tens)."""

    url_name: str
    label: str | Promise
    order: int
    area: Area = PUBLIC
    shown: Callable[[HttpRequest], bool] = everyone


@dataclass(frozen=True)
class NavLink:
    """An entry as the page shows it."""

    url: str
    label: str | Promise
    current: bool


_items: dict[tuple[Area, str], NavItem] = {}


def register(*items: NavItem) -> None:
    """Offer menu items; the same address in the same area replaces the earlier one, so reloading is safe."""
    for item in items:
        _items[(item.area, item.url_name)] = item


def links(request: HttpRequest, area: Area) -> list[NavLink]:
    """Return what this visitor sees; items whose address does not exist are left out, the longest match is current."""
    found = []
    for item in sorted((i for i in _items.values() if i.area == area), key=lambda i: i.order):
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        if item.shown(request):
            found.append((url, item.label))
    matching = [url for url, _ in found if request.path.startswith(url)]
    current = max(matching, key=len, default=None)
    return [NavLink(url, label, url == current) for url, label in found]
