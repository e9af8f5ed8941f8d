"""Which view serves which page type: upper applets and the portal register theirs at start."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

PageView = Callable[[HttpRequest, Any], HttpResponse]

_views: dict[str, PageView] = {}


def register_page_view(page_type: str, view: PageView) -> None:
    """Let `view(request, page)` serve pages of this type ("CoursePage"); ValueError when another view does."""
    if _views.get(page_type, view) is not view:
        raise ValueError(f"{page_type} has a view already.")
    _views[page_type] = view


def serve(request: HttpRequest, page: Any) -> HttpResponse:
    """Answer with the view of the page's type; LookupError when nobody registered one."""
    try:
        view = _views[type(page).__name__]
    except KeyError:
        raise LookupError(f"No view serves {type(page).__name__}.") from None
    return view(request, page)
