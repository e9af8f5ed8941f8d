"""The questions that learners answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.evaluation.rules import COMMENT_CHARS_MAX, Answer, Place
from courses.evaluation.wording import GRADE_WORDS, ITEM_WORDS, PLACE_WORDS
from edu.design.forms import UiForm
from edu.kernel.texts import plain


class EvaluationForm(UiForm):
    """One radio group a question, where one studies, and a comment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [(str(grade), words) for grade, words in GRADE_WORDS.items()]
        for item, words in ITEM_WORDS.items():
            self.fields[item] = forms.ChoiceField(label=words, choices=grades, widget=forms.RadioSelect)
        self.fields["place"] = forms.ChoiceField(
            label=_("Where do you study?"),
            choices=[(place.value, words) for place, words in PLACE_WORDS.items()],
            widget=forms.RadioSelect,
            help_text=_("It is kept with the answer, not with you, and shown for groups of five and more only."),
        )
        self.fields["comment"] = forms.CharField(
            label=_("What should stay, and what should change?"),
            required=False,
            max_length=COMMENT_CHARS_MAX,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Teachers read it as you write it, so name nobody."),
        )

    def answer(self) -> Answer:
        """Return what was filled in."""
        sent = self.cleaned_data
        grades = {item: int(sent[item]) for item in ITEM_WORDS}
        return Answer(grades, Place(sent["place"]), plain(sent["comment"]))
