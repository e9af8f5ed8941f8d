"""Pages for times without a network: taking a course along, what is stored on the device, the worker that keeps it."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.learning import views
from courses.learning.access import Mode, study_of
from courses.learning.queries import contents_of
from courses.offline import built, sizes
from courses.runtime import addresses, passes
from courses.runtime.grants import Grant
from edu.kernel.errors import NotThere
from edu.people.api import actor_of, signed_in

WORKER = "courses/client/entries/learn_worker.ts"
CONTROLLERS = "courses/client/controllers"
SHELL = (
    "edu/client/main.ts",
    "edu/client/styles/main.css",
    "courses/client/entries/learning.css",
    f"{CONTROLLERS}/unit_frame_controller.ts",
    f"{CONTROLLERS}/offline_controller.ts",
    f"{CONTROLLERS}/stored_controller.ts",
)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker of the learning pages; it lies under their path, so that is its scope."""
    return built.worker_script(WORKER, SHELL)


@require_safe
@never_cache
@signed_in
def fresh_pass(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Give the learner who is signed in now the address to hand in what waits; a stored page's own has run out."""
    return JsonResponse({"address": addresses.frame_path("hand-in", passes.sign_pass(_grant(request, run_uuid)))})


@require_safe
@never_cache
@signed_in
def take_along(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show how large the course is, store it, and show and delete what is stored."""
    study = views.study_for(request, run_uuid)
    version = study.run.content
    if study.mode == Mode.WAITS or version is None:
        return views.not_yet(request, study)
    contents = contents_of(study)
    weighed = sizes.taken_along(version.pk, version.uuid)
    lines = [(unit, weighed[unit.usage_id].total if unit.usage_id in weighed else 0) for unit in contents.units()]
    context = {
        **views.around(study),
        "lines": lines,
        "total": sizes.total(weighed),
        "possible": study.keeps and not addresses.is_opaque(),
        "keeper_url": "",
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    if context["possible"]:
        token = passes.sign_pass(_grant(request, run_uuid))
        context["keeper_url"] = addresses.origin(study.run.course.label) + addresses.frame_path("keeper", token)
    return views.kept_for(render(request, "courses/learning/take_along.html", context), study)


@require_safe
@never_cache
@signed_in
def stored(request: HttpRequest) -> HttpResponse:
    """Show what this device has stored; the list is the device's own, so the page is the same for everybody."""
    response = render(request, "courses/learning/stored.html", {"words": json.dumps(_words(), ensure_ascii=False)})
    assert request.user.pk is not None  # signed_in has seen to it
    response["X-Guixue-Owner"] = passes.owner_id(request.user.pk, "")
    return response


def _grant(request: HttpRequest, run_uuid: UUID) -> Grant:
    assert request.user.pk is not None  # signed_in has seen to it
    study = study_of(actor_of(request), request.user.pk, run_uuid)
    if not study.keeps or study.run.content is None or addresses.is_opaque():
        raise NotThere("nothing-is-stored")
    language = get_language() or "zh-hans"
    return Grant(study.person_id, study.run.pk, study.run.content.pk, "", "", True, language)


def _words() -> dict[str, str]:
    """Return the texts of the pages' scripts by the names they use."""
    return {
        "unsent": _("{count} answers were not sent yet and would be lost. Delete all the same?"),
        "waiting": _("{count} answers not sent yet"),
        "storing": _("Storing: {done} of {total} units"),
        "done": _("Stored: {done} of {total} units"),
        "partly": _(
            "Stored: {done} of {total} units. The rest failed; press the button again when the network is better."
        ),
        "failed": _("It did not work. Look at the network and try again."),
        "no_wifi": _("You are on mobile data. Nothing was fetched."),
        "impossible": _("This browser can store nothing. Use a newer one."),
        "removed": _("Deleted from this device."),
        "stored": _("stored, {size}"),
        "opened": _("opened once"),
        "missing": _("not stored"),
        "nothing": _("Nothing is stored on this device."),
    }
