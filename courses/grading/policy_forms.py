"""The form in which a teacher proposes how a run is graded. Its fields follow the policy that holds."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.grading.data import HeldPolicy
from courses.grading.documents import source_of
from courses.grading.policy import (
    EXAM,
    HUNDRED,
    MEETINGS,
    ZERO,
    AssignmentRule,
    ComponentRule,
    EntryRule,
    LateRule,
    Policy,
    ProcessRule,
    ResitRule,
    Source,
)
from edu.design.forms import UiForm

PERCENT = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2}
DAY_MINUTES = 25
LATE_PERCENT = Decimal(50)
PROCESS_NAME = "平时成绩"  # a name in the policy's document, like the names of graded work
COUNT = {"min_value": 0, "max_value": 10_000}


class Day(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _percent(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, **{**PERCENT, **more})


def _count(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, **{**COUNT, **more})


class PolicyForm(UiForm):
    """Weights, conditions and the document behind them; empty weights leave a part out."""

    pass_mark = _percent(_("Pass mark"), min_value=1)
    meetings_name = forms.CharField(label=_("Name of the meetings"), max_length=100, required=False)
    meetings_weight = _percent(_("Weight of the meetings, %"), required=False)
    meetings_min = _count(_("Meetings expected"), required=False)
    exam_name = forms.CharField(label=_("Name of the exam"), max_length=100, required=False)
    exam_weight = _percent(_("Weight of the exam, %"), required=False)
    process_weight = _percent(_("Weight of the process score, %"), required=False)
    days_share = _percent(_("Share of study days, %"), required=False)
    minutes_share = _percent(_("Share of minutes of film, %"), required=False)
    interactions_share = _percent(_("Share of polls and surveys, %"), required=False)
    days_full = _count(_("Study days for full points"), required=False)
    day_minutes = _count(
        _("Minutes that make a study day"), required=False, help_text=_("Minutes of film that were new to the learner.")
    )
    video_percent_min = _percent(_("Film watched for exam entry, %"), required=False)
    tasks_percent_min = _percent(_("Tasks done for exam entry, %"), required=False)
    study_days_min = _count(_("Study days for exam entry"), required=False)
    meetings_entry = _count(_("Meetings attended for exam entry"), required=False)
    gates = forms.MultipleChoiceField(
        label=_("What counts only with exam entry"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grace_hours = _count(_("Hours of grace after the due time"), required=False)
    percent_per_day = _percent(_("Deduction a begun day, %"), required=False)
    percent_max = _percent(_("Deduction at most, %"), required=False)
    attempts_max = _count(_("Resits allowed"), required=False, max_value=5)
    cap_score = _percent(_("Score that a resit is worth at most"), required=False)
    absent_may = forms.BooleanField(label=_("Who stayed away without excuse may resit"), required=False)
    home = forms.ChoiceField(label=_("For whom"), required=False)
    from_on = forms.DateField(
        label=_("Holds from"), required=False, widget=Day(), help_text=_("Leave empty to let it hold at once.")
    )
    source_title = forms.CharField(label=_("Document that it rests on"), max_length=200)
    source_issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    source_number = forms.CharField(label=_("Document number"), max_length=100, required=False)
    source_dated_on = forms.DateField(label=_("Dated"), required=False, widget=Day())
    reason = forms.CharField(label=_("Reason for the change"), max_length=500)

    def __init__(
        self, *args: Any, held: HeldPolicy, homes: Mapping[UUID, str], kinds: Iterable[str] = (), **kwargs: Any
    ) -> None:
        """Offer what the policy names and, with weight 0, the `kinds` of graded work that the content has besides."""
        super().__init__(*args, **kwargs)
        named = [rule.name for rule in held.policy.assignments]
        self.names = list(dict.fromkeys([*named, *kinds]))
        self.held = held.policy  # what the form does not ask for stays as it is
        for number, name in enumerate(self.names):
            told = {"name": name}
            self.fields[f"weight_{number}"] = _percent(_("%(name)s: weight, %%") % told, initial=0)
            self.fields[f"min_{number}"] = _count(_("%(name)s: pieces expected") % told, initial=0)
            self.fields[f"drop_{number}"] = _count(_("%(name)s: worst pieces dropped") % told, initial=0)
        parts = [("exam", _("The exam")), ("meetings", _("The meetings"))]
        self.fields["gates"].choices = [*((name, name) for name in self.names), *parts]  # type: ignore[attr-defined]
        everybody = [("", _("All learners"))]
        self.fields["home"].choices = everybody + [(str(uuid), name) for uuid, name in homes.items()]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields in close groups, each with its heading."""
        works = [f"{key}_{n}" for n in range(len(self.names)) for key in ("weight", "min", "drop")]
        groups = (
            (_("Graded work in the content"), [*works, "pass_mark"]),
            (_("Meetings and exam"), ["meetings_name", "meetings_weight", "meetings_min", "exam_name", "exam_weight"]),
            (
                _("Process score"),
                ["process_weight", "days_share", "minutes_share", "interactions_share", "days_full", "day_minutes"],
            ),
            (
                _("Exam entry"),
                ["video_percent_min", "tasks_percent_min", "study_days_min", "meetings_entry", "gates"],
            ),
            (
                _("Lateness and resits"),
                ["grace_hours", "percent_per_day", "percent_max", "attempts_max", "cap_score", "absent_may"],
            ),
            (
                _("For whom, from when, and why"),
                ["home", "from_on", "source_title", "source_issuer", "source_number", "source_dated_on", "reason"],
            ),
        )
        return [(title, [self[name] for name in names]) for title, names in groups]

    def policy(self) -> Policy:
        """Return what was filled in; whether it makes sense is asked where it is proposed."""
        given = self.cleaned_data
        components = self._components()
        named = {"exam": given["exam_name"], "meetings": given["meetings_name"]}
        weighed = [name for n, name in enumerate(self.names) if given[f"weight_{n}"]]
        present = {*weighed, *(part.name for part in components)}
        gates = [named.get(gate, gate) for gate in given["gates"]]
        return Policy(
            assignments=tuple(
                AssignmentRule(name, given[f"weight_{n}"], given[f"min_{n}"], given[f"drop_{n}"])
                for n, name in enumerate(self.names)
                if given[f"weight_{n}"]
            ),
            pass_mark=given["pass_mark"],
            components=components,
            process=self._process(),
            entry=EntryRule(
                tuple(gate for gate in gates if gate in present),
                given["video_percent_min"] or ZERO,
                given["tasks_percent_min"] or ZERO,
                given["study_days_min"] or 0,
                given["meetings_entry"] or 0,
            ),
            late=LateRule(
                given["grace_hours"] or 0,
                given["percent_per_day"] or ZERO,
                HUNDRED if given["percent_max"] is None else given["percent_max"],
            ),
            resit=ResitRule(given["attempts_max"] or 0, given["cap_score"], given["absent_may"]),
            scale=self.held.scale,
        )

    def _components(self) -> tuple[ComponentRule, ...]:
        given, found = self.cleaned_data, []
        if given["meetings_weight"]:
            told = given["meetings_name"], given["meetings_weight"], given["meetings_min"] or 0
            late = next((part.late_percent for part in self.held.components if part.kind == MEETINGS), LATE_PERCENT)
            found.append(ComponentRule(MEETINGS, *told, late))
        if given["exam_weight"]:
            found.append(ComponentRule(EXAM, given["exam_name"], given["exam_weight"]))
        return tuple(found)

    def _process(self) -> ProcessRule | None:
        given = self.cleaned_data
        if not given["process_weight"]:
            return None
        return ProcessRule(
            PROCESS_NAME,
            given["process_weight"],
            days_share=given["days_share"] or ZERO,
            minutes_share=given["minutes_share"] or ZERO,
            interactions_share=given["interactions_share"] or ZERO,
            days_full=given["days_full"] or 0,
            day_minutes=given["day_minutes"] or DAY_MINUTES,
            minutes_full=self.held.process.minutes_full if self.held.process else 0,
            interactions_full=self.held.process.interactions_full if self.held.process else 0,
        )

    def source(self) -> Source:
        """Return the document that the policy rests on."""
        given = self.cleaned_data
        dated_on = given["source_dated_on"]
        return Source(
            given["source_title"],
            given["source_issuer"],
            given["source_number"],
            dated_on.isoformat() if dated_on else "",
        )

    def home_uuid(self) -> UUID | None:
        """Return the institution whose learners it is for."""
        return UUID(self.cleaned_data["home"]) if self.cleaned_data["home"] else None


def initial_of(held: HeldPolicy) -> dict[str, Any]:
    """Return what the form begins with: the policy that holds."""
    policy = held.policy
    values: dict[str, Any] = {"pass_mark": policy.pass_mark, "day_minutes": DAY_MINUTES, "percent_max": Decimal(100)}
    for number, rule in enumerate(policy.assignments):
        values |= {
            f"weight_{number}": rule.weight_percent,
            f"min_{number}": rule.min_count,
            f"drop_{number}": rule.drop_count,
        }
    named = {part.name: part.kind for part in policy.components}
    for part in policy.components:
        kind = part.kind
        values |= {f"{kind}_name": part.name, f"{kind}_weight": part.weight_percent, f"{kind}_min": part.min_count}
    if process := policy.process:
        names = ("days_share", "minutes_share", "interactions_share", "days_full", "day_minutes")
        values |= {"process_weight": process.weight_percent, **{name: getattr(process, name) for name in names}}
    entry, source = policy.entry, source_of(held.document)
    return values | {
        "video_percent_min": entry.video_percent_min or None,
        "tasks_percent_min": entry.tasks_percent_min or None,
        "study_days_min": entry.study_days_min or None,
        "meetings_entry": entry.meetings_min or None,
        "gates": [named.get(gate, gate) for gate in entry.gates],
        "grace_hours": policy.late.grace_hours or None,
        "percent_per_day": policy.late.percent_per_day or None,
        "percent_max": policy.late.percent_max,
        "attempts_max": policy.resit.attempts_max or None,
        "cap_score": policy.resit.cap_score,
        "absent_may": policy.resit.absent_may,
        "source_issuer": source.issuer,
        "source_number": source.number,
        "source_dated_on": source.dated_on or None,
    }
