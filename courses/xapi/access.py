"""Who may name a record store: those who may connect other servers (see lti/access.py)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from courses.xapi.models import RecordStore
from courses.xapi.states import StoreStatus
from edu.kernel.errors import NotThere


def active_store(institution_uuid: UUID) -> RecordStore | None:
    """Return the store to which an institution's learning records go, or None."""
    rows = RecordStore.objects.filter(institution__uuid=institution_uuid, status=StoreStatus.ACTIVE.value)
    return rows.first()


def store_of(institution_uuid: UUID) -> RecordStore:
    """Return the institution's active store; NotThere without one."""
    row = active_store(institution_uuid)
    if row is None:
        raise NotThere("no-record-store", _("No record store is named."))
    return row
