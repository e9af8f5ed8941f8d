"""A version as a learner would first see it, for those who write it and those who approve it. Nothing is kept."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.authoring.preview import NO_RUN
from courses.catalogue.queries import course_info
from courses.content import access, queries
from courses.content.crumbs import crumbs_of
from courses.runtime import addresses, grants
from courses.runtime.grants import Grant
from edu.kernel.errors import NotThere
from edu.people import api as people


@people.signed_in
@require_safe
def first(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponse:
    """Go to the first unit of a version."""
    course, _approves = access.course_to_read(request, course_uuid)
    units = queries.outline(access.version_of(course, number).pk).units()
    if not units:
        raise NotThere("no-unit", _("This version has no unit yet."))
    return redirect("courses:content_look_unit", course.uuid, number, units[0].usage_id)


@never_cache
@people.signed_in
@require_safe
def unit(request: HttpRequest, course_uuid: UUID, number: int, usage_id: str) -> HttpResponse:
    """Show a unit of a version, with the way to its others."""
    course, approves = access.course_to_read(request, course_uuid)
    version = access.version_of(course, number)
    outline = queries.outline(version.pk)
    units = outline.units()
    place = next((place for place, node in enumerate(units) if node.usage_id == usage_id), None)
    if place is None:
        raise NotThere("no-such-unit", _("This unit is not in the version."))
    assert request.user.pk is not None  # signed_in has seen to it
    language = get_language() or "zh-hans"
    grant = Grant(request.user.pk, NO_RUN, version.pk, usage_id, usage_id, False, language, True)
    origin = addresses.origin(course.label)
    context = {
        "course": course,
        "info": course_info(course),
        "version": version,
        "outline": outline,
        "unit": units[place],
        "number_of_unit": place + 1,
        "units": len(units),
        "previous": units[place - 1] if place else None,
        "next": units[place + 1] if place + 1 < len(units) else None,
        "frame_url": origin + addresses.frame_path("frame", grants.sign_frame(grant)),
        "frame_origin": "null" if addresses.is_opaque() else origin,
        "opaque": addresses.is_opaque(),
        "crumbs": [*crumbs_of(course, approver=approves), (_("Version %(number)s") % {"number": number}, "")],
    }
    response = render(request, "courses/authoring/look.html", context)
    response._csp_update = {"frame-src": [origin]}  # type: ignore[attr-defined]  # how django-csp takes an exception
    return response
