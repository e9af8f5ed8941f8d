"""What the transparency log commits to of a seal: its root, its sums, its cut, and why it could be made."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from credits.log import actions as log
from credits.log import queries as log_queries
from credits.log.subjects import Subject, register
from credits.seals import leaves
from credits.seals.models import TermSeal
from credits.seals.proofs import SEAL_KIND, SEAL_TYPE, VERSION
from credits.seals.tree import Sums
from edu.kernel import clock

KEEPER = uuid5(NAMESPACE_URL, "guixue:seals")  # whose salt opens the entries: a seal concerns no person


def sums_of(seal: TermSeal) -> Sums:
    """Return the sums of a seal's row, in hundredths."""
    return tuple(int(amount * leaves.HUNDREDTHS) for amount in (seal.entered, seal.recognised, seal.contact_hours))


def document_of(seal: TermSeal) -> dict[str, Any]:
    """Return the document of a seal, from its rows."""
    windows = seal.windows.select_related("rule").order_by("institution_uuid")
    return {
        "type": SEAL_TYPE,
        "version": VERSION,
        "uuid": str(seal.uuid),
        "term": seal.term_code,
        "ends_on": seal.ends_on.isoformat(),
        "sealed_at": clock.rfc3339(seal.sealed_at),
        "log_size": str(seal.log_size),
        "people": str(seal.person_count),
        "lots": str(seal.lot_count),
        "root": bytes(seal.root).hex(),
        "sums": leaves.named(sums_of(seal)),
        "windows": [
            {
                "institution": str(window.institution_uuid),
                "ends_on": window.ends_on.isoformat(),
                "closed_on": window.closed_on.isoformat(),
                "days": str(window.rule.number),
                "source": window.rule.source_text,
            }
            for window in windows
        ],
    }


def append(seal: TermSeal) -> None:
    """Commit the log to a seal, in the caller's transaction."""
    log.append(kind=SEAL_KIND, subject_uuid=seal.uuid, owner_uuid=KEEPER, subject=document_of(seal))


def entry_salt_of(seal: TermSeal) -> bytes | None:
    """Return what opens the entry of a seal; None when the salts have not come back after a restore."""
    return log_queries.entry_salt(KEEPER, seal.uuid)


def all_seals() -> Iterator[Subject]:
    """Yield what the log committed to of every seal."""
    for seal in TermSeal.objects.order_by("pk"):
        yield Subject(seal.uuid, KEEPER, document_of(seal))


register(SEAL_KIND, all_seals)
