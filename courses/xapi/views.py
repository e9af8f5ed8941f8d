"""Screens of learning records: the office names a store, a teacher downloads the records of a run."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.grading.access import taught_run
from courses.lti.access import office_of
from courses.lti.forms import CloseForm
from courses.xapi import access, actions, queries
from courses.xapi.describing import of_run
from courses.xapi.forms import StoreForm
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from edu.people.api import actor_of


@require_http_methods(["GET", "POST"])
def store(request: HttpRequest) -> HttpResponse:
    """Show where the institution's learning records go; name a store, or close it with a reason."""
    actor, institution_uuid = office_of(request)
    row = access.active_store(institution_uuid)
    form: forms.Form = (CloseForm if row else StoreForm)(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, actor, closing=row is not None):
        none, there = _("Learning records go nowhere any more."), _("Learning records go there from now on.")
        messages.success(request, none if row else there)
        return redirect("courses:record_store")
    context = {
        "form": form,
        "store": row,
        "numbers": queries.numbers_of(row.pk) if row else {},
        "closed": queries.closed_before(institution_uuid),
    }
    return render(request, "courses/xapi/store.html", context, status=422 if form.errors else 200)


def _done(form: forms.Form, actor: Actor, *, closing: bool) -> bool:
    try:
        if closing:
            actions.close_store(reason=form.cleaned_data["reason"], acting=actor)
        else:
            actions.name_store(**form.cleaned_data, acting=actor)
    except Refusal as refusal:
        if type(refusal) is not Refusal:
            raise
        form.add_error(None, str(refusal.message))
        return False
    return True


@require_GET
def download(request: HttpRequest, run_uuid: UUID) -> StreamingHttpResponse:
    """Send the learning records of a run as a JSON array; only its teachers get it."""
    run = taught_run(actor_of(request), run_uuid)
    response = StreamingHttpResponse(_array(of_run(run)), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="statements-{run.course.code}-{run.code}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _array(statements: Iterator[dict[str, Any]]) -> Iterator[str]:
    before = "[\n"
    for statement in statements:
        yield before + json.dumps(statement, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
