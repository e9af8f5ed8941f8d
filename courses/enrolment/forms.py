"""The filter of the course index."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.data import RunPhase
from courses.enrolment.listing import TEXT_CHARS_MAX, CourseFilter
from courses.runs.wording import PHASE_WORDS
from edu.institutions.data import InstitutionInfo

INPUT = {"class": "input"}


class CourseFilterForm(forms.Form):
    """Text, institution, phase; unknown values ask for nothing, since the address may be old."""

    q = forms.CharField(
        label=_("Course name"), required=False, max_length=TEXT_CHARS_MAX, widget=forms.TextInput(attrs=INPUT)
    )
    institution = forms.ChoiceField(label=_("Institution"), required=False, widget=forms.Select(attrs=INPUT))
    phase = forms.ChoiceField(label=_("Enrolment"), required=False, widget=forms.Select(attrs=INPUT))

    def __init__(self, *args: object, schools: Iterable[InstitutionInfo], language: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they come
        self.institution_names = {info.code or "": info.name(language) for info in schools}
        self.fields["institution"].choices = [("", _("All institutions")), *self.institution_names.items()]  # type: ignore[attr-defined]
        phases = [(phase.value, word) for phase, (_tone, word) in PHASE_WORDS.items()]
        self.fields["phase"].choices = [("", _("Any state")), *phases]  # type: ignore[attr-defined]

    def wanted(self) -> CourseFilter:
        """Return what the visitor asks for, as far as it makes sense."""
        if not self.is_bound:
            return CourseFilter()
        self.is_valid()
        data = self.cleaned_data
        phase = data.get("phase")
        return CourseFilter(data.get("q", ""), data.get("institution", ""), RunPhase(phase) if phase else None)
