"""Forms of authors: one per kind of block, and those for places, files and publishing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.authoring import files, limits, wording
from courses.content import xmlsafe
from courses.runs.models import CourseRun
from edu.design.forms import UiForm
from edu.kernel.errors import Refusal

ROWS_AT_FIRST = 4
LANGUAGES = [("zh", "中文"), ("en", "English"), ("vi", "Tiếng Việt"), ("za", "Vahcuengh 壮文")]


class Words(forms.CharField):
    """A text as OLX can hold it: what is pasted may bring characters that no XML takes."""

    def to_python(self, value: Any) -> Any:
        """Return the text without them; soft line breaks stay line breaks where there are lines."""
        broken = "\n" if isinstance(self.widget, forms.Textarea) else " "
        return super().to_python(xmlsafe.writable(value, broken) if isinstance(value, str) else value)


def _points(places: int) -> forms.DecimalField:
    label = pgettext_lazy("of a question", "Points")
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=Decimal(1000), decimal_places=places)


class Seen(UiForm):
    """What every form on a block carries: the revision that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class Named(Seen):
    """A form of a block with a name."""

    name = Words(
        label=pgettext_lazy("of a block", "Name"),
        max_length=limits.NAME_CHARACTERS_MAX,
        help_text=_("Shown in the contents."),
    )


class PartForm(Named):
    """A section or unit."""

    staff_only = forms.BooleanField(label=_("Hidden from learners"), required=False)


class SubsectionForm(PartForm):
    """A subsection, which may count for the grade."""

    graded = forms.BooleanField(label=_("Counts for the grade"), required=False)
    format = Words(
        label=_("Kind of assignment"),
        max_length=100,
        required=False,
        help_text=_("As the grading policy names it, for example: Homework."),
    )
    due = forms.DateTimeField(
        label=_("Due"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class TextForm(Named):
    """A text block."""

    text = Words(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "text-editor", "spellcheck": "true"}),
        help_text=_("Write plain paragraphs with a blank line between them, or HTML."),
    )


class QuestionForm(Named):
    """What all questions have. `LATER` are fields that most questions do without: they stand folded."""

    LATER = ("attempts", "feedback", "explanation")

    question = Words(label=_("Question"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    points = _points(2)
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=1, max_value=1000, required=False, help_text=_("Empty: as many as one likes.")
    )
    explanation = Words(
        label=_("Explanation"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown with the answer."),
    )

    def sooner(self) -> list[forms.BoundField]:
        """Return the fields that every question needs."""
        return [field for field in self.visible_fields() if field.name not in self.LATER]

    def later(self) -> list[forms.BoundField]:
        """Return the folded fields."""
        return [field for field in self.visible_fields() if field.name in self.LATER]

    def says_later(self) -> bool:
        """True when a folded field says something, or something is wrong with it."""
        return any(field.value() or field.errors for field in self.later())


class ChoiceQuestionForm(QuestionForm):
    """A question with answers to choose from; the answers are rows of their own."""


class NumberQuestionForm(QuestionForm):
    """A question whose answer is a number."""

    answer = Words(label=_("Right answer"), max_length=100)
    tolerance = Words(
        label=_("Tolerance"), max_length=20, required=False, help_text=_("For example 0.1, or 5% of the answer.")
    )
    feedback = Words(label=_("Feedback to the right answer"), max_length=2000, required=False)

    field_order = ("name", "question", "answer", "tolerance", "points", "attempts", "feedback", "explanation", "seen")

    def clean_answer(self) -> str:
        """Take numbers only: what is no number can never be matched."""
        return _number(self.cleaned_data["answer"], "")

    def clean_tolerance(self) -> str:
        """Take a number or a percentage."""
        text = self.cleaned_data["tolerance"].strip().replace("％", "%")
        return text and _number(text.removesuffix("%"), "%" if text.endswith("%") else "")


class WordsQuestionForm(QuestionForm):
    """A question whose answer is a short text."""

    answer = Words(label=_("Right answer"), max_length=500)
    others = Words(
        label=_("Further right answers"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    exact_case = forms.BooleanField(label=_("Capital and small letters matter"), required=False)
    feedback = Words(label=_("Feedback to the right answer"), max_length=2000, required=False)

    field_order = (
        *("name", "question", "answer", "others", "exact_case", "points", "attempts"),
        *("feedback", "explanation", "seen"),
    )


class ChoiceRow(forms.Form):
    """One answer to choose."""

    text = Words(label=pgettext_lazy("to choose from", "Answer"), max_length=2000, required=False)
    correct = forms.BooleanField(label=_("Right"), required=False)
    feedback = Words(label=_("Feedback"), max_length=2000, required=False)


ChoiceRows = forms.formset_factory(
    ChoiceRow, extra=0, max_num=limits.CHOICES_MAX, absolute_max=limits.CHOICES_MAX, validate_max=True
)


class VideoForm(Named):
    """A video with captions."""

    chosen = forms.ChoiceField(label=_("Video file"), required=False)
    upload = forms.FileField(
        label=_("Upload a video"),
        required=False,
        help_text=_("MP4, at most 512 MB. One hour at 1 Mbit/s has 450 MB."),
        widget=forms.FileInput(attrs={"accept": ".mp4,video/mp4"}),
    )
    captions = forms.FileField(
        label=_("Upload captions"),
        required=False,
        help_text=_("A .srt or .vtt file in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".srt,.vtt"}),
    )
    language = forms.ChoiceField(label=_("Language of these captions"), choices=LANGUAGES, required=False)
    drop = forms.MultipleChoiceField(label=_("Remove captions"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, videos: list[tuple[str, str]], captions: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "chosen", [("", _("None so far")), *videos])
        if not videos:
            self.fields["chosen"].widget = forms.HiddenInput()  # there is nothing to choose from
        names = dict(LANGUAGES)
        _choices(self, "drop", [(code, f"{names.get(code, code)}: {path}") for code, path in captions.items()])
        if not captions:
            del self.fields["drop"]

    def clean_upload(self) -> Any:
        """Take an MP4 only."""
        return _checked(self.cleaned_data["upload"], files.VIDEOS)

    def clean_captions(self) -> Any:
        """Take captions only."""
        return _checked(self.cleaned_data["captions"], files.CAPTION_FILES)


class PollForm(Named):
    """One question of opinion."""

    question = Words(label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    answers = Words(
        label=pgettext_lazy("to choose from", "Answers"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line."),
    )
    private = forms.BooleanField(label=_("Learners do not see how others answered"), required=False)

    def clean_answers(self) -> list[str]:
        """Take two answers at least, each once."""
        lines = [line.strip() for line in self.cleaned_data["answers"].splitlines() if line.strip()]
        if len(lines) < 2 or len(set(lines)) < len(lines) or len(lines) > limits.CHOICES_MAX:
            raise forms.ValidationError(
                _("Give between two and %(limit)s different answers, one a line.") % {"limit": limits.CHOICES_MAX}
            )
        return lines


class DoneForm(Named):
    """A button by which learners say that they have done something."""


class EssayForm(Named):
    """An answer in the learner's own words."""

    prompt = Words(label=_("Task"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    least = forms.IntegerField(label=_("Words or characters at least"), min_value=1, max_value=10_000)
    most = forms.IntegerField(label=_("Words or characters at most"), min_value=1, max_value=10_000)
    points = _points(0)
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=1, max_value=1000, required=False, help_text=_("Empty: as many as one likes.")
    )


class ToolBlockForm(Named):
    """A tool on another server, which the office registered."""

    tool = forms.ChoiceField(label=_("Tool"))
    points = _points(2)
    address = Words(
        label=_("Page of the tool"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
        help_text=_("Empty: the page that the office registered. Choosing at the tool fills this in."),
    )
    parameters = Words(
        label=_("Parameters"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
        help_text=_("name=value, one a line. Choosing at the tool fills them in."),
    )

    def __init__(self, *args: Any, tools: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "tool", tools)
        self.fields["points"].help_text = _("0: the tool gives no score.")
        if not tools:
            self.fields["tool"].help_text = _("No tool is registered. The office does that at “Other servers (LTI)”.")

    def clean_parameters(self) -> list[str]:
        """Take lines of name=value only."""
        lines = [line.strip() for line in self.cleaned_data["parameters"].splitlines() if line.strip()]
        if any("=" not in line or line.startswith("=") for line in lines):
            raise forms.ValidationError(_("Write name=value, one a line."))
        return lines


class OlxForm(Seen):
    """The OLX text of any block."""

    olx = Words(
        label=_("OLX text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "class": "mono text-editor", "spellcheck": "false"}),
    )


class MoveForm(Seen):
    """Where a block goes."""

    parent = forms.ChoiceField(label=_("Put it at the end of"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "parent", homes)


class FileForm(UiForm):
    """A file for a draft."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("Pictures, PDF documents, MP4 videos, captions. A picture at most 10 MB, a video at most 512 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(files.KINDS)}),
    )

    def clean_upload(self) -> Any:
        """Take files of known kinds only."""
        return _checked(self.cleaned_data["upload"], ())


class PictureForm(UiForm):
    """A picture for a draft."""

    upload = forms.FileField(label=_("Picture"))

    def clean_upload(self) -> Any:
        """Take pictures only."""
        return _checked(self.cleaned_data["upload"], files.PICTURES)


class SaveForm(Seen):
    """A note for a version."""

    note = Words(
        label=_("Note"), max_length=200, required=False, help_text=_("What is new in this version, in a few words.")
    )


class PublishForm(Seen):
    """What learners see from now on, and why."""

    runs = forms.MultipleChoiceField(
        label=_("Runs whose learners see it from now on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = Words(label=_("Note for the publish log"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    despite = forms.BooleanField(label=_("Publish although the check found things that must be fixed"), required=False)

    def __init__(self, *args: Any, runs: list[CourseRun], must: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not must:
            del self.fields["despite"]
        _choices(self, "runs", [(str(run.uuid), _run_label(run)) for run in runs])
        if not runs:
            del self.fields["runs"]


class AgainForm(Seen):
    """From which version a draft begins again."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class AddForm(UiForm):
    """The name of a new section, subsection or unit."""

    name = Words(label=pgettext_lazy("of a block", "Name"), max_length=limits.NAME_CHARACTERS_MAX)


KIND_CHOICES = list(wording.KINDS.items())


def _run_label(run: CourseRun) -> str:
    shown = _("shows version %(number)s") % {"number": run.content.number} if run.content else _("shows nothing yet")
    return f"{run.code} ({shown})"


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _number(text: str, unit: str) -> str:
    try:
        number = Decimal(text.strip().replace("，", ".").replace(",", "."))
    except ArithmeticError:
        raise forms.ValidationError(_("Enter a number like 2.5")) from None
    if not number.is_finite():
        raise forms.ValidationError(_("Enter a number like 2.5"))
    return f"{number.normalize():f}{unit}"


def _checked(upload: Any, wanted: tuple[str, ...]) -> Any:
    if upload:
        try:
            files.check(upload, wanted)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from None
    return upload
