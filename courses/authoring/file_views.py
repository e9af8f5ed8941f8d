"""Screens for the files of a draft: what there is and where it is used, a new one, removing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.authoring import access, files, forms, limits, outline, queries, uses
from courses.authoring.access import Work
from courses.authoring.models import DraftFile
from courses.authoring.views import around
from edu.design.values import Tab
from edu.kernel.errors import Refusal
from edu.people import api as people

UNUSED = "unused"


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show_files(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """List a draft's files and how often each is used, take a new one, remove one."""
    work = access.work_for(request, course_uuid)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, work, request.POST["remove"])
    form = forms.FileForm(request.POST, request.FILES) if request.method == "POST" else forms.FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            path = files.add(course_id=work.course.pk, upload=form.cleaned_data["upload"], acting=work.actor)
        except Refusal as refusal:
            form.add_error("upload", str(refusal.message))
        else:
            messages.success(request, _("Added. In a text it is named %(path)s.") % {"path": f"/{path}"})
            return redirect(request.path)
    return _page(request, work, form)


def _page(request: HttpRequest, work: Work, form: forms.FileForm) -> HttpResponse:
    every = queries.files_of(work.draft)
    named = uses.of_draft(work.draft)
    found = [file for file in every if file.path.startswith(files.STATIC)]
    unused = [file for file in found if file.key not in named]
    is_unused = request.GET.get("show") == UNUSED
    page = Paginator(unused if is_unused else found, limits.FILES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **around(work, (_("Files"), "")),
        "form": form,
        "tabs": [
            Tab(pgettext("files", "All"), "?", not is_unused, len(found)),
            Tab(_("Not used"), f"?show={UNUSED}", is_unused, len(unused)),
        ],
        "page_obj": page,
        "lines": [(file, len(named.get(file.key, ()))) for file in page],
        "count": len(found),
        "others": len(every) - len(found),
        "bytes": sum(file.size for file in every),
    }
    return render(request, "courses/authoring/files.html", context)


def _remove(request: HttpRequest, work: Work, path: str) -> HttpResponse:
    """Remove a file that nothing uses; of another, first say where it is used."""
    file = queries.file_at(work.draft, path)
    used = uses.of_file(work.draft, file)
    form = forms.Seen(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    if used and seen != work.draft.revision:  # not asked yet, or something changed since
        return _ask(request, work, file, used)
    files.remove(course_id=work.course.pk, path=path, acting=work.actor)
    messages.success(request, _("Removed from the draft. Versions that were saved keep it."))
    return redirect(request.path)


def _ask(request: HttpRequest, work: Work, file: DraftFile, used: list[str]) -> HttpResponse:
    tree = queries.tree(work.draft)
    places: list[dict[str, Any]] = [
        {"usage_id": usage_id, "way": outline.way(tree, usage_id), "is_course": usage_id == tree.root.usage_id}
        for usage_id in used[: limits.CHOICES_SHOWN]
    ]
    context = {
        **around(work, (_("Files"), request.path), (_("Remove"), "")),
        "file": file,
        "places": places,
        "more": len(used) - len(places),
        "form": forms.Seen(initial={"seen": work.draft.revision}),
    }
    return render(request, "courses/authoring/file_remove.html", context)
