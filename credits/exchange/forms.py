"""Forms of study plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.exchange.words import DECISION_REASONS

APPROVE, RETURN, DENY = "approve", "return", "deny"
REASON_LENGTH_MAX = 1000


class NoteForm(forms.Form):
    """What the student wants to say to both registrars."""

    note = forms.CharField(
        label=_("Note for the registrars"),
        help_text=_("For example why you take this course. Both registrars read it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(forms.Form):
    """What a registrar decides about a plan, and why."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        help_text=_("Needed when you return or deny."),
        choices=[("", _("Choose a reason")), *DECISION_REASONS.items()],
    )
    reason_text = forms.CharField(
        label=_("What the student should know"),
        required=False,
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, is_host: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approve = _("Accept and enrol") if is_host else _("Approve")
        self.fields["decision"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (APPROVE, approve),
            (RETURN, _("Return for correction")),
            (DENY, _("Deny")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the decision is against the plan."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("decision") in {RETURN, DENY}:
            if not said.get("reason_code"):
                self.add_error("reason_code", _("Choose a reason."))
            if not said.get("reason_text", "").strip():
                self.add_error("reason_text", _("Say in a sentence what the student should know or do."))
        return said
