"""What people write in the discussion; the deeds themselves check again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.discussion.models import ReportReason
from edu.design.forms import UiForm
from edu.kernel.texts import NOTE_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX

TEXT = forms.Textarea(attrs={"rows": 6})
REASON_WORDS = {
    ReportReason.HURTFUL: _("It hurts or threatens somebody"),
    ReportReason.PRIVATE: _("It tells private things of somebody"),
    ReportReason.ADVERTISING: _("It is advertising"),
    ReportReason.SOLUTION: _("It gives away the answer of a graded exercise"),
    ReportReason.OTHER: _("Something else"),
}


class ThreadForm(UiForm):
    """A new thread, of the run or of one of its units."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_CHARS_MAX)
    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_CHARS_MAX,
        widget=TEXT,
        help_text=_("Plain text; addresses of web pages become links. Write no phone numbers and no home addresses."),
    )
    unit = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, units: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("The course as a whole")), *units.items()]  # type: ignore[attr-defined]


class ReplyForm(UiForm):
    """A reply."""

    text = forms.CharField(label=_("Your reply"), max_length=TEXT_CHARS_MAX, widget=TEXT)


class ReportForm(UiForm):
    """Why a post should be looked at."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=list(REASON_WORDS.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note for the moderator"), required=False, max_length=NOTE_CHARS_MAX, widget=forms.Textarea({"rows": 3})
    )


class DecisionForm(UiForm):
    """A moderator's reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=NOTE_CHARS_MAX,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The author sees it when the post is hidden; the trail keeps it."),
    )
