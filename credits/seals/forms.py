"""The registrar's form for how long corrections are made after a term."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credits.ledger.dated_rules import NUMBER_MAX
from credits.ledger.grounds import NAME_LENGTH_MAX, REASON_LENGTH_MAX, RuleKind
from edu.kernel import clock

DAYS_MAX = NUMBER_MAX[RuleKind.CORRECTION_DAYS]


class CorrectionRuleForm(forms.Form):
    """So many days after a term, from a day on, by a document."""

    number = forms.IntegerField(
        label=_("Days after the end of a term"), min_value=1, max_value=DAYS_MAX,
        help_text=_("Until then a mistake is corrected as a matter of course. Afterwards the term is sealed."),
        widget=forms.NumberInput(attrs={"class": "w-8", "inputmode": "numeric"}),
    )  # fmt: skip
    from_on = forms.DateField(
        label=_("Holds from"), help_text=_("Today or later. Terms that end before keep the rule they had."),
        widget=forms.DateInput(attrs={"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
    )  # fmt: skip
    source_text = forms.CharField(
        label=_("Document that says so"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Title, number and article, as in 《学生学籍管理规定》第二十一条."),
    )  # fmt: skip
    source_url = forms.URLField(
        label=_("Where it can be read"), required=False, max_length=NAME_LENGTH_MAX, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", clock.today())

    def values(self) -> dict[str, Any]:
        """Return what dated_rules.set_rule takes."""
        return {"kind": RuleKind.CORRECTION_DAYS.value, **self.cleaned_data}
