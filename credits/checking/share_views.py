"""What somebody sees who has a holder's link: the fields that were picked, and the proof that they are genuine."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from credits.certificates import checks, verdicts, wording
from credits.certificates.checks import Check
from credits.certificates.evidence import Evidence, evidence_of
from credits.certificates.public_views import in_both_languages
from credits.certificates.rules import Outcome
from credits.checking import actions, queries, rules
from credits.checking.models import Share
from edu.design.formats import table_moment
from edu.kernel import clock

HIDDEN_FACTS = {"holder", "key"}


@require_safe
@never_cache
@in_both_languages
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the picked fields and whether the certificate is in force; any other link is no longer shared."""
    found = _found(token)
    if found is None:
        return render(request, "credits/checking/not_shared.html", status=404)
    share, check, _evidence = found
    actions.note_look(share, "page")
    said = rules.shown_statement(share.certificate.statement, share.scope)
    moment = table_moment(clock.now())
    context: dict[str, Any] = {
        "share": share,
        "verdict": verdicts.VERDICTS[check.outcome.value],
        "checked_words": f"核验于{moment}",
        "checked_at": moment,
        "until": table_moment(share.expires_at),
        "zh": wording.in_chinese(said),
        "en": wording.in_english(said),
        "hidden_facts": HIDDEN_FACTS,
    }
    return render(request, "credits/checking/shared.html", context)


@require_safe
@never_cache
def shared_proof(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the document that proves the picked fields without a network."""
    found = _found(token)
    if found is None:
        return JsonResponse(
            {"type": "urn:guixue:problem:not-shared", "title": "No longer shared.", "status": 404}, status=404
        )
    share, _check, evidence = found
    actions.note_look(share, "file")
    document = rules.disclosure(
        share.certificate.statement,
        share.scope,
        salt=evidence.entry_salt,
        signature=evidence.signature_text,
        proof=evidence.proof.text,
        until=clock.rfc3339(share.expires_at),
    )
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="shared-certificate.json"'
    return response


def _found(token: str) -> tuple[Share, Check, Evidence] | None:
    """Return an open share of which everything still holds: the signature, the register, the proof."""
    share = queries.open_share(token)
    if share is None:
        return None
    check = checks.by_token(share.certificate.token)
    evidence = evidence_of(share.certificate) if check.statement else None
    if evidence is None or check.outcome is Outcome.UNAVAILABLE:
        return None
    return share, check, evidence
