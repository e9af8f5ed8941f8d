"""The pages on which anybody checks a certificate: no sign-in, no cookie, no script, both languages, Chinese first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from credits.certificates import checks, verdicts, wording
from credits.certificates import statement as statements
from credits.certificates.checks import FILE_SIZE_MAX_BYTES, Check
from credits.certificates.records import Unreadable
from credits.certificates.rules import Outcome, plain_number
from edu.api.limits import Limit, client_of, take
from edu.design.formats import table_moment
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people import api as people

BY_CLIENT = Limit("certificate-check", times=30, seconds=600)  # a personnel office checks a stack, a guesser thousands
BY_NUMBER = Limit("certificate-number", times=10, seconds=3600)  # names guessed for one number, from many addresses
FORM_OVERHEAD_BYTES = 64 * 1024  # what a form adds to its file
VERIFIER = Actor(person_uuid=None, institution_uuid=None, role="verifier")
STATUS = {Outcome.UNKNOWN: 404, Outcome.NOT_GENUINE: 200, Outcome.UNAVAILABLE: 503}

View = Callable[..., HttpResponse]


def in_both_languages(view: View) -> View:
    """Let a page without a language in its address speak Chinese first, whatever the browser asks for."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("zh-hans"):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = "zh-Hans, en"
        return response

    return spoken


class NumberForm(forms.Form):
    """What stands on paper. Both have to fit; the answer never says which one did not."""

    number = forms.CharField(max_length=40)
    name = forms.CharField(max_length=120)


@require_safe
@never_cache
@in_both_languages
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is signed at a certificate's address, and whether it is in force."""
    return _shown(request, _checked(lambda: checks.by_token(token)))


@csrf_exempt  # it changes nothing and knows nobody; the check would read a huge upload before its size is looked at
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_both_languages
def check(request: HttpRequest) -> HttpResponse:
    """Offer the two ways without an address: number and name, or the file."""
    if request.method != "POST":
        return _form(request, {"number": request.GET.get("number", "")[:40]})
    if _length_of(request) > FILE_SIZE_MAX_BYTES + FORM_OVERHEAD_BYTES:
        return _form(request, {"trouble": verdicts.UNREADABLE["too-large"]}, status=413)
    wait_s = take(BY_CLIENT, client_of(request))
    if wait_s:
        return _too_often(request, wait_s)
    uploaded = request.FILES.get("file")
    if isinstance(uploaded, UploadedFile):
        return _check_file(request, uploaded)
    return _check_number(request)


def _check_number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST)
    if not form.is_valid():
        context = {"number": request.POST.get("number", "")[:40], "incomplete": True}
        return _form(request, context, status=422)
    number, name = form.cleaned_data["number"], form.cleaned_data["name"]
    wait_s = take(BY_NUMBER, plain_number(number))
    if wait_s:
        return _too_often(request, wait_s)
    return _shown(request, _checked(lambda: checks.by_number_and_name(number, name)), by_number=True)


def _check_file(request: HttpRequest, uploaded: "UploadedFile[bytes]") -> HttpResponse:
    data = uploaded.read(FILE_SIZE_MAX_BYTES + 1)
    try:
        found = _checked(lambda: checks.of_file(data))
    except Unreadable as error:
        return _form(request, {"trouble": verdicts.UNREADABLE[error.code]}, status=422)
    return _shown(request, found, from_file=True)


def _checked(ask: Callable[[], Check]) -> Check:
    """Ask the register; when it does not answer, say exactly that and nothing about the certificate."""
    try:
        return ask()
    except DatabaseError:
        return Check(Outcome.UNAVAILABLE)


def _shown(request: HttpRequest, found: Check, **context: Any) -> HttpResponse:
    verdict = verdicts.VERDICTS[found.outcome.value]
    moment = table_moment(clock.now())
    context |= {"check": found, "verdict": verdict, "checked_at": moment, "checked_words": f"核验于{moment}"}
    if found.statement:
        _note_look(request, found)
        context |= {
            "zh": wording.in_chinese(found.statement),
            "en": wording.in_english(found.statement),
            "ended_on": table_moment(found.ended_at) if found.ended_at else "",
            "key_id": statements.field(found.statement, "key_id"),
        }
    if found.fault:
        context["fault"] = verdicts.FAULTS[found.fault.value] if found.outcome is Outcome.NOT_GENUINE else None
    return render(request, "credits/certificates/verify.html", context, status=STATUS.get(found.outcome, 200))


def _note_look(request: HttpRequest, found: Check) -> None:
    """Keep for the holder that somebody checked; a second look within the hour leaves no further row."""
    viewer = getattr(request, "actor", None) or VERIFIER
    if found.certificate:
        people.note_access(viewer, found.certificate.holder.uuid, "certificates")


def _form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "credits/certificates/check.html", context, status=status)


def _too_often(request: HttpRequest, wait_s: int) -> HttpResponse:
    minutes = -(-wait_s // 60)
    trouble = (f"核验次数过多。请 {minutes} 分钟后再试。", f"Too many checks. Try again in {minutes} min.")
    response = _form(request, {"trouble": trouble}, status=429)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _length_of(request: HttpRequest) -> int:
    """Return how long the request says it is; one that does not say is too long."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isdigit() else FILE_SIZE_MAX_BYTES * 2
