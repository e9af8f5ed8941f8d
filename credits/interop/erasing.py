"""What becomes of files when a person is erased: names of people and places go, what was attested and when stays."""

from uuid import UUID

from credits.interop.models import IncomingFile, RecordExport
from edu.people import api as people


def erase(person_uuid: UUID) -> None:
    """Empty to whom a record went and where its consent is kept, and the name that a file from outside gave."""
    sent = RecordExport.objects.filter(holder_uuid=person_uuid).exclude(recipient="", legal_reference="")
    sent.update(recipient="", legal_reference="")
    came = IncomingFile.objects.filter(holder_uuid=person_uuid).exclude(learner_name="", file_name="")
    came.update(learner_name="", file_name="")


people.register_eraser("credits.interop", erase)
