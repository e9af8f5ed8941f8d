"""How grading is said: the tree of a grade in words, and what states, notes, conditions and signals are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

MARK_WORDS = {
    "present": gettext_lazy("Present"),
    "late": gettext_lazy("Late"),
    "absent": gettext_lazy("Absent"),
    "excused": gettext_lazy("Excused"),
    "deferred": gettext_lazy("Deferred"),
}
ROUND_WORDS = {
    "regular": gettext_lazy("Regular exam"),
    "deferred": gettext_lazy("Deferred exam"),
    "resit": gettext_lazy("Resit"),
}
KIND_WORDS = {"meetings": gettext_lazy("Meeting in person"), "exam": gettext_lazy("Exam")}
POLICY_WORDS = {
    "proposed": ("warn", gettext_lazy("Waits for approval")),
    "approved": ("done", gettext_lazy("Approved")),
    "refused": ("bad", gettext_lazy("Not approved")),
    "withdrawn": ("neutral", gettext_lazy("Withdrawn")),
}
CORRECTION_WORDS = {
    "proposed": ("warn", gettext_lazy("Waits for a decision")),
    "approved": ("done", gettext_lazy("Corrected")),
    "refused": ("bad", gettext_lazy("Refused")),
}
REGRADE_WORDS = {
    "waiting": ("info", gettext_lazy("Begins soon")),
    "running": ("info", gettext_lazy("Running")),
    "done": ("done", gettext_lazy("Done")),
    "cancelled": ("neutral", gettext_lazy("Cancelled")),
    "failed": ("bad", gettext_lazy("Failed")),
}
OUTCOME_WORDS = {
    "changed": gettext_lazy("Changed"),
    "same": gettext_lazy("As before"),
    "failed": gettext_lazy("Could not be graded"),
}
SHEET_WORDS = {
    "previewed": ("warn", gettext_lazy("Not written yet")),
    "applied": ("done", gettext_lazy("Written")),
    "dropped": ("neutral", gettext_lazy("Left without writing")),
}
CASE_WORDS = {
    "open": ("warn", gettext_lazy("Open")),
    "dismissed": ("done", gettext_lazy("Nothing found")),
    "upheld": ("bad", gettext_lazy("Upheld")),
}
SIGNAL_WORDS = {
    "speed": gettext_lazy("Faster than film can play"),
    "parallel": gettext_lazy("Two pages playing at once"),
    "night": gettext_lazy("Studies at night only"),
    "alike": gettext_lazy("Wrong in the same words as somebody else"),
}
SIGNAL_REASONS = {
    "speed": gettext_lazy("A bad line, a wound-up player, or a script can cause it. What was claimed was not counted."),
    "parallel": gettext_lazy("Two devices or a forgotten window can cause it. Time was counted once only."),
    "night": gettext_lazy("Work by day can be the reason, or somebody else playing the film."),
    "alike": gettext_lazy("Learning together can be the reason. Compare the answers with the learners."),
}
FACT_WORDS = {
    "refused_minutes": gettext_lazy("Minutes claimed beyond the clock"),
    "parallel_minutes": gettext_lazy("Minutes reported by a second page"),
    "night_minutes": gettext_lazy("Minutes between 0:00 and 5:00"),
    "night_percent": gettext_lazy("Part of all playing, %"),
    "limit_minutes": gettext_lazy("A case opens from, minutes"),
    "problems": gettext_lazy("Problems with the same wrong answer"),
}
REQUIREMENT_WORDS = {
    "video_percent": (gettext_lazy("Film watched, without repeats"), "%"),
    "tasks_percent": (gettext_lazy("Tasks done"), "%"),
    "study_days": (gettext_lazy("Study days"), ""),
    "meetings": (gettext_lazy("Meetings attended"), ""),
}
PROCESS_WORDS = {
    "days": gettext_lazy("Study days"),
    "minutes": gettext_lazy("Minutes of film, each counted once"),
    "interactions": gettext_lazy("Polls and surveys"),
}
OBJECTIONS = (  # what policy.checked says, so that the catalogue has it
    gettext_lazy("The policy names no graded work."),
    gettext_lazy("Something that counts has no name."),
    gettext_lazy("Two kinds of graded work have the same name."),
    gettext_lazy("A weight or a count is negative."),
    gettext_lazy("The weights do not sum to 100 %."),
    gettext_lazy("The pass mark does not lie between 0 and 100."),
    gettext_lazy("A percentage is not within 0 and 100."),
    gettext_lazy("A kind of component is unknown."),
    gettext_lazy("The three shares of the process score do not sum to 100 %."),
    gettext_lazy("Exam entry names work that the policy does not have."),
    gettext_lazy("The grade scale does not fall from its highest border to 0."),
)


@dataclass(frozen=True, slots=True)
class TreePiece:
    """A leaf as a table shows it."""

    name: str
    earned: str
    possible: str
    counts: bool
    note: str


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A part of the grade as a table shows it."""

    name: str
    weight: str
    percent: str
    points: str
    notes: tuple[str, ...]
    pieces: tuple[TreePiece, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of exam entry in words."""

    label: str
    needed: str
    reached: str
    met: bool
    missing: str


@dataclass(frozen=True, slots=True)
class Tree:
    """How a grade came about, in words; of a document of either version."""

    lines: tuple[TreeLine, ...]
    conditions: tuple[Condition, ...]
    capped: bool

    @property
    def unmet(self) -> list[Condition]:
        """The conditions that are still to be met."""
        return [condition for condition in self.conditions if not condition.met]


def tree(document: Mapping[str, Any]) -> Tree:
    """Return the tree of a result's document, or of the same parts computed now."""
    return Tree(
        lines=tuple(_line(line) for line in document["lines"]),
        conditions=tuple(condition(r) for r in document.get("requirements", ())),
        capped=document.get("capped") == "yes",
    )


def _line(line: Mapping[str, Any]) -> TreeLine:
    notes = []
    if int(line["missing"]):
        missing = int(line["missing"])
        words = ngettext("%(n)d expected piece is missing", "%(n)d expected pieces are missing", missing)
        notes.append(words % {"n": missing})
    if line.get("note") == "no-entry":
        notes.append(_("does not count: the conditions of exam entry are not met"))
    if line.get("note") == "waiting":
        notes.append(_("waits for the deferred exam"))
    if line.get("note") == "unscored":
        notes.append(_("the exam was sat and has no score yet"))
    if line.get("note") == "decided":
        told = {"computed": short(line["computed_percent"]), "reason": line["reason"]}
        notes.append(_("set by the teacher instead of %(computed)s: %(reason)s") % told)
    return TreeLine(
        line["name"],
        short(line["weight_percent"]),
        short(line["mean_percent"]),
        short(line.get("points", "")),
        tuple(notes),
        tuple(_piece(line.get("kind", "work"), piece) for piece in line["works"]),
    )


def _piece(kind: str, piece: Mapping[str, str]) -> TreePiece:
    counts = piece["dropped"] == "no"
    note = piece.get("note", "dropped" if not counts else "")
    name = str(PROCESS_WORDS.get(piece["name"], piece["name"])) if kind == "process" else piece["name"]
    return TreePiece(name, short(piece["earned"]), short(piece["possible"]), counts, _piece_note(kind, note, piece))


def _piece_note(kind: str, note: str, piece: Mapping[str, str]) -> str:
    if note == "dropped":
        return _("dropped")
    if note == "late":
        return _("%(points)s points off for lateness") % {"points": short(piece["late_points"])}
    if kind == "exam" and note in ROUND_WORDS and piece["earned"] != "0.00":
        return str(ROUND_WORDS[note])
    if kind == "process" and piece["dropped"] == "yes":
        return _("does not count")
    return str(MARK_WORDS.get(note) or ROUND_WORDS.get(note) or "")


def short(text: str) -> str:
    """Return a figure without zeros behind the point: "80.00" is "80", "66.70" is "66.7"."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def condition(requirement: Mapping[str, str]) -> Condition:
    """Return a condition of exam entry in words."""
    label, unit = REQUIREMENT_WORDS[requirement["code"]]
    needed, reached = short(requirement["needed"]), short(requirement["reached"])
    met = requirement["met"] == "yes"
    told = {"label": label, "reached": reached, "needed": needed, "unit": unit}
    return Condition(
        str(label),
        f"{needed} {unit}".strip(),
        f"{reached} {unit}".strip(),
        met,
        "" if met else _("%(label)s: %(reached)s of %(needed)s %(unit)s") % told,
    )
