"""HTTP between a partner's platform and us as a tool: login, launch, arrival, choosing, connecting an account."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.enrolment.listing import course_url
from courses.lti import choosing, linking, platforms
from courses.lti.platform_models import PlatformLogin
from courses.lti.posting import post_page
from courses.lti.readable import readable
from edu.api.limits import Limit, client_of, take
from edu.kernel.errors import NotThere, Refusal
from edu.people.api import actor_of

COOKIE = "lti-{}"
LOGINS = Limit("lti-login", times=600, seconds=60)  # a class opens its link at once, from one address


@readable
@csrf_exempt  # begun by the platform's page; what counts is the signed launch that answers it
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Begin a platform's login: the browser goes there, with a secret of ours in a cookie."""
    if take(LOGINS, client_of(request)):
        raise Refusal("too-many-logins", _("Too many people come at once. Try again in a minute."))
    begun = platforms.begin((request.POST if request.method == "POST" else request.GET).dict())
    response = HttpResponseRedirect(begun.url)
    response.set_cookie(
        _cookie(begun.login.uuid),
        begun.secret,
        max_age=platforms.LOGIN_S + platforms.ARRIVAL_S,
        path="/lti/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


@readable
@csrf_exempt  # posted by the platform's page; the token is signed, bound to our nonce and taken once
@never_cache
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Take the signed launch; where it leads is shown after one more hop, on which our cookies come along."""
    taken = platforms.launch(request.POST.dict())
    return HttpResponseRedirect(reverse("lti_wire:arrive", args=[taken.uuid]), status=303)


@readable
@never_cache
@require_GET
def arrive(request: HttpRequest, login_uuid: UUID) -> HttpResponse:
    """Lead the learner to the run or unit, a teacher of the platform to the choice."""
    found = _login(request, login_uuid)
    if platforms.may_choose(found):
        return _choice_page(request, found)
    acting = actor_of(request)
    account = linking.account_of(found, acting)
    if account is None:
        return render(request, "courses/lti/connect.html", {"login": found, "platform": found.platform})
    arrival = linking.arrive(found, account)
    if not arrival.has_place:
        address = course_url(arrival.run.course.uuid, request)
        context = {"run": arrival.run, "course_url": address, "platform": found.platform}
        return render(request, "courses/lti/no_place.html", context)
    if arrival.unit:
        return redirect("courses:learn_unit", arrival.run.uuid, arrival.unit)
    return redirect("courses:learn", arrival.run.uuid)


@readable
@never_cache
@require_POST
def connect(request: HttpRequest, login_uuid: UUID) -> HttpResponse:
    """Connect the launched learner to the account that is signed in: the learner pressed the button for it."""
    found = _login(request, login_uuid)
    if platforms.may_choose(found):
        raise NotThere("no-such-launch")
    linking.link(found, acting=actor_of(request))
    messages.success(request, _("Connected. From now on links of that platform lead here directly."))
    return redirect("lti_wire:arrive", login_uuid)


@readable
@never_cache
@require_POST
def choose(request: HttpRequest, login_uuid: UUID) -> HttpResponse:
    """Send the choice to the platform."""
    found = _login(request, login_uuid)
    if not platforms.may_choose(found):
        raise NotThere("no-such-launch")
    url, fields = choosing.answer(found, request.POST.get("choice", ""), get_language() or "zh-hans")
    return post_page(request, url, fields.items(), title=_("Sending your choice"), button=_("Send the choice"))


def _choice_page(request: HttpRequest, found: PlatformLogin) -> HttpResponse:
    runs = choosing.runs_to_choose(found)
    wanted = request.GET.get("run", "")
    run = next((one for one in runs if str(one.uuid) == wanted), None)
    units = choosing.units_of(run) if run else []
    context = {"login": found, "platform": found.platform, "runs": runs, "run": run, "units": units}
    return render(request, "courses/lti/choose.html", context)


def _login(request: HttpRequest, login_uuid: UUID) -> PlatformLogin:
    return platforms.arrived(login_uuid, request.COOKIES.get(_cookie(login_uuid), ""))


def _cookie(login_uuid: UUID) -> str:
    return COOKIE.format(login_uuid.hex)
