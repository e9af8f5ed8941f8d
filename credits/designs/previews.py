"""Previews of templates. Who draws papers stands above and registers how."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from credits.designs.models import PaperTemplate

type Draw = Callable[["PaperTemplate"], bytes]

_drawers: list[Draw] = []


def register_preview(draw: Draw) -> None:
    """Say who draws the paper of a template that is being edited; the last one counts."""
    _drawers[:] = [draw]


def answer(template: "PaperTemplate", request: HttpRequest, mode: str) -> HttpResponse:
    """Return the PDF, or the page that shows it in a frame of the editor's panel."""
    if mode != "pdf":
        return render(request, "credits/designs/preview.html", {"address": f"{request.path}?mode=pdf"})
    response = HttpResponse(_drawers[0](template), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return response
