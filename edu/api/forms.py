"""The form in which a registrar makes a key for a program."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from edu.api.keys import DAYS_MAX, SCOPES
from edu.kernel import clock

DAYS_OFFERED = 365


class KeyForm(forms.Form):
    """Which program, what it may read, until when."""

    name = forms.CharField(
        label=_("Program"),
        max_length=80,
        help_text=_("For example: student information system. Make one key for each program."),
        error_messages={"required": _("Name the program that will have the key.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("May read"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the program may read.")},
    )
    expires_on = forms.DateField(
        label=_("Good until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"expires_on": clock.today() + dt.timedelta(days=DAYS_OFFERED)})
        super().__init__(*args, **kwargs)
        hint = _("At most %(days)d days from today; make a new key before that day.")
        self.fields["expires_on"].help_text = hint % {"days": DAYS_MAX}
