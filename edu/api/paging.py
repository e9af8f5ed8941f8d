"""Lists in pages: `?page=2`, with the links that lead on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from edu.kernel.errors import Refusal

PAGE_SIZE = 50  # one answer stays under 100 KB
PAGE_MAX = 10_000  # deeper pages cost the database more than anybody reads


@dataclass(frozen=True)
class Page[T]:
    """One page of a list."""

    items: Sequence[T]
    count: int
    next: str | None
    previous: str | None


def page_of[M: Model](request: HttpRequest, rows: QuerySet[M], number: int) -> Page[M]:
    """Return a page of ordered rows with the addresses of its neighbours; Refusal for a page that is not there."""
    paginator = Paginator(rows, PAGE_SIZE)
    if not 1 <= number <= min(paginator.num_pages, PAGE_MAX):
        raise Refusal("no-such-page", f"There are {paginator.num_pages} pages.", {"pages": paginator.num_pages})
    page = paginator.page(number)
    return Page(
        items=list(page.object_list),
        count=paginator.count,
        next=_address(request, number + 1) if page.has_next() else None,
        previous=_address(request, number - 1) if page.has_previous() else None,
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
