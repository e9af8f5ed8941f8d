"""Screens for the place of a block or part: moving it elsewhere, deleting it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.authoring import access, forms, limits, outline, queries, structure, wording
from courses.authoring.access import Work
from courses.authoring.tree import counted, homes
from courses.authoring.views import anchor, around, outline_url, unit_url
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Put a block or part into another place."""
    work = access.work_for(request, course_uuid)
    row = access.block_of(work.draft, usage_id)
    tree = queries.tree(work.draft)
    labels = outline.home_labels(tree, outline.nearest(tree, usage_id, homes(tree, usage_id)))
    text = request.GET.get("q", "").strip()[: limits.NAME_CHARACTERS_MAX]
    found = outline.with_words(labels, text)
    data = request.POST if request.method == "POST" else None
    # Any place that is allowed may be sent, whether it was among the few that the page showed or not.
    form = forms.MoveForm(
        data, homes=labels if data else found[: limits.CHOICES_SHOWN], initial={"seen": row.place_revision}
    )
    if request.method == "POST" and form.is_valid():
        structure.move_to(
            course_id=work.course.pk,
            usage_id=usage_id,
            parent=form.cleaned_data["parent"],
            seen=form.cleaned_data["seen"] or 0,
            acting=work.actor,
        )
        return redirect(_place_url(work, usage_id))
    context = {
        **around(work, (_("Move"), "")),
        "form": form,
        "row": row,
        "text": text,
        "there": len(labels),
        "found": len(found),
        "more": max(len(found) - limits.CHOICES_SHOWN, 0),
        "is_long": len(labels) > limits.CHOICES_SHOWN,
        "back": _place_url(work, usage_id),
    }
    return render(request, "courses/authoring/move.html", context)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Delete a block or part with all that stands in it, once the person has seen what that is."""
    work = access.work_for(request, course_uuid)
    row = access.block_of(work.draft, usage_id)
    tree = queries.tree(work.draft)
    back = _place_url(work, row.usage_id)
    form = forms.Seen(request.POST if request.method == "POST" else None, initial={"seen": work.draft.revision})
    if request.method == "POST" and form.is_valid():
        unit = tree.unit_of(row.parent_usage_id) if row.parent_usage_id else ""
        seen = form.cleaned_data["seen"] or 0
        structure.delete(course_id=work.course.pk, usage_id=usage_id, seen=seen, acting=work.actor)
        messages.success(request, _("Deleted from the draft. Versions that were saved keep it."))
        return redirect(unit_url(work, unit) if unit else outline_url(work))
    context = {
        **around(work, (_("Delete"), "")),
        "form": form,
        "row": row,
        "name": row.display_name or wording.type_name(row.block_type),
        "goes": wording.amounts(counted(tree, usage_id)),
        "back": back,
    }
    return render(request, "courses/authoring/delete.html", context)


def _place_url(work: Work, usage_id: str) -> str:
    """Return where a block stands: its unit's page, or the outline with its section open."""
    tree = queries.tree(work.draft)
    line = [*tree.above(usage_id), tree.spots[usage_id]]
    if len(line) > 4:
        return f"{unit_url(work, line[3].usage_id)}#{anchor(usage_id)}"
    section = f"?open={line[1].usage_id}" if len(line) > 1 else ""
    return f"{outline_url(work)}{section}#{anchor(usage_id)}"
