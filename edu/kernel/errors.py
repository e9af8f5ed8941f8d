"""The ways in which a deed is refused. Each leaves no trace: it is raised before anything is written.

Views turn them into pages and API problems: NotThere 404, NotPermitted 403, Stale 409, Refusal 422 or the form.
`code` is for machines and tests; `message` is for people and already translated (or lazily translatable).
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Refusal(Exception):
    """A rule says no; `message` says why and what to do."""

    code: str
    message: Any = ""
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotThere(Refusal):
    """There is no such row, or none that this person may know of; both look the same."""


class NotPermitted(Refusal):
    """The person may see the row but not do this deed."""


class Stale(Refusal):
    """What the person saw is no longer what is there; `details` says what changed."""
