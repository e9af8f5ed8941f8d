"""Forms of the author's page of a textbook."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.content.models import ContentVersion
from edu.design.forms import UiForm


class MarkForm(UiForm):
    """What a textbook says of itself."""

    edition = forms.CharField(
        label=_("Edition"),
        max_length=40,
        help_text=_("For example: first edition, autumn 2026."),
        error_messages={"required": _("Say which edition it is, for example: first edition.")},
    )
    approval_number = forms.CharField(
        label=_("Approval number"),
        max_length=60,
        required=False,
        help_text=_("Only if an authority has approved it as a textbook."),
    )
    licence = forms.CharField(
        label=_("Licence"),
        max_length=300,
        help_text=_("Who may copy and use it, for example: CC BY-SA 4.0; or: schools in Guangxi, for teaching."),
        error_messages={"required": _("Say who may copy and use it, for example: CC BY-SA 4.0.")},
    )


class PackForm(UiForm):
    """Which version is packed."""

    number = forms.TypedChoiceField(label=_("Version"), coerce=int, error_messages={"required": _("Choose a version.")})

    def __init__(self, *args: Any, versions: Sequence[ContentVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["number"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (row.number, _("Version %(number)s: %(title)s") % {"number": row.number, "title": row.title})
            for row in versions
        ]
