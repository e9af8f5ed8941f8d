"""Asking for a transcript: the holder for one of an issuer, a registrar for one of a person who studied there."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from credits.certificates import access, drafts, queries, screens
from credits.certificates.states import LIVE
from credits.certificates.transcript_actions import issue_transcript
from credits.data import LotInfo
from edu.design.formats import hours_with_unit, points_with_unit
from edu.institutions import api as institutions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people


class CoursesForm(forms.Form):
    """The courses that a transcript is to list; all of them unless somebody takes some out."""

    lots = forms.MultipleChoiceField(
        label=_("Courses on the transcript"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one course: a transcript lists what was passed here.")},
    )

    def __init__(self, data: Any, lots: tuple[LotInfo, ...]) -> None:
        super().__init__(data, initial={"lots": [str(lot.uuid) for lot in lots]})
        choices = [(str(lot.uuid), _course(lot)) for lot in lots]
        self.fields["lots"].choices = choices  # type: ignore[attr-defined]  # a choice field has them


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_transcript(request: HttpRequest, issuer_uuid: UUID) -> HttpResponse:
    """Let the holder choose the courses and ask for the transcript."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    names = {"base": "base.html", "list": "credits:my_certificates", "one": "credits:my_certificate"}
    return _asked(request, actor, actor.person_uuid, issuer_uuid, names)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def registry_transcript(request: HttpRequest, person_uuid: UUID) -> HttpResponse:
    """Let a registrar issue the transcript of a person who passed courses at the institution."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    names = {
        "base": "base_staff.html",
        "list": "credits:registry_certificates",
        "one": "credits:registry_certificate",
        "person": people.person(person_uuid).name,
    }
    return _asked(request, actor, person_uuid, access.institution_of(actor), names)


def _asked(
    request: HttpRequest, actor: Actor, person_uuid: UUID, issuer_uuid: UUID, names: dict[str, str]
) -> HttpResponse:
    lots = _lots(person_uuid, issuer_uuid)
    if actor.person_uuid != person_uuid:
        people.note_access(actor, person_uuid, "certificates")
    form = CoursesForm(request.POST if request.method == "POST" else None, lots)
    if request.method == "POST" and form.is_valid():
        chosen = [UUID(text) for text in form.cleaned_data["lots"]]
        try:
            info = issue_transcript(holder_uuid=person_uuid, issuer_uuid=issuer_uuid, lot_uuids=chosen, acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error("lots", str(refusal.message))
        else:
            return redirect(names["one"], uuid=info.uuid)
    current = queries.transcripts(person_uuid, issuer_uuid).filter(status__in=LIVE).first()
    context = {
        "form": form,
        "base": names["base"],
        "back": reverse(names["list"]),
        "person": names.get("person", ""),
        "issuer": institutions.institution(issuer_uuid).name(get_language() or "zh-hans"),
        "current": screens.row_of(current).certificate if current else None,
        "current_url": reverse(names["one"], args=[current.uuid]) if current else "",
    }
    return render(request, "credits/certificates/transcript_request.html", context, status=422 if form.errors else 200)


def _lots(person_uuid: UUID, issuer_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return what can be chosen; for whom there is nothing, the page is not there."""
    lots = drafts.achievements(person_uuid, issuer_uuid)
    if not lots:
        raise NotThere("nothing-to-certify", _("There is no such page."))
    return lots


def _course(lot: LotInfo) -> str:
    facts, english = lot.facts, (get_language() or "").startswith("en")
    name = (english and facts.get("course_name_en")) or facts.get("course_name_zh", "")
    amount = points_with_unit(lot.amount) if lot.unit == "credit_points" else hours_with_unit(lot.amount)
    return " · ".join(part for part in (name, facts.get("course_code", ""), str(amount)) if part)
