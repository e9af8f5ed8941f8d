"""What a registrar writes when a certificate ends or is replaced."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.certificates.actions import REASON_MAX


class ReasonForm(forms.Form):
    """A reason that the holder, the register and, for a revocation, every verifier will read."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write the reason: the holder and the register keep it."),
            "max_length": _("Write the reason in at most 500 characters."),
        },
    )
