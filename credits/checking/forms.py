"""What a holder says when sharing a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from credits.checking import rules
from credits.checking.models import NOTE_LENGTH_MAX

SCOPE = [
    ("name", _("Name")),
    ("course", _("Course")),
    ("credits", _("Credits")),
    ("hours", _("Contact hours")),
    ("grade", _("Grade")),
    ("study", _("Period of study")),
    ("home", _("Home institution")),
    ("number", _("Certificate number: with the name it opens the whole certificate")),
]
USUAL = ["name", "course", "credits"]


class ShareForm(forms.Form):
    """Which fields, for how long, and to whom as a note to oneself and the reader."""

    scope = forms.MultipleChoiceField(
        label=_("What the link shows"),
        choices=SCOPE,
        initial=USUAL,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pick at least one thing to show.")},
    )
    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=30,
        choices=[(days, ngettext_lazy("%d day", "%d days", days) % days) for days in rules.DAYS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("To whom"),
        required=False,
        max_length=NOTE_LENGTH_MAX,
        help_text=_("Everybody who opens the link reads it, so nobody can pass the link off as meant for them."),
        error_messages={"max_length": _("Write the note with at most 100 characters.")},
    )
