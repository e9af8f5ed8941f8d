"""HTTP of the frame's origin for work without a network: the worker, the keeper of a course, the queue. No cookies."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from courses.offline import built, handing_in
from courses.runtime import access, addresses, grants, passes
from courses.runtime.catalogue import texts
from courses.runtime.policies import content_security_policy

WORKER = "courses/client/entries/frame_worker.ts"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker of a course's origin."""
    return built.worker_script(WORKER)


@require_POST
def hand_in(request: HttpRequest, token: str) -> HttpResponse:
    """Take what was done without a network; the answer says of each item what became of it."""
    grant = passes.read_pass(token)
    with translation.override(grant.language):
        try:
            data = json.loads(request.body)
        except ValueError:
            data = None
        outcomes = handing_in.hand_in(grant, handing_in.read_items(data))
        results = [
            {
                "key": str(done.key),
                "status": done.status,
                "code": done.code,
                "message": done.message,
                "reply": done.reply,
                "view": done.view,
            }
            for done in outcomes
        ]
    return JsonResponse({"results": results}, headers={"Cache-Control": "no-store"})


@require_safe
def forget(request: HttpRequest) -> HttpResponse:
    """Show the empty page that deletes what this origin has stored on the device, for whoever held it."""
    response = render(request, "courses/offline/forget.html", {"site_origin": addresses.site_origin()})
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; frame-ancestors {addresses.site_origin()}"
    )
    return response


@require_safe
def keeper(request: HttpRequest, token: str) -> HttpResponse:
    """Show the empty page in which a course's frames and files are kept, counted and deleted."""
    grant = passes.read_pass(token)
    label = access.place_of(grant).course_label
    access.check_home(request, label)
    with translation.override(grant.language):
        context = {
            "words": json.dumps(texts(), ensure_ascii=False).replace("<", "\\u003c"),
            "site_origin": addresses.site_origin(),
            "owner": passes.owner_id(grant.person_id, label),
            "run_name": grants.anonymous_id(grant.person_id, grant.run_id),
            "hand_in_url": addresses.frame_path("hand-in", token),
        }
        response = render(request, "courses/offline/keeper.html", context)
    response["Content-Security-Policy"] = content_security_policy(addresses.origin(label))
    response["Cache-Control"] = "no-store"
    return response
