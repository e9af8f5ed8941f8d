"""The holder's pages: links to a certificate, and who looked."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from credits.certificates import access, screens
from credits.certificates.models import Certificate
from credits.checking import actions, queries
from credits.checking.forms import SCOPE, ShareForm
from credits.checking.models import Share
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

WORDS: dict[str, str | Promise] = dict(SCOPE)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A link as its holder sees it."""

    share: Share
    address: str
    shows: list[str]
    is_open: bool
    looks: list[object]


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_shares(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List the links to one certificate with the looks at each, and make a new one."""
    actor = people.actor_of(request)
    certificate = access.own_certificate(actor, uuid)
    form = ShareForm(request.POST or None)
    if request.method != "POST":
        return _page(request, certificate, form)
    if not form.is_valid():
        return _page(request, certificate, form, status=422)
    try:
        actions.share_certificate(certificate_uuid=uuid, acting=actor, **form.cleaned_data)
    except NotThere:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, certificate, form, status=422)
    messages.success(request, _("The link is ready. Whoever has it sees what you picked, until it ends."))
    return redirect("credits:my_shares", uuid=uuid)


@people.signed_in
@require_POST
def end_share(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a link."""
    share = actions.end_share(share_uuid=uuid, acting=people.actor_of(request))
    messages.success(request, _("The link has ended. Whoever opens it reads that it is no longer shared."))
    return redirect("credits:my_shares", uuid=share.certificate.uuid)


def _page(request: HttpRequest, certificate: Certificate, form: ShareForm, status: int = 200) -> HttpResponse:
    context = {
        "row": screens.row_of(certificate),
        "shares": [_row(share) for share in queries.shares_of(certificate)],
        "form": form,
    }
    return render(request, "credits/checking/my_shares.html", context, status=status)


def _row(share: Share) -> ShareRow:
    base = str(settings.GUIXUE_BASE_URL).rstrip("/")
    return ShareRow(
        share=share,
        address=base + reverse("checking:shared", args=[share.token]),
        shows=[str(WORDS[group]) for group in share.scope if group in WORDS],
        is_open=queries.is_open(share),
        looks=list(getattr(share, "shown", [])),
    )
