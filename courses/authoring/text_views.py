"""What the editor of a text asks for while one writes: pictures of the draft, units to link to. JSON."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.authoring import access, files, forms, limits, outline, preview, queries
from courses.authoring.access import Work
from courses.authoring.frame_views import NOT_KEPT
from courses.content.storage import open_asset
from courses.runtime import ranges
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Answer with the draft's pictures that have the words of `q` in their name, the newest first; take a new one."""
    work = access.work_for(request, course_uuid)
    if request.method == "POST":
        return _take(request, work)
    found, more = queries.pictures(work.draft, request.GET.get("q", ""))
    return JsonResponse({"pictures": [_picture(work, path) for path in found], "more": more})


def _take(request: HttpRequest, work: Work) -> JsonResponse:
    form = forms.PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(form.errors["upload"][0])
    upload = form.cleaned_data["upload"]
    try:
        path = files.add(course_id=work.course.pk, upload=upload, wanted=files.PICTURES, acting=work.actor)
    except Refusal as refusal:
        return _refused(str(refusal.message))
    return JsonResponse(_picture(work, path), status=201)


def _refused(why: Any) -> JsonResponse:
    return JsonResponse({"error": str(why)}, status=400)


def _picture(work: Work, path: str) -> dict[str, str]:
    """Return how a text names a picture, and where the editor shows it from."""
    url = reverse("courses:authoring_picture", args=[work.course.uuid, path.removeprefix(files.STATIC)])
    return {"path": f"/{path}", "url": url}


@people.signed_in
@require_safe
def picture(request: HttpRequest, course_uuid: UUID, file: str) -> HttpResponseBase:
    """Send a picture of the draft to its author, under the site's own origin: as a picture, never as a page."""
    work = access.work_for(request, course_uuid)
    found = preview.file_of(work.draft.uuid, file)
    if not found.media_type.startswith("image/"):
        raise NotThere("no-picture")
    response = ranges.answer(request, open_asset(found.sha256), size=found.size, media_type=found.media_type)
    response["Cache-Control"] = NOT_KEPT
    response["ETag"] = f'"{found.sha256[:32]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@never_cache
@people.signed_in
@require_safe
def units(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Answer with the units whose way in the outline has the words of `q`, and how a text links to each."""
    work = access.work_for(request, course_uuid)
    tree = queries.tree(work.draft)
    found = outline.with_words(outline.unit_labels(tree), request.GET.get("q", ""))
    shown = [_unit(usage_id, label) for usage_id, label in found[: limits.CHOICES_SHOWN]]
    return JsonResponse({"units": shown, "more": len(found) - len(shown)})


def _unit(usage_id: str, label: str) -> dict[str, str]:
    place, _arrow, name = label.rpartition(" › ")
    return {"name": name, "place": place, "address": f"/jump_to_id/{usage_id.partition('@')[2]}"}
