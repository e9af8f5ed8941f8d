"""What becomes of evaluations when a person is erased: that they answered goes; the answer never was anybody's."""

from uuid import UUID

from courses.evaluation.models import EvaluationTurn
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Delete that the person has evaluated anything."""
    EvaluationTurn.objects.filter(person__uuid=person_uuid).delete()


register_eraser("courses.evaluation", erase)
