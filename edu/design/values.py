"""What components take: small frozen values; templates accept dictionaries with the same names too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Text = Any  # str, a lazily translated string or safe HTML
Tone = Literal["neutral", "info", "warn", "ok", "bad", "done"]


@dataclass(frozen=True)
class SummaryRow:
    """A line of a summary list; empty values read "Not provided"."""

    label: Text
    value: Text
    change_url: str = ""


@dataclass(frozen=True)
class Task:
    """A line of a task list; tone "done" is plain text, without `url` the task cannot be started yet."""

    label: Text
    status: Text
    tone: Tone = "neutral"
    url: str = ""
    hint: Text = ""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened (or will): newest first."""

    what: Text
    when: datetime | None = None
    who: Text = ""
    note: Text = ""
    state: Literal["", "current", "ahead"] = ""


@dataclass(frozen=True)
class ComparisonLine:
    """One fact on both sides; `note` says how they differ ("少 8 学时")."""

    label: Text
    left: Text
    right: Text
    differs: bool = False
    note: Text = ""


@dataclass(frozen=True)
class Tab:
    """A view of the same list, a link."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Chip:
    """A filter in force; `url` is the same list without it."""

    label: Text
    url: str


@dataclass(frozen=True)
class FieldError:
    """A line of the error summary; `id` is the control to go to."""

    text: Text
    id: str = ""


def field_errors(forms: Iterable[Any]) -> list[FieldError]:
    """Return every error of the forms in the order of their fields, those of the whole form first."""
    found = []
    for form in forms:
        found += [FieldError(text) for text in form.non_field_errors()]
        for bound in form:
            target = bound.id_for_label or bound.auto_id
            found += [FieldError(text, target) for text in bound.errors]
    return found
