"""Forms of the registrar for agreements and rules."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.agreements.rules import (
    AgreementTerms,
    Cap,
    CapScope,
    EquivalenceKind,
    EquivalenceTerms,
    LegalSource,
)
from credits.agreements.words import GRADE_SCALE_WORDS, KIND_WORDS

STEPS = [("0.5", "0.5"), ("1", "1"), ("0.1", "0.1")]


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "w-16"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _text(
    label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "", most: int = 2000
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=most, widget=widget)


def _amount(label: Any, *, required: bool = True, help_text: Any = "", places: int = 2) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"class": "w-8", "inputmode": "decimal", "step": "any"})
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=help_text,
        max_digits=6,
        decimal_places=places,
        min_value=0,
        widget=widget,
    )


class AgreementForm(forms.Form):
    """The terms of an agreement; caps only where a limit is given."""

    valid_from_on = _day(_("Valid from"), help_text=_("For terms that begin on this day or later."))
    valid_to_on = _day(_("Valid to"))
    hours_per_credit = _amount(_("Contact hours per credit"))
    rounding_step = forms.ChoiceField(label=_("Rounding step"), choices=STEPS, help_text=_("In home credits."))
    grade_scale = forms.ChoiceField(label=_("Grade scale"), choices=list(GRADE_SCALE_WORDS.items()))
    categories = _text(
        _("Categories"), required=False, help_text=_("Codes or names of slots, one a line. Empty means every slot.")
    )
    source_text = _text(_("Legal source"), help_text=_("Quote the text that allows this agreement."))
    source_url = forms.URLField(label=_("Address of the source"), assume_scheme="https")
    cap_term = _amount(_("Cap, credits a term"), required=False)
    cap_term_source = _text(_("Legal source of this cap"), required=False, rows=2)
    cap_term_url = forms.URLField(label=_("Address of the source"), required=False, assume_scheme="https")
    cap_programme = _amount(_("Cap, credits in the whole programme"), required=False)
    cap_programme_source = _text(_("Legal source of this cap"), required=False, rows=2)
    cap_programme_url = forms.URLField(label=_("Address of the source"), required=False, assume_scheme="https")
    note = _text(_("Remark"), required=False)

    def terms(self) -> AgreementTerms:
        """Return what a valid form says."""
        said = self.cleaned_data
        return AgreementTerms(
            valid_from_on=said["valid_from_on"],
            valid_to_on=said["valid_to_on"],
            categories=tuple(line.strip() for line in said["categories"].splitlines() if line.strip()),
            caps=tuple(self._caps()),
            rounding_step=Decimal(said["rounding_step"]),
            hours_per_credit=said["hours_per_credit"],
            grade_scale=said["grade_scale"],
            source=LegalSource(said["source_text"], said["source_url"]),
            note=said["note"],
        )

    def _caps(self) -> Iterable[Cap]:
        for scope in CapScope:
            limit = self.cleaned_data[f"cap_{scope}"]
            if limit:
                text, url = self.cleaned_data[f"cap_{scope}_source"], self.cleaned_data[f"cap_{scope}_url"]
                yield Cap(scope, limit, LegalSource(text, url))

    @staticmethod
    def initial_of(terms: AgreementTerms) -> dict[str, Any]:
        """Return the values with which the form shows these terms."""
        initial = {
            "valid_from_on": terms.valid_from_on,
            "valid_to_on": terms.valid_to_on,
            "hours_per_credit": terms.hours_per_credit,
            "rounding_step": f"{terms.rounding_step.normalize():f}",
            "grade_scale": terms.grade_scale,
            "categories": "\n".join(terms.categories),
            "source_text": terms.source.text,
            "source_url": terms.source.url,
            "note": terms.note,
        }
        for cap in terms.caps:
            initial[f"cap_{cap.scope}"] = cap.credit_points_max
            initial[f"cap_{cap.scope}_source"] = cap.source.text
            initial[f"cap_{cap.scope}_url"] = cap.source.url
        return initial


class NewAgreementForm(AgreementForm):
    """The terms and the partner."""

    partner = forms.ChoiceField(label=_("Partner institution"))
    field_order = ("partner",)

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = partners  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def partner_uuid(self) -> UUID:
        """The chosen partner of a valid form."""
        return UUID(self.cleaned_data["partner"])


class EquivalenceForm(forms.Form):
    """One rule: host course to home slot."""

    course = forms.ChoiceField(label=_("Host course"), help_text=_("Courses that other institutions open to yours."))
    slot = forms.ChoiceField(label=_("Programme and slot"))
    kind = forms.ChoiceField(
        label=_("Counts as"),
        choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        widget=forms.RadioSelect,
        initial=EquivalenceKind.ELECTIVE.value,
    )
    ratio = _amount(_("Ratio"), places=3, help_text=_("Home credits for one host credit, for example 1 or 0.75."))
    minimum_grade = _amount(_("Minimum grade"), help_text=_("Out of 100, as the host grades."))
    valid_from_on = _day(_("Valid from"), help_text=_("For terms that begin on this day or later."))
    valid_to_on = _day(_("Valid to"), required=False)
    evidence = _text(_("Evidence"), help_text=_("What was compared, by whom, with which outcome."), rows=4)
    reason = _text(_("Reason"), required=False, help_text=_("Only where the course does not count."))

    def __init__(self, *args: Any, courses: list[tuple[str, str]], slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = courses  # type: ignore[attr-defined]  # ChoiceFields
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]

    def terms(self) -> EquivalenceTerms:
        """Return what a valid form says."""
        said = self.cleaned_data
        return EquivalenceTerms(
            host_course_uuid=UUID(said["course"]),
            slot_uuid=UUID(said["slot"]),
            kind=EquivalenceKind(said["kind"]),
            ratio=said["ratio"],
            minimum_grade=said["minimum_grade"],
            valid_from_on=said["valid_from_on"],
            valid_to_on=said["valid_to_on"],
            evidence=said["evidence"],
            reason=said["reason"],
        )


class EndForm(forms.Form):
    """The last day and the reason with which something ends."""

    last_on = _day(_("Last day"), help_text=_("Terms that begin on or before this day are still decided."))
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ReasonForm(forms.Form):
    """Why something is taken back or ended."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
