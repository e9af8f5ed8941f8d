"""What gradebook and queue send back. Rows are named by uuid; hashes say what was seen."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.grading.data import Entry, GradeFilter
from courses.grading.deciding import MINUTES_MAX, MarkEntry, SessionPlan, Setting
from courses.grading.queries import STATUS_OF_FILTER
from courses.grading.wording import MARK_WORDS, ROUND_WORDS
from edu.design.forms import UiForm
from edu.kernel.errors import Refusal

TEXT_CHARS_MAX = 100  # longer than any name; keeps a pasted page out of the query
HEX_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("unreadable", _("The page was changed on the way. Reload it and choose again.")) from None


def entries(sent: QueryDict) -> list[Entry]:
    """Return the chosen lines of a gradebook; Refusal for what cannot be read."""
    return [
        Entry(enrolment_uuid=_uuid(chosen), seen_hash=sent.get(f"seen-{chosen}", ""))
        for chosen in sent.getlist("chosen")
    ]


def _score(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        raise Refusal("score-unreadable", _("Write the score as a number, for example 86.5.")) from None
    if not score.is_finite():
        raise Refusal("score-unreadable", _("Write the score as a number, for example 86.5."))
    return score


def chosen_results(sent: QueryDict) -> dict[UUID, str]:
    """Return the chosen results of a queue with the hashes that were seen."""
    return {_uuid(chosen): sent.get(f"seen-{chosen}", "") for chosen in sent.getlist("case")}


MARK_CHOICES = [("", _("Not marked")), *MARK_WORDS.items()]


class SessionForm(UiForm):
    """When and where a meeting or exam takes place, and for what it counts."""

    component = forms.ChoiceField(label=_("Counts for"))
    round = forms.ChoiceField(
        label=_("Round"),
        choices=list(ROUND_WORDS.items()),
        help_text=_("A deferred exam counts whole; a resit counts as the policy says."),
    )
    title = forms.CharField(label=_("Name"), max_length=100)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=Moment())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MINUTES_MAX)
    room = forms.CharField(label=_("Room"), max_length=100)
    invigilator = forms.ChoiceField(label=_("Invigilator"), required=False)

    def __init__(self, *args: Any, components: Iterable[str], teachers: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = [(name, name) for name in components]  # type: ignore[attr-defined]
        nobody = [("", _("Nobody named"))]
        self.fields["invigilator"].choices = nobody + [(str(u), name) for u, name in teachers.items()]  # type: ignore[attr-defined]

    def plan(self) -> SessionPlan:
        """Return what was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "invigilator"}
        chosen = self.cleaned_data["invigilator"]
        return SessionPlan(**given, invigilator_uuid=UUID(chosen) if chosen else None)


class SheetForm(UiForm):
    """The gradebook as it was downloaded, with scores changed in it."""

    file = forms.FileField(label=_("Gradebook (xlsx or CSV)"))


class RegradeForm(UiForm):
    """Which problem, and what was wrong with it."""

    usage_id = forms.ChoiceField(label=_("Problem"))
    reason = forms.CharField(label=_("What was wrong with it?"), max_length=500)

    def __init__(self, *args: Any, problems: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usage_id"].choices = list(problems)  # type: ignore[attr-defined]


def marks(sent: QueryDict) -> list[MarkEntry]:
    """Return the lines of a session's list; Refusal for what cannot be read."""
    return [
        MarkEntry(
            enrolment_uuid=_uuid(name.removeprefix("status-")),
            status=status,
            score=_score(sent.get(name.replace("status-", "score-"), "")),
            reason=sent.get(name.replace("status-", "reason-"), ""),
            seen=sent.get(name.replace("status-", "seen-")),
        )
        for name, status in sent.items()
        if name.startswith("status-") and isinstance(status, str)
    ]


def setting(sent: QueryDict, enrolment_uuid: UUID) -> Setting:
    """Return the score that a person wants to set for a learner; an empty one takes it back."""
    seen = sent.get("seen", "")
    return Setting(
        enrolment_uuid,
        sent.get("line", ""),
        _score(sent.get("score", "")),
        sent.get("reason", ""),
        int(seen) if seen.isdecimal() else None,
    )


def needed_score(sent: QueryDict) -> Decimal:
    """Return the score that was sent; Refusal without one."""
    score = _score(sent.get("score", ""))
    if score is None:
        raise Refusal("score-unreadable", _("Write the score as a number, for example 86.5."))
    return score


def grade_filter(asked: QueryDict) -> GradeFilter:
    """Return whom a gradebook shall show; what is unknown asks for nothing."""
    home = asked.get("home", "")
    status = asked.get("status", "")
    return GradeFilter(
        text=asked.get("q", "").strip()[:TEXT_CHARS_MAX],
        home_uuid=UUID(home) if HEX_UUID.fullmatch(home) else None,
        status=status if status in {"open", *STATUS_OF_FILTER} else "",
    )
