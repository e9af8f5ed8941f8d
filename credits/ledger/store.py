"""The one write path into the ledger's tables: a posting in one round trip, and what the database's refusals mean."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from credits.data import Source
from credits.ledger.logged import log_posting
from credits.ledger.rules import Line, PostingEvent
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

POST = (
    "SELECT posting_id, posting_uuid, happened, recorded, fresh FROM ledger_post("
    "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s::uuid[], %s::numeric[])"
)

REFUSALS = {
    "balance_has_its_sign": (
        "credit-already-used",
        _("This credit is already used or reserved elsewhere. Reload the page to see where it is now."),
    ),
    "credits_posting_reverses_id_key": ("posting-already-reversed", _("This posting has already been reversed.")),
    "posting_reversal_of_reversal": (
        "reversal-cannot-be-reversed",
        _("A reversal cannot be reversed. Record the event anew instead."),
    ),
    "posting_event_before_record": ("event-in-the-future", _("An event cannot lie in the future.")),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The row of a posting, and whether this call made it or an earlier one with the same key."""

    posting_id: int
    uuid: UUID
    event_at: dt.datetime
    recorded_at: dt.datetime
    fresh: bool


def write_posting(
    *,
    event: PostingEvent,
    lines: tuple[Line, ...],
    idempotency_key: str,
    source: Source,
    acting: Actor,
    reverses_id: int | None = None,
) -> Written:
    """Write a posting whose lines have been checked, or find the one with this key.

    Refusal when the database refuses. Runs inside the caller's `atomic` block, which undoes it then.
    """
    parameters = [
        uuid4(),
        event.value,
        idempotency_key,
        source.kind,
        source.uuid,
        reverses_id,
        acting.person_uuid,
        acting.institution_uuid,
        acting.role,
        clock.now(),
        [line.account.kind.value for line in lines],
        [line.account.owner for line in lines],
        [line.lot_uuid for line in lines],
        [line.amount for line in lines],
    ]
    with connection.cursor() as cursor:
        cursor.execute(POST, parameters)
        written = Written(*cursor.fetchone())
    if written.fresh:
        log_posting(written.posting_id)
    return written


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn a refusal of the database into one of ours; put it around the `atomic` block, never inside."""
    try:
        yield
    except IntegrityError as error:
        name = _constraint_of(error)
        if name == "posting_line_lot_there":
            raise NotThere("no-such-lot", _("There is no such credit.")) from error
        if name not in REFUSALS:
            raise
        code, message = REFUSALS[name]
        raise Refusal(code, message) from error


def _constraint_of(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
