"""The account: who am I, under which identity, how safe, who looked; activation, reset, sign-up."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from segno import make as make_qr

from edu.institutions import api as institutions_api
from edu.kernel.errors import Refusal
from edu.people import attempts
from edu.people.access import SECOND_FACTOR_ROLES, actor_of, has_second_factor, signed_in
from edu.people.actions import check_code, set_language, set_password_by_code, sign_up
from edu.people.forms import ActivationForm, CodeForm, NewPasswordForm, SignUpForm, checked_code
from edu.people.middleware import IDENTITY_KEY
from edu.people.models import CodePurpose, Person, Role
from edu.people.queries import access_notes, record_name

CODE_KEY = "people.code"  # the checked one-time code, between its two steps
PROGRAMS = {"machine": _("A program of the institution"), "tool": _("A tool on another server")}  # by role
ACCESS_NOTES_PER_PAGE = 50  # one screen of a phone is ten


def person_of(request: HttpRequest) -> Person:
    """Return the signed-in person of a request that passed `signed_in`."""
    assert isinstance(request.user, Person)
    return request.user


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Who am I, under which identity do I act, and how safe is the account."""
    person = person_of(request)
    role = actor_of(request).role
    context = {
        "person": person,
        "protected": is_mfa_enabled(person),
        "must_protect": role in SECOND_FACTOR_ROLES,
        "office": role in {Role.REGISTRAR, Role.SCHOOL_COORDINATOR},
        "operator": role == Role.OPERATOR,
    }
    return render(request, "people/account.html", context)


@signed_in
def identities(request: HttpRequest) -> HttpResponseBase:
    """Choose the identity under which one acts from now on."""
    if request.method == "POST":
        held = {str(identity.uuid) for identity in request.identities}  # type: ignore[attr-defined]  # by the middleware
        if request.POST.get("identity") in held:
            request.session[IDENTITY_KEY] = request.POST["identity"]
            return redirect(_onward(request) or reverse("people:account"))
        messages.error(request, _("Choose one of the identities."))
    return render(request, "people/identities.html", {"next": _onward(request)})


@signed_in
def access_log(request: HttpRequest) -> HttpResponse:
    """Who looked at my record: role, institution, what and when."""
    notes = Paginator(access_notes(person_of(request).uuid), ACCESS_NOTES_PER_PAGE)
    page = notes.get_page(request.GET.get("page"))
    uuids = {note.viewer_institution_uuid for note in page if note.viewer_institution_uuid}
    names = institutions_api.names_today(uuids, get_language() or "zh-hans") if uuids else {}
    rows = [
        {
            "what": record_name(note.what),
            "role": _office(note.viewer_role),
            "institution": names.get(note.viewer_institution_uuid, "") if note.viewer_institution_uuid else "",
            "when": note.happened_at,
        }
        for note in page
    ]
    return render(request, "people/access_log.html", {"page": page, "rows": rows})


@signed_in
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Stand before what needs a second factor: set one up, or show it once more in this session."""
    onward = _onward(request) or reverse("people:account")
    if has_second_factor(request):
        return redirect(onward)
    protected = is_mfa_enabled(person_of(request))
    step = reverse("mfa_reauthenticate" if protected else "mfa_activate_totp")
    context = {"protected": protected, "step": f"{step}?{urlencode({'next': onward})}"}
    return render(request, "people/second_factor.html", context)


@require_POST
@signed_in
def language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language for notices."""
    wanted = request.POST.get("language", "")
    if wanted in {"zh-hans", "en"}:
        set_language(person_uuid=person_of(request).uuid, language=wanted, acting=actor_of(request))
        messages.success(request, _("The language of notices is saved."))
    return redirect("people:account")


@never_cache
@sensitive_post_parameters("code")
def activate(request: HttpRequest) -> HttpResponseBase:
    """First step of activation: who, and the code on the sheet of the school."""
    return _code_step(request, ActivationForm, CodePurpose.ACTIVATION, "people/activate.html")


@never_cache
@sensitive_post_parameters("code")
def reset(request: HttpRequest) -> HttpResponseBase:
    """First step of a new password without mail: who, and the code that the school's office gave."""
    return _code_step(request, CodeForm, CodePurpose.RESET, "people/reset.html")


def _code_step(
    request: HttpRequest, form_class: type[CodeForm], purpose: CodePurpose, template: str
) -> HttpResponseBase:
    form = form_class(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        row = checked_code(form, purpose, check_code)
        if row is not None:
            request.session[CODE_KEY] = row.pk
            return redirect("people:new_password")
    return render(request, template, {"form": form})


@never_cache
@sensitive_post_parameters("password")
def new_password(request: HttpRequest) -> HttpResponseBase:
    """Second step: set the password, which uses the code up, and sign in."""
    code_id = request.session.get(CODE_KEY)
    if code_id is None:
        return redirect("account_login")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = set_password_by_code(code_id=code_id, password=form.cleaned_data["password"])
        except Refusal as refusal:
            form.add_error("password", refusal.message)
        else:
            del request.session[CODE_KEY]
            return _sign_in(request, person)
    return render(request, "people/new_password.html", {"form": form})


@never_cache
@sensitive_post_parameters("password")
def learner_sign_up(request: HttpRequest) -> HttpResponseBase:
    """A public learner makes an account with e-mail or phone number."""
    if request.user.is_authenticated:
        return redirect("people:account")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keys = attempts.keys_of(request, "sign-up")[1:]
        try:
            attempts.check(keys)
            person = sign_up(**form.cleaned_data)
        except Refusal as refusal:
            form.add_error(_SIGN_UP_FIELDS.get(refusal.code), refusal.message)
            attempts.failed(keys)
        else:
            return _sign_in(request, person)
    return render(request, "people/sign_up.html", {"form": form})


_SIGN_UP_FIELDS = {"weak-password": "password", "identifier-taken": "identifier"}


def _sign_in(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Sign in after a new password, through the second factor where there is one."""
    person.backend = "edu.people.backends.IdentifierBackend"  # Django reads it at login
    record_authentication(request, person, method="password")
    response: HttpResponseBase = perform_login(request, Login(user=person, redirect_url=_onward(request)))
    return response


class ActivateSecondFactorView(ActivateTOTPView):
    """allauth's page, with a QR symbol of ours; the code just entered counts for this session."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        context["qr"] = make_qr(str(context["totp_url"]), error="m").svg_inline(scale=5, border=4, light="#fff")
        return context

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp")
        return response


def _onward(request: HttpRequest) -> str:
    """Return the address to go on to, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def _office(role: str) -> str:
    """Return under which office somebody looked: a person's, a program's, a tool's, and else the site itself."""
    if role in Role:
        return str(Role(role).label)
    return str(PROGRAMS.get(role, _("The platform")))
