"""Values of grading for screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from courses.grading.policy import Policy
from courses.grading.rules import Computed, Facts, Line

OPEN_TO_SUBMIT = frozenset({"", "returned"})


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """A policy that holds: its row's id and number, its document and hash, and the value read from it."""

    id: int
    uuid: UUID
    number: int
    home_uuid: UUID | None
    document: Mapping[str, Any]
    content_hash: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that hold for a run on a day: the general one, and those of home institutions."""

    general: HeldPolicy
    of_homes: Mapping[UUID, HeldPolicy] = field(default_factory=dict)

    def for_home(self, home_uuid: UUID | None) -> HeldPolicy:
        """Return the policy for the learners of an institution."""
        return self.of_homes.get(home_uuid, self.general) if home_uuid else self.general

    @property
    def all(self) -> list[HeldPolicy]:
        """The general one first."""
        return [self.general, *self.of_homes.values()]

    @property
    def line_names(self) -> list[str]:
        """What counts anywhere, in the order of columns."""
        return list(dict.fromkeys(name for held in self.all for name in held.policy.weights))


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One learner in a gradebook: what is computed now, and the result that was submitted, if any.

    `seen_hash` is the hash of what the teacher would sign: a submission names it, so that a changed score is noticed.
    """

    enrolment_uuid: UUID
    person_uuid: UUID
    name: str
    number: str  # the student number at home; ""
    home_uuid: UUID | None
    home_name: str
    held: HeldPolicy
    facts: Facts
    computed: Computed
    cells: tuple[
        Line | None, ...
    ]  # in the order of Gradebook.columns; None where the learner's policy has no such line
    document: Mapping[str, Any]  # what would be signed, before an override; empty where nobody may sign
    seen_hash: str
    result_uuid: UUID | None
    status: str  # "" before a submission
    submitted_grade: str
    reason: str  # of a return

    @property
    def grade(self) -> Decimal:
        """The grade as it is computed now."""
        return self.computed.grade

    @property
    def may_be_submitted(self) -> bool:
        """True until it is with the registrar, unless an exam is still to be sat."""
        return self.status in OPEN_TO_SUBMIT and not self.computed.waiting


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a submission: whose result, what was seen, and another score with its reason where one is set."""

    enrolment_uuid: UUID
    seen_hash: str
    override_score: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gradebook:
    """A page of a run's gradebook."""

    policies: Policies
    columns: tuple[str, ...]
    rows: tuple[GradeRow, ...]


@dataclass(frozen=True, slots=True)
class GradeFilter:
    """Whom a gradebook shows; empty values ask for nothing."""

    text: str = ""
    home_uuid: UUID | None = None
    status: str = ""  # "open", "submitted", "returned", "certified"

    @property
    def is_empty(self) -> bool:
        """True when everybody is shown."""
        return not (self.text or self.home_uuid or self.status)
