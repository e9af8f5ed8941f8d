"""The form in which an office names a record store."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.lti.forms import AddressField


class StoreForm(forms.Form):
    """Where learning records go, and why."""

    endpoint = AddressField(
        label=_("Endpoint"), help_text=_("The address before “/statements”, as the store gives it.")
    )
    username = forms.CharField(label=_("User name or key"), max_length=200)
    password = forms.CharField(
        label=_("Password or secret"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept outside the database; it is never shown again."),
    )
    purpose = forms.CharField(
        label=_("Why learning records go there"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
