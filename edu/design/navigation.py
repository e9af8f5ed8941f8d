"""The main menu, a registry: each app offers its own items in `AppConfig.ready`, and this app knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Area = str
PUBLIC: Area = "public"  # the header of public and learner pages
STAFF: Area = "staff"  # the header of staff pages

# As many entries stand in the row of a header; the others open under "More". Measured in English, with a long name.
ROW_NARROW = 4  # from 960 px on
ROW_WIDE = 5  # from 1200 px on


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
    place: str = "row"  # "row" always, "middle" in the row where it is wide, "rest" under "More"


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
    return [NavLink(url, label, url == current, _place(at, len(found))) for at, (url, label) in enumerate(found)]


def _place(at: int, count: int) -> str:
    """Return where an entry stands; what exactly fits a wide row leaves no "More" there."""
    if at < ROW_NARROW:
        return "row"
    return "middle" if at < (ROW_WIDE if count > ROW_WIDE + 1 else ROW_WIDE + 1) else "rest"
