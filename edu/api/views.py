"""The screen on which a registrar makes and ends the keys of the institution's programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from edu.api import keys
from edu.api.forms import KeyForm
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from edu.people import api as people

AT_FIELD = {"key-without-scope": "scopes", "key-too-long": "expires_on"}


@never_cache
@require_http_methods(["GET", "POST"])
def list_keys(request: HttpRequest) -> HttpResponse:
    """Show the institution's keys and make another; the key itself is on this answer and nowhere else."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    assert actor.institution_uuid  # registrars have an institution
    form = KeyForm(request.POST or None)
    made = _made(form, actor) if request.method == "POST" and form.is_valid() else ""
    today = clock.today()
    rows = [
        {"key": row, "scopes": [keys.SCOPES[scope] for scope in row.scopes], "over": row.expires_on < today}
        for row in keys.keys_of(actor.institution_uuid)
    ]
    context = {"form": KeyForm() if made else form, "made": made, "rows": rows}
    return render(request, "api/keys.html", context, status=422 if form.errors else 200)


def _made(form: KeyForm, actor: Actor) -> str:
    try:
        return keys.make_key(**form.cleaned_data, acting=actor)
    except Refusal as refusal:
        if type(refusal) is not Refusal:
            raise
        form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        return ""


@require_POST
def revoke_key(request: HttpRequest, key_uuid: UUID) -> HttpResponse:
    """End a key at once."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    keys.revoke_key(key_uuid=key_uuid, acting=actor)
    messages.success(request, _("The key is revoked. The program that has it is refused from now on."))
    return redirect("api_keys:list")
