"""Screens for one block or part: writing it, making a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.authoring import (
    access,
    editors,
    files,
    forms,
    limits,
    queries,
    structure,
    texts,
    tool_blocks,
    wording,
)
from courses.authoring.access import Work
from courses.authoring.models import DraftBlock
from courses.authoring.tree import LEVEL_OF_TYPE, TYPE_OF_LEVEL, Tree
from courses.authoring.views import anchor, around, outline_url, part_crumbs, unit_url
from courses.content.dates import moment_of
from courses.content.rules import level_below
from edu.kernel.errors import NotThere, Refusal, Stale
from edu.people import api as people

CHOICES = "c"  # prefix of the rows of answers
MORE = "more"  # the button that asks for more rows
LOOK = "look"  # the button that saves and shows the preview
PICK = "pick"  # the button that saves and goes on to choose content at a tool
PARTS = frozenset({*LEVEL_OF_TYPE, "course"})


@dataclass(slots=True)
class Desk:
    """One form of one block on its way from request to page."""

    request: HttpRequest
    work: Work
    kind: str
    row: DraftBlock | None
    form: django_forms.Form
    rows: Any = None  # the formset of answers, for questions with choices

    @property
    def is_valid(self) -> bool:
        """True when everything on the form can be taken."""
        return self.form.is_valid() and (self.rows is None or self.rows.is_valid())


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Write a block or change the settings of a part."""
    work = access.work_for(request, course_uuid)
    try:
        row = access.block_of(work.draft, usage_id)
    except NotThere:
        if request.method != "POST":
            raise
        return _gone(request, work, usage_id)
    if row.block_type in PARTS and request.GET.get("as") != "olx":
        return _settings(request, work, row)
    kind = "olx" if request.GET.get("as") == "olx" or row.block_type in PARTS else editors.kind_of(row)
    desk = _desk(request, work, kind, row)
    if request.method == "POST" and MORE not in request.POST and desk.is_valid:
        try:
            _write(desk)
        except Stale as stale:
            return _changed_meanwhile(desk, stale)
        except Refusal as refusal:
            desk.form.add_error(None, str(refusal.message))
        else:
            return _after(desk, usage_id)
    return _page(desk)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Make a new part or block at the end of `to`."""
    work = access.work_for(request, course_uuid)
    parent, kind = request.GET.get("to", ""), request.GET.get("kind", "")
    tree = queries.tree(work.draft)
    if parent not in tree.spots:
        raise NotThere("no-such-block", _("This block is not in the draft, or no longer."))
    if level_below(tree.level(parent)) in TYPE_OF_LEVEL:
        return _new_part(request, work, tree, parent)
    if kind not in editors.FORMS:
        raise NotThere("no-such-kind")
    desk = _desk(request, work, kind, None)
    if request.method == "POST" and MORE not in request.POST and desk.is_valid:
        try:
            made = _written(desk)
            usage_id = structure.add_block(
                course_id=work.course.pk, parent=parent, element=made.element, text=made.text, acting=work.actor
            )
        except Stale:
            raise
        except Refusal as refusal:
            desk.form.add_error(None, str(refusal.message))
        else:
            desk.row = access.block_of(work.draft, usage_id)
            return _after(desk, usage_id)
    return _page(desk, parent=parent)


def _new_part(request: HttpRequest, work: Work, tree: Tree, parent: str) -> HttpResponse:
    level = level_below(tree.level(parent))
    form = forms.AddForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        usage_id = structure.add_part(course_id=work.course.pk, parent=parent, name=name, acting=work.actor)
        if level == "unit":
            return redirect(unit_url(work, usage_id))
        section = usage_id if level == "section" else parent
        return redirect(f"{outline_url(work)}?open={section}#{anchor(usage_id)}")
    above = [*tree.above(parent)[1:], tree.spots[parent]] if tree.spots[parent].parent_usage_id else []
    context = {
        **around(work, (str(wording.NEW[level]), "")),
        "form": form,
        "word": wording.NEW[level],
        "place": " › ".join(spot.display_name for spot in above),
    }
    return render(request, "courses/authoring/part_new.html", context)


def _desk(request: HttpRequest, work: Work, kind: str, row: DraftBlock | None) -> Desk:
    data = request.POST if request.method == "POST" else None
    more: dict[str, Any] = {}
    if kind == "video":
        videos = [file.path for file in queries.files_of(work.draft) if file.path.endswith(files.VIDEOS)]
        named = [path for path in editors.video_sources(row) if path not in videos] if row else []
        shown = [(path, path.removeprefix(files.STATIC)) for path in [*videos, *named]]
        more = {"videos": shown, "captions": editors.captions_of(row)}
    if kind == "tool":
        more = {"tools": tool_blocks.choices(work.course, row)}
    build = editors.FORMS[kind]
    if data is not None and MORE in data:  # nothing is checked yet: show what was written, with more room
        form = build(initial={name: data.get(name) for name in build.base_fields}, **more)
        return Desk(request, work, kind, row, form, _choice_rows(kind, row, data, more_room=True))
    form = build(data, request.FILES or None, initial=editors.initial_of(kind, row), **more)
    return Desk(request, work, kind, row, form, _choice_rows(kind, row, data))


def _choice_rows(kind: str, row: DraftBlock | None, data: Mapping[str, Any] | None, *, more_room: bool = False) -> Any:
    if kind not in ("single", "multiple"):
        return None
    if not more_room:
        # What is sent is not compared with what was there: a row that nobody changed would count as empty.
        return forms.ChoiceRows(data, initial=None if data else editors.choices_of(kind, row), prefix=CHOICES)
    assert data is not None  # more room is asked for by a form that was sent
    there = int(data.get(f"{CHOICES}-TOTAL_FORMS") or 0)
    names = ("text", "correct", "feedback")
    given = [{name: data.get(f"{CHOICES}-{place}-{name}") for name in names} for place in range(there)]
    room = min(there + forms.ROWS_AT_FIRST, limits.CHOICES_MAX)
    return forms.ChoiceRows(initial=[*given, *({} for _row in range(room - there))], prefix=CHOICES)


def _written(desk: Desk) -> editors.Written:
    values = dict(desk.form.cleaned_data)
    if desk.kind == "video":
        values = _with_uploads(desk, values)
    choices = [row.cleaned_data for row in desk.rows] if desk.rows is not None else []
    return editors.written(desk.kind, values, desk.row, choices)


def _with_uploads(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """Keep the files that came with the form, and name them in what it says."""
    if values["upload"]:
        values["chosen"] = _kept(desk, values["upload"], files.VIDEOS)
    if values["captions"]:
        path = _kept(desk, values["captions"], files.CAPTION_FILES)
        values["captions_added"] = {values["language"] or "zh": path.removeprefix(files.STATIC)}
    return values


def _kept(desk: Desk, upload: Any, wanted: tuple[str, ...]) -> str:
    return files.add(course_id=desk.work.course.pk, upload=upload, wanted=wanted, acting=desk.work.actor)


def _write(desk: Desk) -> None:
    assert desk.row is not None
    made = _written(desk)
    texts.write(
        course_id=desk.work.course.pk,
        usage_id=desk.row.usage_id,
        element=made.element,
        text=made.text,
        settled=made.settled,
        seen=desk.form.cleaned_data.get("seen") or 0,
        acting=desk.work.actor,
    )


def _after(desk: Desk, usage_id: str) -> HttpResponse:
    """Go on to the unit, or to its preview when that button was pressed."""
    unit = queries.tree(desk.work.draft).unit_of(usage_id)
    if not unit:
        return redirect(outline_url(desk.work))
    if PICK in desk.request.POST and tool_blocks.picks(desk.work.course, access.block_of(desk.work.draft, usage_id)):
        return redirect("courses:authoring_pick_begin", course_uuid=desk.work.course.uuid, usage_id=usage_id)
    messages.success(desk.request, _("Saved in the draft. Learners see it when it is published."))
    if LOOK in desk.request.POST:
        return redirect("courses:authoring_preview", course_uuid=desk.work.course.uuid, usage_id=unit)
    return redirect(f"{unit_url(desk.work, unit)}#{anchor(usage_id)}")


def _page(desk: Desk, *, status: int = 200, parent: str = "", **more: Any) -> HttpResponse:
    tree = queries.tree(desk.work.draft)
    unit = tree.unit_of(desk.row.usage_id if desk.row else parent)
    way = part_crumbs(desk.work, tree, unit, linked=True) if unit else []
    name = desk.row.display_name if desk.row else ""
    context = {
        **around(desk.work, *way, (name or str(wording.KINDS[desk.kind]), "")),
        "form": desk.form,
        "rows": desk.rows,
        "kind": desk.kind,
        "kind_name": wording.KINDS[desk.kind] if desk.kind != "olx" or not desk.row else _type_of(desk.row),
        "row": desk.row,
        "back": unit_url(desk.work, unit) if unit else outline_url(desk.work),
        "picks": desk.kind == "tool" and tool_blocks.offers(desk.work.course),
        "room": desk.rows is not None and len(desk.rows.forms) < limits.CHOICES_MAX,
        **more,
    }
    return render(desk.request, "courses/authoring/edit.html", context, status=status)


def _type_of(row: DraftBlock) -> str:
    return wording.type_name(row.block_type)


def _changed_meanwhile(desk: Desk, stale: Stale) -> HttpResponse:
    """Show what the other has written beside what this person wrote; saving again replaces it knowingly."""
    if stale.code == "deleted-meanwhile" or desk.row is None:
        return _gone(desk.request, desk.work, desk.row.usage_id if desk.row else "")
    row = access.block_of(desk.work.draft, desk.row.usage_id)
    data = desk.form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data["seen"] = str(row.revision)
    desk.form.data = data
    theirs = editors.initial_of(desk.kind, row) if editors.kind_of(row) == desk.kind else {}
    return _page(
        desk,
        status=409,
        theirs=theirs.get("text") or editors.olx_text(row),
        deed=queries.deed_at(desk.work.draft, row.revision),
    )


def _gone(request: HttpRequest, work: Work, usage_id: str) -> HttpResponse:
    """Say that the block was deleted meanwhile, and give back what this person wrote."""
    deed = queries.last_deed_on(work.draft, usage_id)
    if deed is None:
        raise NotThere("no-such-block", _("This block is not in the draft, or no longer."))
    wrote = [(name, value) for name, value in request.POST.items() if name in ("name", "text", "olx", "question")]
    context = {**around(work, (deed.name, "")), "deed": deed, "wrote": [text for _name, text in wrote if text]}
    return render(request, "courses/authoring/gone.html", context, status=409)


def _settings(request: HttpRequest, work: Work, row: DraftBlock) -> HttpResponse:
    """Change the name and settings of the course, a section, a subsection or a unit."""
    build = forms.SubsectionForm if row.block_type == "sequential" else forms.PartForm
    form = build(request.POST if request.method == "POST" else None, initial=_initial_settings(row))
    tree = queries.tree(work.draft)
    unit = tree.unit_of(row.usage_id)
    back = unit_url(work, unit) if unit else f"{outline_url(work)}?open={row.usage_id}"
    status, deed = 200, None
    if request.method == "POST" and form.is_valid():
        values = _settings_of(row, form.cleaned_data)
        seen = form.cleaned_data["seen"] or 0
        try:
            texts.change_settings(
                course_id=work.course.pk, usage_id=row.usage_id, values=values, seen=seen, acting=work.actor
            )
        except Stale:
            now = access.block_of(work.draft, row.usage_id)
            data = request.POST.copy()
            data["seen"] = str(now.revision)
            form.data, row, status = data, now, 409
            deed = queries.deed_at(work.draft, now.revision)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect(back)
    level = LEVEL_OF_TYPE.get(row.block_type, "course")
    context = {
        **around(work, (row.display_name or str(wording.LEVELS[level]), "")),
        "form": form,
        "row": row,
        "level": wording.LEVELS[level],
        "back": back,
        "deed": deed,
        "theirs": row.display_name if deed else "",
    }
    return render(request, "courses/authoring/settings.html", context, status=status)


def _initial_settings(row: DraftBlock) -> dict[str, Any]:
    settings = row.fields.get("settings", {})
    due = moment_of(settings.get("due"))
    return {
        "seen": row.revision,
        "name": row.display_name,
        "staff_only": bool(settings.get("visible_to_staff_only")),
        "graded": bool(settings.get("graded")),
        "format": settings.get("format") or "",
        "due": localtime(due).strftime("%Y-%m-%dT%H:%M") if due else None,
    }


def _settings_of(row: DraftBlock, values: Mapping[str, Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "display_name": values["name"],
        "visible_to_staff_only": "true" if values["staff_only"] else None,
    }
    if row.block_type == "sequential":
        found["graded"] = "true" if values["graded"] else None
        found["format"] = values["format"] or None
        found["due"] = values["due"].isoformat() if values["due"] else None
    return found
