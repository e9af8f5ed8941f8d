"""How `{{ form }}` and `{{ form.field.as_field_group }}` are drawn; and the form of the display settings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from edu.design import preferences

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class UiRenderer(TemplatesSetting):
    """Label, hint, error, control, in this order; no asterisks, "(optional)" in words. Widgets stay Django's own."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"


type Table = Sequence[tuple[type[forms.Field], StrOrPromise]]

ASKS: Table = [  # the first kind that fits speaks
    (forms.BooleanField, _("Tick the box to go on")),
    (forms.FileField, _("Add: %(label)s")),
    (forms.ChoiceField, _("Choose: %(label)s")),
    (forms.ModelChoiceField, _("Choose: %(label)s")),
    (forms.Field, _("Enter: %(label)s")),
]
SHAPES: Table = [
    (forms.DateTimeField, _("Enter day and time like 2026-11-23 15:08")),
    (forms.DateField, _("Enter the day like 2026-11-23")),
    (forms.EmailField, _("Enter an e-mail address like name@example.cn")),
    (forms.DecimalField, _("Enter a number like 2.5")),
    (forms.IntegerField, _("Enter a whole number")),
    (forms.URLField, _("Enter an address like https://www.example.cn/page")),
]


def _djangos_own(field: forms.Field, code: str) -> "StrOrPromise | None":
    """Return the message for `code` that the field's class brings along."""
    tables = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    return next((table[code] for table in tables if code in table), None)


def _speak(field: forms.Field, code: str, table: Table, label: str) -> None:
    """Replace Django's own message for `code`; one that the field was given by us stays."""
    words = next((words for kind, words in table if isinstance(field, kind)), None)
    if words is not None and field.error_messages.get(code) == _djangos_own(field, code):
        field.error_messages[code] = str(words) % {"label": label} if "%(label)s" in str(words) else words


class PlainErrors(forms.BaseForm):
    """For forms whose errors say how to put things right ("填写：修读学期"), never "this field is required"."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            _speak(field, "required", ASKS, str(self[name].label))
            _speak(field, "invalid", SHAPES, "")
        super().full_clean()


class UiForm(PlainErrors, forms.Form):
    """A plain form of ours."""


LABELS = {
    "theme": {"system": _("As the device"), "light": _("Light"), "dark": _("Dark")},
    "density": {"default": _("Normal rows"), "compact": _("Compact rows"), "roomy": _("Roomy rows")},
    "contrast": {"default": _("Normal contrast"), "more": _("More contrast")},
    "shortcuts": {"on": _("On"), "off": _("Off")},
}


def _choices(setting: str) -> list[tuple[str, object]]:
    return [(value, LABELS[setting][value]) for value in preferences.CHOICES[setting]]


class PreferencesForm(UiForm):
    """One radio group a setting; `next` is where the visitor came from."""

    theme = forms.ChoiceField(label=_("Colours"), widget=forms.RadioSelect, choices=_choices("theme"))
    contrast = forms.ChoiceField(label=_("Contrast"), widget=forms.RadioSelect, choices=_choices("contrast"))
    density = forms.ChoiceField(label=_("Rows of staff tables"), widget=forms.RadioSelect, choices=_choices("density"))
    shortcuts = forms.ChoiceField(
        label=_("Keyboard shortcuts of staff tables"),
        help_text=_("j and k move between rows, x chooses, / goes to the search field."),
        widget=forms.RadioSelect,
        choices=_choices("shortcuts"),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
