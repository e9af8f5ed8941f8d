"""How a deed that was refused is answered: 409 with what changed, or a message on the page it came from."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale


def conflict_page(request: HttpRequest, stale: Stale, *, back_url: str, staff: bool) -> HttpResponse:
    """Return the 409 page that tells what changed since the person looked; nothing was written."""
    context = {
        "refusal": stale,
        "changes": stale.details.get("changes", []),
        "back_url": back_url,
        "frame": "base_staff.html" if staff else "base.html",
    }
    return render(request, "credits/conflict.html", context, status=409)


def attempt(request: HttpRequest, deed: Callable[[], Any], *, back_url: str, staff: bool) -> HttpResponse | None:
    """Do a deed and return None, or the answer to its refusal: 409 page, or back with the reason as a message."""
    try:
        deed()
    except Stale as stale:
        return conflict_page(request, stale, back_url=back_url, staff=staff)
    except (NotThere, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect(back_url)
    return None
