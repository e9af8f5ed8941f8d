"""Forms of authors: an archive, and the version that a run shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """An OLX archive."""

    archive = forms.FileField(
        label=_("OLX archive"),
        help_text=_("The .tar.gz that Studio exports, or a .zip of the course's folder; at most 512 MB."),
        error_messages={
            "required": _("Choose the archive of the course."),
            "empty": _("The file is empty. Choose the archive again."),
        },
        widget=forms.FileInput(attrs={"accept": ".gz,.tgz,.zip,application/gzip,application/zip"}),
    )


class ChooseForm(forms.Form):
    """Which version to look at for a run."""

    version = forms.TypedChoiceField(
        label=_("Version"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a version.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices


class PinForm(forms.Form):
    """The version that the learners of a run see from now on, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)  # row id
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the log, with your name."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why. The reason stays in the log.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)  # row id of the version that was pinned when the page was made

    def __init__(self, *args: Any, reason_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_needed


class ReturnForm(forms.Form):
    """Why content goes back to its author."""

    reason = forms.CharField(
        label=_("What should the author change?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what should be changed: the author reads it.")},
    )
