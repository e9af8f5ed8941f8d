"""What somebody says when a record is taken out, and how a school chooses its columns."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credits.interop import legal, words
from credits.interop.actions import Recipient
from credits.interop.countries import countries
from credits.interop.limits import HEAD_CHARACTERS_MAX
from credits.interop.models import HOME_COUNTRY
from credits.interop.record import Format, Kind, paths
from credits.interop.sheet import SheetColumn
from credits.ledger.grounds import NAME_LENGTH_MAX
from edu.design.forms import UiForm
from edu.kernel import clock

NO_BASIS = ("", _("The recipient is in mainland China"))


def _language() -> str:
    return get_language() or "zh-hans"


class ChoiceForm(UiForm):
    """What the file is about, and its format; asked by GET, since it writes nothing."""

    kind = forms.ChoiceField(
        label=_("What it is about"),
        choices=[(kind.value, words.KIND_WORDS[kind]) for kind in Kind],
        initial=Kind.TRANSCRIPT,
        widget=forms.RadioSelect,
        help_text=_("Credit stands in one of them only, so that nobody adds it up twice."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(one.value, words.FORMAT_WORDS[one]) for one in Format],
        initial=Format.ELMO,
        widget=forms.RadioSelect,
        help_text=_(
            "ELMO for universities abroad, CLR as a digital credential that anybody can check, Excel for academic "
            "affairs systems with both kinds in one list."
        ),
    )


class RecipientForm(UiForm):
    """Who gets the file and, for a recipient outside the mainland, on which ground."""

    name = forms.CharField(
        label=_("Who gets the file"), max_length=NAME_LENGTH_MAX, required=False, widget=forms.TextInput
    )
    country = forms.ChoiceField(label=_("Where the recipient is"), initial=HOME_COUNTRY)
    legal_basis = forms.ChoiceField(label=_("Legal basis"), required=False, widget=forms.RadioSelect, initial="")
    reference = forms.CharField(
        label=_("Where the consent or contract is kept"), max_length=NAME_LENGTH_MAX, required=False
    )

    def __init__(self, data: Any, *, by_holder: bool) -> None:
        super().__init__(data)
        language = _language()
        country, basis, name = self.fields["country"], self.fields["legal_basis"], self.fields["name"]
        assert isinstance(country, forms.ChoiceField)
        assert isinstance(basis, forms.ChoiceField)
        country.choices = countries(language)
        basis.choices = [NO_BASIS, *((one.key, _said(one, language)) for one in self._bases(by_holder))]
        basis.help_text = _("Asked for a recipient outside the mainland. It is kept with this file.")
        if by_holder:
            name.help_text = _("Leave it empty if you keep the file yourself.")
            del self.fields["reference"]
        else:
            name.required = True

    @property
    def recipient(self) -> Recipient:
        """Return what was entered."""
        said = self.cleaned_data
        return Recipient(said["name"], said["country"], said["legal_basis"], said.get("reference", ""))

    @staticmethod
    def _bases(by_holder: bool) -> Iterable[legal.LegalBasis]:
        return legal.choices(clock.today(), by_holder=by_holder)


def _said(basis: legal.LegalBasis, language: str) -> str:
    return f"{basis.name(language)} · {basis.articles(language)}"


class ColumnsForm(forms.Form):
    """One row a field: its place in the sheet (empty: not in it) and its heading."""

    def __init__(self, data: Any, columns: tuple[SheetColumn, ...]) -> None:
        super().__init__(data)
        chosen = {column.path: (number, column.head) for number, column in enumerate(columns, 1)}
        for path in paths():
            number, head = chosen.get(path, (None, ""))
            labels = {"part": words.part_word(path), "field": words.field_word(path)}
            self.fields[_key(path, "place")] = forms.IntegerField(
                label=_("Place of %(part)s, %(field)s") % labels,
                required=False,
                min_value=1,
                max_value=99,
                initial=number,
                widget=forms.NumberInput(attrs={"class": "input w-4", "inputmode": "numeric"}),
            )
            self.fields[_key(path, "head")] = forms.CharField(
                label=_("Heading of %(part)s, %(field)s") % labels,
                required=False,
                max_length=HEAD_CHARACTERS_MAX,
                initial=head or str(words.field_word(path)),
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    def rows(self) -> Iterable[tuple[words.Word, words.Word, forms.BoundField, forms.BoundField]]:
        """Yield part, field and the two inputs of each row."""
        for path in paths():
            yield words.part_word(path), words.field_word(path), self[_key(path, "place")], self[_key(path, "head")]

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """Return the chosen columns by their place, then in the order of the fields."""
        said = self.cleaned_data
        chosen = [
            (said[_key(path, "place")], SheetColumn(path, " ".join(said[_key(path, "head")].split())))
            for path in paths()
            if said.get(_key(path, "place"))
        ]
        return tuple(column for _place, column in sorted(chosen, key=lambda pair: pair[0]))


def _key(path: str, what: str) -> str:
    return f"{path.replace('.', '-')}-{what}"
