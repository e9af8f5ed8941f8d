"""Naming a record store for an institution's runs, and ending that."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.queries import institution_key
from courses.grading.models import Result
from courses.lti.access import institution_of
from courses.xapi import access, passwords
from courses.xapi.models import RecordStore, Trace, TraceKind
from courses.xapi.states import STORE, StoreStatus
from edu.api.outgoing import check_address
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal


def name_store(*, endpoint: str, username: str, password: str, purpose: str, acting: Actor) -> RecordStore:
    """Let an institution's learning records go to a store from now on.

    Refusals: "address-refused", "purpose-missing", "store-named"; NotPermitted unless the institution's office acts.
    """
    institution_uuid = institution_of(acting)
    assert acting.person_uuid  # an office is held by a person
    check_address(endpoint)
    if not purpose.strip():
        raise Refusal("purpose-missing", _("Say why learning records leave this site."))
    try:
        with transaction.atomic():
            row = RecordStore.objects.create(
                institution_id=institution_key(institution_uuid),
                endpoint=endpoint.rstrip("/"),
                username=username,
                purpose=purpose.strip(),
                named_by_person_uuid=acting.person_uuid,
                named_at=clock.now(),
            )
            record(events.RECORD_STORE_NAMED, _payload(row, institution_uuid), acting=acting)
            passwords.keep(row.uuid, password)
    except IntegrityError:
        raise Refusal("store-named", _("A record store is named already. Close it first.")) from None
    return row


@transaction.atomic
def close_store(*, reason: str, acting: Actor) -> None:
    """Send no more learning records; what waits is not sent either. NotThere without a store."""
    institution_uuid = institution_of(acting)
    row = access.store_of(institution_uuid)
    if not reason.strip():
        raise Refusal("reason-missing", _("Say why; the history keeps it."))
    move(row, to=StoreStatus.CLOSED, table=STORE, acting=acting, reason=reason.strip()[:500])
    Trace.objects.filter(store=row, sent_at__isnull=True).delete()
    record(events.RECORD_STORE_CLOSED, _payload(row, institution_uuid), acting=acting)
    transaction.on_commit(lambda: passwords.forget(row.uuid))


def trace_result(result_uuid: UUID) -> None:
    """Leave the trace of a certified result while the host has a store; safe to run twice."""
    rows = Result.objects.select_related("enrolment__person", "enrolment__run__course__institution")
    row = rows.filter(uuid=result_uuid, certified_at__isnull=False).first()
    store = access.active_store(row.enrolment.run.course.institution.uuid) if row else None
    if row is None or store is None or row.certified_at is None:
        return
    Trace.objects.get_or_create(
        store=store,
        person=row.enrolment.person,
        run=row.enrolment.run,
        usage_id="",
        kind=TraceKind.PASSED if row.passed else TraceKind.FAILED,
        happened_at=row.certified_at,
        defaults={"earned": row.score, "possible": 100},
    )


def _payload(row: RecordStore, institution_uuid: UUID) -> dict[str, str]:
    return {"store_uuid": str(row.uuid), "institution_uuid": str(institution_uuid)}
