"""What becomes of applications when a person is erased: words and files go, the decision and its rules stay."""

from functools import partial
from uuid import UUID

from django.db import transaction

from credits.recognition.models import RecognitionCase, RecognitionEvidence
from edu.people import api as people


def erase(person_uuid: UUID) -> None:
    """Delete the person's evidence with its bytes, and what they wrote to the registrar."""
    for evidence in RecognitionEvidence.objects.filter(case__person_uuid=person_uuid):
        transaction.on_commit(partial(evidence.file.storage.delete, str(evidence.file.name)))
        evidence.delete()
    RecognitionCase.objects.filter(person_uuid=person_uuid).update(request_text="")


people.register_eraser("credits.recognition", erase)
