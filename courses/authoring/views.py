"""Screens of authors: the outline of a draft, a unit with its blocks, its preview."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.authoring import access, outline, preview, queries, structure, wording
from courses.authoring.access import Work
from courses.authoring.preview import Look
from courses.authoring.tree import Tree
from courses.catalogue.models import Course
from courses.catalogue.queries import course_info
from courses.content.blocktypes import WRAPPERS
from courses.runtime import addresses
from edu.kernel.errors import NotThere, Refusal, Stale
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show the outline, and do to its parts what its buttons say."""
    course, actor = access.course_for(request, course_uuid)
    draft = queries.draft_of(course)
    if draft is None:
        return _not_begun(request, course)
    work = Work(course, draft, actor)
    if request.method == "POST":
        usage_id = _do(request, work)
        section = _section_of(work, usage_id)
        return redirect(f"{outline_url(work)}?open={section}#{anchor(usage_id)}" if section else outline_url(work))
    tree = queries.tree(work.draft)
    newest = queries.newest_version(course)
    context = {
        **around(work, last=True),
        "lines": outline.lines(tree, request.GET.get("open", "")),
        "root": tree.root,
        "next": outline.next_part(tree),
        "units": sum(spot.block_type == "vertical" for spot in tree.spots.values()),
        "blocks": len(tree.spots),
        "deeds": _timeline(queries.last_deeds(work.draft)),
        "newer": newest if newest and work.draft.base_id not in (None, newest.pk) else None,
        "published": queries.published_version(course),
    }
    return render(request, "courses/authoring/outline.html", context)


@people.signed_in
@require_POST
def begin(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Begin the draft of a course."""
    course, actor = access.course_for(request, course_uuid)
    structure.begin(course_id=course.pk, acting=actor)
    return redirect("courses:authoring_outline", course_uuid=course.uuid)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Show a unit's blocks in order, and do to them what the buttons say."""
    work = access.work_for(request, course_uuid)
    if request.method == "POST":
        done = _do(request, work)
        return redirect(f"{unit_url(work, usage_id)}#{anchor(done)}")
    tree = queries.tree(work.draft)
    if usage_id not in tree.spots or tree.unit_of(usage_id) != usage_id:
        raise NotThere("no-such-unit", _("This unit is not in the draft, or no longer."))
    spot = tree.spots[usage_id]
    context = {
        **around(work, *part_crumbs(work, tree, usage_id)),
        "spot": spot,
        "section": tree.above(usage_id)[1].usage_id,
        "place": " › ".join(above.display_name for above in tree.above(usage_id)[1:]),
        "lines": outline.unit_lines(tree, usage_id),
        "holds": spot.block_type == "vertical" or spot.block_type in WRAPPERS,
        "kinds": list(wording.KINDS.items()),
    }
    return render(request, "courses/authoring/unit.html", context)


@never_cache
@people.signed_in
@require_safe
def show_preview(request: HttpRequest, course_uuid: UUID, usage_id: str) -> HttpResponse:
    """Show a unit of the draft as a learner would see it."""
    work = access.work_for(request, course_uuid)
    tree = queries.tree(work.draft)
    if usage_id not in tree.spots or tree.unit_of(usage_id) != usage_id:
        raise NotThere("no-such-unit", _("This unit is not in the draft, or no longer."))
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    look = Look(person_id, work.draft.uuid, usage_id, usage_id, get_language() or "zh-hans")
    origin = addresses.origin(work.course.label)
    context = {
        **around(work, *part_crumbs(work, tree, usage_id), (_("Preview"), "")),
        "spot": tree.spots[usage_id],
        "frame_url": preview.frame_url(look, work.course.label),
        "frame_origin": "null" if addresses.is_opaque() else origin,
        "opaque": addresses.is_opaque(),
    }
    response = render(request, "courses/authoring/preview.html", context)
    response._csp_update = {"frame-src": [origin]}  # type: ignore[attr-defined]  # how django-csp takes an exception
    return response


def _not_begun(request: HttpRequest, course: Course) -> HttpResponse:
    context = {
        "course": course,
        "info": course_info(course),
        "newest": queries.newest_version(course),
        "crumbs": crumbs(course, last=True),
    }
    return render(request, "courses/authoring/begin.html", context)


def _do(request: HttpRequest, work: Work) -> str:
    """Carry out what a button "verb revision usage_id" says; returns the block that it was about."""
    verb, _space, rest = request.POST.get("do", "").partition(" ")
    seen, _space, usage_id = rest.partition(" ")
    given: dict[str, Any] = {"course_id": work.course.pk, "usage_id": usage_id, "acting": work.actor}
    if verb not in ("up", "down", "duplicate") or not seen.isdigit():
        raise Refusal("no-such-deed", _("This page has changed. Open it again."))
    if verb == "duplicate":
        copy = structure.duplicate(**given)
        messages.success(request, _("A copy stands right after the original."))
        return copy
    try:
        structure.step(**given, down=verb == "down", seen=int(seen))
    except Stale:
        raise
    except Refusal as refusal:
        messages.warning(request, str(refusal.message))
    return usage_id


def _section_of(work: Work, usage_id: str) -> str:
    tree = queries.tree(work.draft)
    line = [*tree.above(usage_id), tree.spots[usage_id]]
    return line[1].usage_id if len(line) > 1 else ""


def anchor(usage_id: str) -> str:
    """Return the name of a block's line on a page."""
    return f"b-{usage_id}"


def _timeline(deeds: list[queries.Deed]) -> list[dict[str, Any]]:
    return [
        {
            "what": wording.deed(deed.verb, deed.name, deed.usage_id),
            "who": deed.by or _("The system"),
            "when": deed.happened_at,
        }
        for deed in deeds
    ]


def outline_url(work: Work) -> str:
    """Return the address of a draft's outline."""
    return reverse("courses:authoring_outline", args=[work.course.uuid])


def unit_url(work: Work, usage_id: str) -> str:
    """Return the address of a unit's page."""
    return reverse("courses:authoring_unit", args=[work.course.uuid, usage_id])


def around(work: Work, *more: tuple[str, str], last: bool = False) -> dict[str, Any]:
    """Return what every page of a draft shows around its own matter."""
    return {
        "course": work.course,
        "info": course_info(work.course),
        "draft": work.draft,
        "crumbs": [*crumbs(work.course, last=last), *more],
    }


def part_crumbs(work: Work, tree: Tree, usage_id: str, *, linked: bool = False) -> list[tuple[str, str]]:
    """Return the way to a unit, with its address where the page itself is below it."""
    spot = tree.spots[usage_id]
    return [(spot.display_name or wording.type_name(spot.block_type), unit_url(work, usage_id) if linked else "")]


def crumbs(course: Course, *, last: bool = False) -> list[tuple[str, str]]:
    """Return the way to a course's draft; empty address on the page itself."""
    return [
        (_("Course content"), reverse("courses:content_courses")),
        (
            course_info(course).name(get_language() or "zh-hans"),
            reverse("courses:content_versions", kwargs={"course_uuid": course.uuid}),
        ),
        (_("Draft"), "" if last else reverse("courses:authoring_outline", args=[course.uuid])),
    ]
