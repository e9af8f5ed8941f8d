"""Forms of recognition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.recognition.states import Outcome
from credits.recognition.words import DECISION_REASONS, OUTCOME_WORDS

REASON_LENGTH_MAX = 1000
REQUEST_LENGTH_MAX = 2000


class LotForm(forms.Form):
    """Which credit is to count."""

    lot = forms.ChoiceField(label=_("Which credit?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, lots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].choices = lots  # type: ignore[attr-defined]  # a ChoiceField


class SlotForm(forms.Form):
    """As what it is to count."""

    slot = forms.ChoiceField(label=_("As what should it count?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]  # a ChoiceField


class RequestForm(forms.Form):
    """Why it fits."""

    request_text = forms.CharField(
        label=_("Why does the course fit?"),
        help_text=_("Name what the course taught, its hours, and what your programme asks for."),
        max_length=REQUEST_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class EvidenceForm(forms.Form):
    """One more file; going on without one is allowed."""

    file = forms.FileField(
        label=_("Add a file"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. For example the syllabus."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class RulingForm(forms.Form):
    """What a registrar decides about a case, and why."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
    )
    credit_points = forms.DecimalField(
        label=_("Home credits"),
        help_text=_("Only for a recognition in part."),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "w-8", "inputmode": "decimal", "step": "any"}),
    )
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *((c, w) for c, w in DECISION_REASONS.items() if c != "plan-met")],
    )
    reason_text = forms.CharField(
        label=_("What the student should know"),
        required=False,
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the sentence and the amount where the decision needs them."""
        said: dict[str, Any] = super().clean() or {}
        outcome = said.get("outcome")
        if outcome and outcome != Outcome.RECOGNISE and not said.get("reason_text", "").strip():
            self.add_error("reason_text", _("Say in a sentence what the student should know or do."))
        if outcome == Outcome.PARTIAL and not said.get("credit_points"):
            self.add_error("credit_points", _("Write how many home credits are recognised."))
        return said
