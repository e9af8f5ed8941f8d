"""The author's page of a textbook: marking the course, packing a version, what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.catalogue.models import Course, Textbook
from courses.catalogue.queries import course_info
from courses.content.crumbs import crumbs_of
from courses.content.desk import published_of
from courses.textbooks import access, asking, marking, queries
from courses.textbooks.forms import MarkForm, PackForm
from courses.textbooks.tasks import make_packs
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Mark a course as a textbook, pack it, and follow the packing; the fragment alone when the page's script asks."""
    course, textbook, actor = access.course_to_mark(request, course_uuid)
    found = queries.desk(course, textbook)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    mark = MarkForm(request.POST if deed == "mark" else None, initial=_said(textbook))
    first = {"number": published_of(course) or (found.versions[0].number if found.versions else None)}
    pack = PackForm(request.POST if deed == "pack" else None, versions=found.versions, initial=first)
    if request.method == "POST" and _done(request, deed, course, mark, pack, actor):
        return redirect(request.path)
    context = {
        "course": course,
        "info": course_info(course),
        "textbook": textbook,
        "is_textbook": textbook is not None and textbook.is_active,
        "desk": found,
        "mark": mark,
        "pack": pack,
        "crumbs": [*crumbs_of(course), (_("Digital textbook"), "")],
    }
    fragment = request.headers.get("X-Fragment") == "1"
    return render(request, f"courses/textbooks/{'packs' if fragment else 'desk'}.html", context)


def _said(textbook: Textbook | None) -> dict[str, Any]:
    names = ("edition", "approval_number", "licence")
    return {name: getattr(textbook, name) for name in names} if textbook else {}


def _done(request: HttpRequest, deed: str, course: Course, mark: MarkForm, pack: PackForm, actor: Actor) -> bool:
    """Do what was asked; False when the form has to be filled in again."""
    if deed == "end":
        marking.end(course_id=course.pk, acting=actor)
        messages.success(request, _("The course is no textbook any more. Its packs are kept, and nobody fetches them."))
        return True
    form: MarkForm | PackForm | None = {"mark": mark, "pack": pack}.get(deed)  # type: ignore[assignment]  # both are forms
    if form is None:
        raise NotThere("no-such-deed")
    if not form.is_valid():
        return False
    try:
        if form is mark:
            marking.mark(course_id=course.pk, acting=actor, **mark.cleaned_data)
            messages.success(request, _("Saved. Packs that are made from now on say so."))
        else:
            asking.request_pack(course_id=course.pk, number=pack.cleaned_data["number"], acting=actor)
            make_packs.delay_hint()
            messages.success(request, _("The pack is being made. You may leave this page; it goes on."))
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return False
    return True
