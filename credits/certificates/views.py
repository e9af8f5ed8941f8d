"""The student's certificates, and the registrar's register of those the institution issued."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credits.certificates import access, actions, queries, screens
from credits.certificates.forms import ReasonForm
from credits.certificates.models import Certificate
from credits.certificates.records import FILE_NAME
from credits.certificates.states import CertificateStatus
from edu.design.values import Tab
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

PER_PAGE = 50  # look.md archetype 3
FRAGMENT = "X-Fragment"


@people.signed_in
@require_GET
def my_certificates(request: HttpRequest) -> HttpResponse:
    """Show the person's certificates, and the credits for which one can be requested."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    lots = queries.lots_with_certificates(actor.person_uuid)
    rows = screens.achievements_of(lots)
    return render(
        request,
        "credits/certificates/my_certificates.html",
        {
            "issuers": screens.issuers_of(lots),
            "waiting": [row for row in rows if row.row is None],
            "rows": [screens.row_of(row) for row in queries.of_holder(actor.person_uuid)],
        },
    )


@people.signed_in
@require_POST
def request_certificate(request: HttpRequest, lot_uuid: UUID) -> HttpResponse:
    """Request the certificate about a credit of one's own; a refusal says why on the list."""
    try:
        info = actions.issue_certificate(lot_uuid=lot_uuid, acting=people.actor_of(request))
    except NotThere:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("credits:my_certificates")
    return redirect("credits:my_certificate", uuid=info.uuid)


@people.signed_in
@require_GET
@never_cache
def my_certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one certificate: being made, ready to download, or no longer in force."""
    certificate = access.own_certificate(people.actor_of(request), uuid)
    context = {"row": screens.row_of(certificate), "successor": queries.successor_of(certificate)}
    if request.headers.get(FRAGMENT):
        return render(request, "credits/certificates/progress.html", context)
    return render(
        request,
        "credits/certificates/my_certificate.html",
        {**context, "timeline": screens.timeline_of(certificate)},
    )


@people.signed_in
@require_GET
def my_pdf(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Hand the holder the paper."""
    return _paper(access.own_certificate(people.actor_of(request), uuid))


@people.signed_in
@require_GET
def my_record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand the holder the machine record."""
    certificate = access.own_certificate(people.actor_of(request), uuid)
    if not certificate.pdf:
        raise _not_made_yet()
    response = HttpResponse(queries.record_bytes(certificate), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{certificate.number}-{FILE_NAME}"'
    return response


@people.signed_in
@require_GET
def registry(request: HttpRequest) -> HttpResponse:
    """List the certificates of the registrar's institution, by state and by what is searched."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    institution = access.institution_of(actor)
    search, status = request.GET.get("q", "").strip()[:100], request.GET.get("status", "")
    status = status if status in set(CertificateStatus) else ""
    found = queries.of_issuer(institution, search=search, status=status)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [screens.row_of(row) for row in page.object_list],
        "search": search,
        "status": status,
        "tabs": _tabs(status),
        "has_key": any(key.to_at is None for key in queries.keys_of(institution)),
    }
    return render(request, "credits/certificates/registry.html", context)


@people.signed_in
@require_http_methods(["GET", "HEAD"])
def registry_certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one certificate of the institution with its history and what can be done."""
    certificate = access.issued_here(people.require_role(request, people.Role.REGISTRAR), uuid)
    return _registry_page(request, certificate, ReasonForm(), ReasonForm())


@people.signed_in
@require_GET
def registry_pdf(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Hand the registrar the paper."""
    return _paper(access.issued_here(people.require_role(request, people.Role.REGISTRAR), uuid))


@people.signed_in
@require_POST
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Revoke a certificate for good, with the reason that verifiers will read."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    certificate = access.issued_here(actor, uuid)
    form = ReasonForm(request.POST, prefix="revoke")
    if not form.is_valid():
        return _registry_page(request, certificate, form, ReasonForm(prefix="reissue"), status=422)
    actions.revoke_certificate(certificate_uuid=uuid, reason=form.cleaned_data["reason"], acting=actor)
    messages.success(request, _("The certificate is revoked. Its address says so from now on."))
    return redirect("credits:registry_certificate", uuid=uuid)


@people.signed_in
@require_POST
def suspend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Suspend a certificate for the time of an inquiry, or put it into force again; the form says which."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    certificate = access.issued_here(actor, uuid)
    form = ReasonForm(request.POST, prefix="suspend")
    if not form.is_valid():
        return _registry_page(request, certificate, ReasonForm(), ReasonForm(), suspending=form, status=422)
    if certificate.status == CertificateStatus.SUSPENDED:
        actions.restore_certificate(certificate_uuid=uuid, reason=form.cleaned_data["reason"], acting=actor)
        messages.success(request, _("The certificate is in force again."))
    else:
        actions.suspend_certificate(certificate_uuid=uuid, reason=form.cleaned_data["reason"], acting=actor)
        messages.success(
            request, _("The certificate is suspended. Its address says so until you restore or revoke it.")
        )
    return redirect("credits:registry_certificate", uuid=uuid)


@people.signed_in
@require_POST
def reissue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a new certificate with today's names in place of this one."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    certificate = access.issued_here(actor, uuid)
    form = ReasonForm(request.POST, prefix="reissue")
    if not form.is_valid():
        return _registry_page(request, certificate, ReasonForm(prefix="revoke"), form, status=422)
    info = actions.reissue_certificate(certificate_uuid=uuid, reason=form.cleaned_data["reason"], acting=actor)
    messages.success(request, _("The new certificate is being made. The old one is superseded as soon as it is ready."))
    return redirect("credits:registry_certificate", uuid=info.uuid)


def _registry_page(
    request: HttpRequest,
    certificate: Certificate,
    revoking: ReasonForm,
    reissuing: ReasonForm,
    *,
    suspending: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "row": screens.row_of(certificate),
        "timeline": screens.timeline_of(certificate),
        "successor": queries.successor_of(certificate),
        "pending": queries.pending_successor_of(certificate),
        "revoking": revoking if revoking.is_bound else ReasonForm(prefix="revoke"),
        "reissuing": reissuing if reissuing.is_bound else ReasonForm(prefix="reissue"),
        "suspending": suspending or ReasonForm(prefix="suspend"),
        "form": next((form for form in (revoking, reissuing, suspending) if form and form.is_bound), None),
    }
    return render(request, "credits/certificates/registry_certificate.html", context, status=status)


def _tabs(chosen: str) -> list[Tab]:
    tabs = [Tab(_("All"), "?", current=not chosen)]
    for status, (_tone, word) in screens.TAGS.items():
        tabs.append(Tab(word, f"?status={status}", current=chosen == status))
    return tabs


def _paper(certificate: Certificate) -> FileResponse:
    paper = queries.paper_of(certificate)
    if paper is None:
        raise _not_made_yet()
    return FileResponse(
        paper.open("rb"),
        as_attachment=True,
        filename=f"{certificate.number}.pdf",
        content_type="application/pdf",
    )


def _not_made_yet() -> NotThere:
    return NotThere("not-made-yet", _("The certificate is still being made. Reload its page in a moment."))
