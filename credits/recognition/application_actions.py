"""A student's own application: draft, evidence, submit, withdraw."""

import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.agreements.locks import one_at_a_time
from credits.ledger import queries as ledger_queries
from credits.recognition import queries
from credits.recognition.actions import begin_case, close_withdrawn, submit_case
from credits.recognition.models import CaseOrigin, RecognitionCase, RecognitionEvidence
from credits.recognition.states import CASE_MOVES, CaseStatus
from credits.recognition.words import refusal, stale
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

STUDENT = "student"
FILE_BYTES_MAX = 10 * 1024 * 1024  # a scanned syllabus of thirty pages at 200 dpi
FILES_MAX = 10  # more is a folder nobody reads
SIGNATURES = {  # a file is what its first bytes say, whatever its name
    b"%PDF-": ("application/pdf", ".pdf"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
}


@transaction.atomic
def draft_application(*, lot_uuid: UUID, acting: Actor) -> RecognitionCase:
    """Begin an application for a lot of one's own; the slot is chosen next. Nothing is reserved yet."""
    if acting.role != STUDENT or acting.person_uuid is None:
        raise refusal("not-a-student")
    record = people.student_record(acting.person_uuid, acting.institution_uuid)
    if record is None:
        raise refusal("not-a-student")
    slots = queries.slots_of_student(acting.person_uuid)
    if record.programme_uuid is None or not slots:
        raise refusal("no-programme")
    one_at_a_time("recognition", lot_uuid)
    lot = ledger_queries.lot(lot_uuid)
    if lot.holder_uuid != acting.person_uuid:
        raise NotThere("no-such-lot", _("There is no such credit."))
    if lot.source.kind != queries.RESULT or lot.unit != queries.CREDIT_POINTS:
        raise refusal("not-a-result")
    if lot.issuer_uuid == record.institution_uuid:
        raise refusal("own-credit")
    if RecognitionCase.objects.filter(lot_uuid=lot_uuid, status__in=queries.STILL_OR_POSTED).exists():
        raise refusal("case-exists")
    if lot.amount_in("available") <= 0:
        raise refusal("nothing-available")
    return begin_case(
        acting,
        CaseStatus.DRAFTED,
        origin=CaseOrigin.APPLICATION,
        person_uuid=acting.person_uuid,
        student_record_uuid=record.uuid,
        home_uuid=record.institution_uuid,
        host_uuid=lot.issuer_uuid,
        programme_uuid=record.programme_uuid,
        slot_uuid=slots[0].uuid,
        lot_uuid=lot.uuid,
        result_uuid=lot.source.uuid,
        run_uuid=lot.activity_uuid,
        credit_points_host=lot.amount,
    )


@transaction.atomic
def edit_application(
    *, case_uuid: UUID, acting: Actor, slot_uuid: UUID | None = None, request_text: str | None = None
) -> RecognitionCase:
    """Choose the slot or write why the course fits it, while the case is with the student."""
    case = _own_locked(case_uuid, acting)
    if slot_uuid:
        if slot_uuid not in {slot.uuid for slot in queries.slots_of_student(case.person_uuid)}:
            raise refusal("slot-not-yours")
        case.slot_uuid = slot_uuid
    if request_text is not None:
        case.request_text = request_text.strip()
    RecognitionCase.objects.filter(pk=case.pk).update(slot_uuid=case.slot_uuid, request_text=case.request_text)
    return case


@transaction.atomic
def add_evidence(*, case_uuid: UUID, name: str, content: bytes, acting: Actor) -> RecognitionEvidence:
    """Put a file beside one's case: PDF, JPEG or PNG by its first bytes; the same file again changes nothing."""
    case = _own_locked(case_uuid, acting)
    if not content:
        raise refusal("file-empty")
    if len(content) > FILE_BYTES_MAX:
        raise refusal("file-too-large")
    kind = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if kind is None:
        raise refusal("file-type")
    digest = hashlib.sha256(content).hexdigest()
    if there := case.evidence.filter(content_hash=digest).first():
        return there
    if case.evidence.count() >= FILES_MAX:
        raise refusal("too-many-files")
    content_type, ending = kind
    return RecognitionEvidence.objects.create(
        case=case,
        file=ContentFile(content, name=f"{digest[:32]}{ending}"),  # never the applicant's own file name on our disk
        name=name[-200:],
        content_type=content_type,
        size_bytes=len(content),
        content_hash=digest,
    )


@transaction.atomic
def remove_evidence(*, case_uuid: UUID, evidence_uuid: UUID, acting: Actor) -> None:
    """Take a file away from one's case while it is with the student; its bytes go when the transaction is done."""
    case = _own_locked(case_uuid, acting)
    evidence = case.evidence.filter(uuid=evidence_uuid).first()
    if evidence is None:
        raise NotThere("evidence-not-there", _("There is no such file."))
    storage, stored = evidence.file.storage, str(evidence.file.name)
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(stored))


@transaction.atomic
def submit_application(*, case_uuid: UUID, acting: Actor) -> RecognitionCase:
    """Hand one's application (or its corrected form) to the home registrar; the lot is reserved from here on."""
    case = _own_locked(case_uuid, acting)
    if not case.request_text:
        raise refusal("request-missing")
    submit_case(case, acting)
    return case


@transaction.atomic
def withdraw_case(*, case_uuid: UUID, acting: Actor) -> RecognitionCase:
    """Take one's case back; its credit is free again."""
    case = RecognitionCase.objects.select_for_update().filter(uuid=case_uuid).first()
    if case is None or case.person_uuid != acting.person_uuid:
        raise _not_there()
    if not CASE_MOVES.allows(CaseStatus(case.status), CaseStatus.WITHDRAWN):
        raise stale("decided-meanwhile")
    close_withdrawn(case, acting)
    return case


def _own_locked(case_uuid: UUID, acting: Actor) -> RecognitionCase:
    """Return one's case with its row locked while it is a draft or returned; Stale once it is with the registrar."""
    case = RecognitionCase.objects.select_for_update().filter(uuid=case_uuid).first()
    if case is None or case.person_uuid != acting.person_uuid:
        raise _not_there()
    if case.status not in {CaseStatus.DRAFTED, CaseStatus.RETURNED}:
        raise stale("decided-meanwhile")
    return case


def _not_there() -> NotThere:
    return NotThere("case-not-there", _("There is no such case."))
