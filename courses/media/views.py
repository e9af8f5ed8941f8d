"""The author's page about the films of a version: their lighter copies, asked for, called off, asked for again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info
from courses.content import access
from courses.content.models import ContentVersion
from courses.media import actions, desk, ffmpeg
from courses.media.tasks import make_renditions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people


@people.signed_in
@require_http_methods(["GET", "POST"])
def films(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponse:
    """Show a version's films with what their copies weigh; ask for copies, call one off, ask again."""
    course, actor = access.course_for(request, course_uuid)
    version = access.version_of(course, number)
    if request.method == "POST":
        _do(request, course, version, actor)
        return redirect("courses:content_films", course_uuid=course_uuid, number=number)
    info = course_info(course)
    name = info.name(get_language() or "zh-hans")
    context = {
        "course": course,
        "info": info,
        "version": version,
        "desk": desk.of_version(version),
        "has_ffmpeg": bool(ffmpeg.program()),
        "crumbs": [
            (_("Course content"), reverse("courses:content_courses")),
            (name, reverse("courses:content_versions", args=[course.uuid])),
            (
                _("Version %(number)s") % {"number": number},
                reverse("courses:content_report", args=[course.uuid, number]),
            ),
            (_("Videos"), ""),
        ],
    }
    return render(request, "courses/media/films.html", context)


def _do(request: HttpRequest, course: Course, version: ContentVersion, actor: Actor) -> None:
    deed = request.POST.get("deed", "")
    if deed == "request":
        made = actions.request_renditions(version.uuid, acting=actor)
        messages.success(request, _("%(count)s copies are asked for.") % {"count": made})
    elif deed == "cancel":
        actions.cancel_rendition(_uuid(request), course_id=course.pk, acting=actor)
        messages.success(request, _("Called off. The uploaded video stays as it is."))
    elif deed == "retry":
        actions.retry_rendition(_uuid(request), course_id=course.pk, acting=actor)
        messages.success(request, _("Asked for again."))
    else:
        raise NotThere("no-such-deed")
    make_renditions.delay_hint()


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("copy", ""))
    except ValueError:
        raise NotThere("no-such-rendition") from None
