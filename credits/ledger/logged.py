"""What the transparency log commits to of a posting: one document, always read from the rows themselves."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from credits.ledger.models import Posting
from credits.log import actions as log
from credits.log.subjects import Subject, register
from edu.kernel.errors import Refusal

KIND = "posting"
BATCH = 1000  # postings read at once when all are read again

# The document is built by the function `ledger_document` (migration 0012): a function keeps its plan. The holder's
# salt is read along, which saves a round trip with every posting.
FRESH = "SELECT d.*, log_salt(d.holders[1]) FROM ledger_document(%s) d"
ALL = """
    SELECT d.* FROM unnest(%s::bigint[]) WITH ORDINALITY w(id, place), LATERAL ledger_document(w.id) d
    WHERE d.posting_uuid IS NOT NULL ORDER BY w.place
"""


def log_posting(posting_id: int) -> None:
    """Append the entry of a posting that was just written, in its transaction.

    Refusal when it touches lots of several holders: an entry is opened by one person's salt, so that erasing this
    person erases it, and nobody else's entry opens with it (docs/decisions/0011).
    """
    with connection.cursor() as cursor:
        cursor.execute(FRESH, [posting_id])
        uuid, holders, document, salt = cursor.fetchone()
    if len(holders) != 1:
        raise Refusal("several-holders", _("A posting concerns the credit of one person. Post for each person."))
    log.append(kind=KIND, subject_uuid=uuid, owner_uuid=holders[0], subject=json.loads(document), owner_salt=salt)


def all_postings() -> Iterator[Subject]:
    """Yield every posting of the ledger, in the order of rows."""
    after = 0
    while ids := list(Posting.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with connection.cursor() as cursor:
            cursor.execute(ALL, [ids])
            yield from [_subject(*row) for row in cursor.fetchall()]
        after = ids[-1]


def _subject(uuid: UUID, holders: list[UUID], document: str) -> Subject:
    read: dict[str, Any] = json.loads(document)
    return Subject(uuid, holders[0], read)


register(KIND, all_postings)
