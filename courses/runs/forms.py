"""The form in which staff plan a run."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.data import RunPlan
from courses.runs.actions import DISORDER
from courses.runs.rules import disorder_in

SEATS_MAX = 1_000_000  # beyond the largest course known; keeps a slipped finger out
AT_FIELD = {  # where an error of the whole plan is shown
    "run-ends-before-it-starts": "ends_on",
    "enrolment-closes-before-it-opens": "enrolment_closes_at",
    "enrolment-opens-after-the-end": "enrolment_opens_at",
    "run-code-taken": "code",
    "run-has-begun": "credit_points",
    "not-a-teacher-here": "teachers",
}


class _Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class _Day(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RunForm(forms.Form):
    """Dates, seats, credit and teachers of a run."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("For example 2026A; learners see it."))
    enrolment_opens_at = forms.DateTimeField(label=_("Enrolment opens"), widget=_Moment())
    enrolment_closes_at = forms.DateTimeField(label=_("Enrolment closes"), widget=_Moment())
    starts_on = forms.DateField(label=_("First day of teaching"), widget=_Day())
    ends_on = forms.DateField(label=_("Last day of teaching"), widget=_Day())
    seats = forms.IntegerField(
        label=_("Seats"), required=False, min_value=0, max_value=SEATS_MAX, help_text=_("Leave empty for no limit.")
    )
    credit_points = forms.DecimalField(label=_("Credits"), min_value=0, max_digits=8, decimal_places=2)
    contact_hours = forms.DecimalField(label=_("Contact hours"), min_value=0, max_digits=6, decimal_places=1)
    open_to_others = forms.BooleanField(
        label=_("Open to students of other institutions"),
        required=False,
        help_text=_("They can then apply for cross-enrolment under an agreement."),
    )
    teachers = forms.MultipleChoiceField(label=_("Teachers"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, teachers: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teachers"].choices = [(str(uuid), name) for uuid, name in teachers.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what is out of order while the fields are still on the screen."""
        if not self.errors and (code := disorder_in(self.plan())):
            self.add_error(AT_FIELD[code], DISORDER[code])
        return self.cleaned_data

    def plan(self) -> RunPlan:
        """Return what was filled in."""
        return RunPlan(**{name: value for name, value in self.cleaned_data.items() if name != "teachers"})

    def chosen_teachers(self) -> list[UUID]:
        """Return who was ticked."""
        return [UUID(value) for value in self.cleaned_data["teachers"]]
