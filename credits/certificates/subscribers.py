"""What certificates listen to."""

from functools import partial
from uuid import UUID

from django.db import transaction

from credits import events as announced
from credits.certificates.actions import revoke_for_reversed_lot
from credits.certificates.tasks import draw_certificate
from credits.ledger import queries as ledger
from credits.ledger.rules import AccountKind
from edu.events.registry import Happened, subscribe

REVERSED = "学分已在账簿中冲回"  # the reason that holder and verifier read


@subscribe(announced.CERTIFICATE_REQUESTED, name="credits.certificates.draw_soon")
def draw_soon(happened: Happened) -> None:
    """Hint to a worker that a paper is to be drawn; a lost hint costs half a minute, then beat finds it."""
    transaction.on_commit(partial(draw_certificate.delay_hint, happened.payload["certificate_uuid"]), robust=True)


@subscribe(announced.POSTING_REVERSED, name="credits.certificates.revoke_reversed")
def revoke_reversed(happened: Happened) -> None:
    """Revoke what certifies a credit that the ledger took back."""
    for text in happened.payload["lot_uuids"]:
        lot = ledger.lot(UUID(text))
        if not lot.amount_in(AccountKind.ISSUED) and lot.derived_from_uuid is None:
            revoke_for_reversed_lot(lot_uuid=lot.uuid, reason=REVERSED, acting=happened.actor)
