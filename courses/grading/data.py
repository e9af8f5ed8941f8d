"""Values of grading for screens."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from courses.grading.rules import Computed


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One learner in a gradebook: what is computed now, and the result that was submitted, if any.

    `seen_hash` is the hash of what the teacher would sign: a submission names it, so that a changed score is noticed.
    """

    enrolment_uuid: UUID
    person_uuid: UUID
    name: str
    computed: Computed
    grade: Decimal
    seen_hash: str
    result_uuid: UUID | None
    status: str  # "" before a submission
    submitted_grade: str
    reason: str  # of a return or an override

    @property
    def may_be_submitted(self) -> bool:
        """True until it is with the registrar."""
        return self.status in {"", "returned"}


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

    policy_number: int
    policy_document: dict[str, Any]
    policy_hash: str
    rows: tuple[GradeRow, ...]
