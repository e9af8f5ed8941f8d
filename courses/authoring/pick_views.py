"""Screens on which an author chooses content at a tool, and looks at it before it goes into the draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.authoring import access, editors, forms, queries, texts, tool_blocks, wording
from courses.authoring.access import Work
from courses.authoring.models import DraftBlock
from courses.authoring.views import anchor, around, part_crumbs, unit_url
from courses.lti import picking
from courses.lti.models import Tool
from courses.lti.posting import post_page
from edu.kernel.errors import NotThere, Stale
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Say what happens at the tool, and go there."""
    work, row, tool = _block(request, course_uuid, usage_id)
    if request.method == "POST":
        way = picking.begin(tool=tool, course=work.course, usage_id=usage_id, acting=work.actor)
        return post_page(request, way.url, way.fields, title=_("Opening the tool"), button=_("Open the tool"))
    context = {**_around(work, row, _("Choose at the tool")), "tool": tool}
    return render(request, "courses/authoring/pick_begin.html", context)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, course_uuid: UUID, usage_id: str, pick_uuid: UUID) -> HttpResponse:
    """Show what was chosen at the tool; posting puts it into the draft."""
    work, row, _tool = _block(request, course_uuid, usage_id)
    pick = picking.pick_for(pick_uuid, course=work.course, usage_id=usage_id, acting=work.actor)
    form = forms.Seen(request.POST if request.method == "POST" else None, initial={"seen": row.revision})
    status, deed = 200, None
    if request.method == "POST" and pick.item and form.is_valid():
        try:
            texts.write(
                course_id=work.course.pk,
                usage_id=usage_id,
                element=_element(row, pick.tool, pick.item),
                settled=tool_blocks.ATTRIBUTES,
                seen=form.cleaned_data["seen"] or 0,
                acting=work.actor,
            )
        except Stale as stale:
            if stale.code == "deleted-meanwhile":
                raise
            row = access.block_of(work.draft, usage_id)
            form, status = forms.Seen(initial={"seen": row.revision}), 409
            deed = queries.deed_at(work.draft, row.revision)
        else:
            picking.note_used(pick)
            messages.success(request, _("Saved in the draft. Learners see it when it is published."))
            return redirect(_unit_url(work, usage_id))
    context = {**_around(work, row, _("Chosen at the tool")), "pick": pick, "form": form, "deed": deed}
    return render(request, "courses/authoring/pick.html", context, status=status)


def _block(request: HttpRequest, course_uuid: UUID, usage_id: str) -> tuple[Work, DraftBlock, Tool]:
    """Return a block of a registered tool and the tool; NotThere for any other block."""
    work = access.work_for(request, course_uuid)
    row = access.block_of(work.draft, usage_id)
    tool = tool_blocks.tool_of(work.course, row) if editors.kind_of(row) == "tool" else None
    if tool is None or not tool.choosing_url:
        raise NotThere("nothing-to-choose", _("This block opens no tool at which content can be chosen."))
    return work, row, tool


def _element(row: DraftBlock, tool: Tool, item: dict[str, Any]) -> Any:
    element = editors.element_of(row)
    assert element is not None  # kind_of has seen to it
    tool_blocks.fill_from(element, tool, item)
    return element


def _unit_url(work: Work, usage_id: str) -> str:
    return f"{unit_url(work, queries.tree(work.draft).unit_of(usage_id))}#{anchor(usage_id)}"


def _around(work: Work, row: DraftBlock, last: str) -> dict[str, Any]:
    tree = queries.tree(work.draft)
    unit = tree.unit_of(row.usage_id)
    return {
        **around(work, *part_crumbs(work, tree, unit, linked=True), (last, "")),
        "row": row,
        "name": row.display_name or wording.type_name(row.block_type),
        "back": _unit_url(work, row.usage_id),
    }
