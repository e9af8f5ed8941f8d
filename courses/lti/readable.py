"""Refusals of links between servers, as pages that say what to do, and to whom the rest is to be told."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

STATUS: dict[type[Refusal], int] = {NotThere: 404, NotPermitted: 403, Stale: 409, Refusal: 422}
View = Callable[..., HttpResponse]


def readable(view: View) -> View:
    """Decorate a view that people reach from another server: a refusal becomes a page of its own."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            status = next((code for kind, code in STATUS.items() if type(refusal) is kind), None)
            if status is None:  # sign-in and the like go their own way
                raise
            return render(request, "courses/lti/refused.html", {"refusal": refusal}, status=status)

    return wrapped
