"""What a registrar says about credit that comes in, and about institutions outside."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.interop.incoming import Valued
from credits.interop.limits import CREDIT_COURSE_MAX
from credits.interop.models import IncomingRow
from credits.interop.parties import CODE_LENGTH_MAX
from credits.ledger.grounds import NAME_LENGTH_MAX, REASON_LENGTH_MAX
from edu.design.forms import UiForm


class UploadForm(UiForm):
    """For whom, and the file."""

    student_number = forms.CharField(
        label=_("Student number"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-16", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("ELMO file"),
        help_text=_("XML, up to 12 MB. It is read and not kept; its fingerprint is."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )


class ValuesForm(UiForm):
    """Two fields a line: what it is worth here, and why. A line without an amount stays out."""

    def __init__(self, data: Any, rows: Iterable[IncomingRow]) -> None:
        super().__init__(data)
        self.lines = [row for row in rows if not row.fault]
        for row in self.lines:
            title = {"title": row.course_name_zh, "n": row.number}
            self.fields[_key(row, "amount")] = forms.DecimalField(
                label=_("Credits for line %(n)s, %(title)s") % title,
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=Decimal("0.01"),
                max_value=CREDIT_COURSE_MAX,
                widget=forms.TextInput(attrs={"class": "input w-4", "inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[_key(row, "reason")] = forms.CharField(
                label=_("Reason for line %(n)s, %(title)s") % title,
                required=False,
                max_length=REASON_LENGTH_MAX,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the missing half of a line."""
        said = super().clean() or self.cleaned_data
        for row in self.lines:
            amount, reason = said.get(_key(row, "amount")), said.get(_key(row, "reason"))
            if amount and not reason:
                self.add_error(_key(row, "reason"), str(_("Say why it is worth this much.")))
            if reason and not amount and not self.errors.get(_key(row, "amount")):
                self.add_error(_key(row, "amount"), str(_("Enter the credits, or empty the reason.")))
        return said

    @property
    def values(self) -> dict[UUID, Valued]:
        """Return what was entered, by line."""
        said = self.cleaned_data
        return {
            row.uuid: Valued(said[_key(row, "amount")], said[_key(row, "reason")])
            for row in self.lines
            if said.get(_key(row, "amount"))
        }

    def inputs(self) -> Iterator[tuple[IncomingRow, forms.BoundField, forms.BoundField]]:
        """Yield each line with its two inputs."""
        for row in self.lines:
            yield row, self[_key(row, "amount")], self[_key(row, "reason")]


class AsideForm(UiForm):
    """Why a file is put aside."""

    reason = forms.CharField(label=_("Why it is put aside"), max_length=REASON_LENGTH_MAX)


class PartyForm(UiForm):
    """An institution outside, as its files name it."""

    code = forms.CharField(
        label=_("Identifier"),
        max_length=CODE_LENGTH_MAX,
        help_text=_("Kind and value as in the file, for instance schac:uw.edu.pl or erasmus:PL WARSZAW01."),
    )
    name_zh = forms.CharField(label=_("Name in Chinese, or as the institution writes it"), max_length=NAME_LENGTH_MAX)
    name_en = forms.CharField(label=_("Name in English"), max_length=NAME_LENGTH_MAX, required=False)


class HandOverForm(UiForm):
    """To whom credit is handed, and what for."""

    party = forms.ChoiceField(label=_("Institution outside"))
    reason = forms.CharField(label=_("What for"), max_length=REASON_LENGTH_MAX)

    def __init__(self, data: Any, parties: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose an institution")), *parties]


class ReleaseForm(UiForm):
    """What the recipient signed."""

    signed = forms.CharField(
        label=_("The recipient's signed release"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )


def _key(row: IncomingRow, what: str) -> str:
    return f"row-{row.number}-{what}"
