"""Where a ledger's reader finds the case behind a posting: the student's page, or the home registrar's."""

from uuid import UUID

from django.urls import reverse

from credits.data import Source
from credits.recognition.models import RecognitionCase


def decision_page(source: Source, institution_uuid: UUID | None) -> str:
    """Return the page of the case in which a decision was made, or "" for registrars of other institutions."""
    case = RecognitionCase.objects.filter(decisions__uuid=source.uuid).first()
    return _page(case, institution_uuid)


def application_page(source: Source, institution_uuid: UUID | None) -> str:
    """Return the page of the case that reserved a lot, or "" for registrars of other institutions."""
    return _page(RecognitionCase.objects.filter(uuid=source.uuid).first(), institution_uuid)


def _page(case: RecognitionCase | None, institution_uuid: UUID | None) -> str:
    if case is None:
        return ""
    if institution_uuid is None:
        return reverse("credits:recognition_case", args=[case.uuid])
    return reverse("credits:registry_case", args=[case.uuid]) if case.home_uuid == institution_uuid else ""
