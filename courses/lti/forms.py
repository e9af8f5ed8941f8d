"""Forms in which an office connects other servers."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.lti.models import URL_LENGTH_MAX, Tool
from courses.lti.platform_models import Platform
from courses.lti.registering import PlatformPlan, ToolPlan
from edu.api.outgoing import check_address
from edu.kernel.errors import Refusal

AT_FIELD = {
    "purpose-missing": "purpose",
    "no-redirect": "redirect_urls",
    "no-deployment": "deployment_ids",
    "reason-missing": "reason",
    "platform-known": "client_id",
    "issuer-has-learners": "issuer",
}


class AddressField(forms.CharField):
    """An address on another server."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.URLInput)
        super().__init__(max_length=URL_LENGTH_MAX, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the address; ValidationError for one that may not be asked."""
        url = super().clean(value)
        return _checked(url) if url else ""


class ToolForm(forms.Form):
    """What the tool's maker gives, and what the tool may learn of people."""

    name = forms.CharField(label=_("Name of the tool"), max_length=80)
    login_url = AddressField(
        label=_("Login address"), help_text=_("“OIDC login initiation URL” in the words of the tool.")
    )
    launch_url = AddressField(label=_("Launch address"), help_text=_("“Target link URI”: what opens for learners."))
    redirect_urls = forms.CharField(
        label=_("Redirect addresses"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Sign-in data go to these addresses only."),
    )
    jwks_url = AddressField(label=_("Key address"), help_text=_("“JWKS URL”: the public keys."))
    choosing_url = AddressField(
        label=_("Address for choosing content"),
        required=False,
        help_text=_("“Deep linking URL”: there authors choose an exercise or a page. Empty if the tool has none."),
    )
    sends_name = forms.BooleanField(label=_("The tool learns learners' names"), required=False)
    sends_email = forms.BooleanField(label=_("The tool learns learners' e-mail addresses"), required=False)
    lists_members = forms.BooleanField(
        label=_("The tool may list who is in a run"),
        required=False,
        help_text=_("Pseudonyms and roles. A name stands there only when its learner opened the tool and agreed."),
    )
    purpose = forms.CharField(
        label=_("Why it needs them"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Learners read this first. Pupils of schools are never named, whatever is ticked."),
    )

    def clean_redirect_urls(self) -> tuple[str, ...]:
        """Return the addresses, one for each line."""
        return tuple(_checked(line) for line in _lines(self.cleaned_data["redirect_urls"]))

    def plan(self) -> ToolPlan:
        """Return what was filled in."""
        return ToolPlan(**_of(ToolPlan, self.cleaned_data))


class PlatformForm(forms.Form):
    """What the platform's administrator gives."""

    name = forms.CharField(label=_("Name of the platform"), max_length=80)
    issuer = forms.CharField(
        label=_("Platform (issuer)"), max_length=URL_LENGTH_MAX, help_text=_("Exactly as the platform writes it.")
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=200)
    deployment_ids = forms.CharField(
        label=_("Deployment IDs"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line.")
    )
    auth_url = AddressField(label=_("Login request (auth URL)"))
    token_url = AddressField(label=_("Access token (token URL)"))
    jwks_url = AddressField(label=_("Key set (JWKS URL)"))

    def clean_deployment_ids(self) -> tuple[str, ...]:
        """Return the ids, one for each line."""
        return tuple(_lines(self.cleaned_data["deployment_ids"]))

    def plan(self) -> PlatformPlan:
        """Return what was filled in."""
        return PlatformPlan(**_of(PlatformPlan, self.cleaned_data))


class CloseForm(forms.Form):
    """Why a registration ends."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The history keeps it."),
    )


class RegistrationAddressForm(forms.Form):
    """Where a tool registers itself."""

    address = AddressField(
        label=_("Registration address of the tool"),
        help_text=_("“Dynamic registration URL” or “tool initiation registration endpoint” in the words of the tool."),
    )


class Change(CloseForm):
    """Why a registration changes, and which revision of it the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ToolChangeForm(ToolForm, Change):
    """A tool's registration as it stands, to be changed."""

    field_order = (*ToolForm.base_fields, "reason", "seen")


class PlatformChangeForm(PlatformForm, Change):
    """A platform's registration as it stands, to be changed."""

    field_order = (*PlatformForm.base_fields, "reason", "seen")


def shown(row: Tool | Platform, form: type[ToolForm] | type[PlatformForm]) -> dict[str, Any]:
    """Return what a form of changes shows first."""
    values = {name: getattr(row, name) for name in form.base_fields}
    return {
        "seen": row.revision,
        **{name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()},
    }


def _of(plan: type[ToolPlan] | type[PlatformPlan], values: dict[str, Any]) -> dict[str, Any]:
    return {field.name: values[field.name] for field in fields(plan)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _checked(url: str) -> str:
    try:
        return check_address(url)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal.message)) from None
