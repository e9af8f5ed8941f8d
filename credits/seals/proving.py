"""Writes the proofs that a person carries out of a sealed term; each was checked as a stranger checks it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from credits.log import queries as log_queries
from credits.log import salts
from credits.log.faults import Fault
from credits.seals import building, leaves, logged, proofs, queries, tree
from credits.seals.building import PersonLots
from credits.seals.models import SealedPerson, TermSeal
from credits.seals.tree import Digest, Item, SealFault, Step
from edu.kernel.errors import Refusal

LATE = """
    SELECT p.uuid, t.holder_uuid, d.document, array_agg(DISTINCT o.uuid)
    FROM credits_latecorrection c
    JOIN credits_posting p ON p.id = c.posting_id
    JOIN credits_postingline l ON l.posting_id = p.id
    JOIN credits_lot t ON t.id = l.lot_id
    JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id)
    CROSS JOIN LATERAL ledger_document(p.id) d
    WHERE c.seal_id = %s AND t.holder_uuid = %s
    GROUP BY p.id, p.uuid, t.holder_uuid, d.document ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a person may prove of a seal: the lots in it, and which of them were corrected afterwards."""

    seal: TermSeal
    holder_uuid: UUID
    salt: bytes
    found: PersonLots | None
    lots: list[Item]
    late: tuple["Late", ...]

    @property
    def documents(self) -> tuple[dict[str, Any], ...]:
        """The leaves of the person."""
        return self.found.documents if self.found else ()

    @property
    def total(self) -> tree.Sums:
        """What the person's lots add up to."""
        return leaves.total_of(self.documents)

    def document_of(self, lot_uuid: UUID) -> dict[str, Any] | None:
        """Return the leaf about a lot, or about the lot that it was recognised from; None when there is none."""
        wanted = str(lot_uuid)
        for document in self.documents:
            if wanted == document["lot"] or any(wanted == one["lot"] for one in document["recognitions"]):
                return document
        return None


@dataclass(frozen=True, slots=True)
class Late:
    """A correction after the seal: the posting's document, and the lots it concerns."""

    uuid: UUID
    holder_uuid: UUID
    document: Mapping[str, Any]
    lots: frozenset[str]


def sealed_of(seal: TermSeal, holder_uuid: UUID) -> Sealed:
    """Return what a person may prove of a seal. Refusal `salt-erased` when the person's salt was destroyed."""
    kept = salts.kept(holder_uuid)
    if kept is None:
        raise Refusal(
            "salt-erased",
            _("There is nothing that could be proved: no credit was ever entered, or its key was erased on request."),
        )
    salt = leaves.seal_salt(kept, seal.uuid)
    found = building.person(queries.cut_of(seal), holder_uuid)
    lots = building.lots_of(salt, found.documents) if found else []
    return Sealed(seal, holder_uuid, salt, found, lots, _late(seal, holder_uuid))


def proof_of_total(sealed: Sealed) -> dict[str, Any]:
    """Return the proof of a person's total that shows no course."""
    return _proof(sealed, [], [])


def proof_of_lot(sealed: Sealed, lot_uuid: UUID) -> dict[str, Any]:
    """Return the proof of what the seal says about one lot: its recognitions, or that nothing stands there."""
    document = sealed.document_of(lot_uuid)
    return _proof(sealed, [document], []) if document else _proof(sealed, [], [lot_uuid])


def proof_of_all(sealed: Sealed) -> dict[str, Any]:
    """Return the proof with every lot of a person."""
    return _proof(sealed, sealed.documents, [])


def _proof(sealed: Sealed, shown: Iterable[Mapping[str, Any]], absent: Iterable[UUID]) -> dict[str, Any]:
    """Return a proof. Refusal `seal-differs` when the rows do not lead to the sealed root: somebody changed them."""
    entry_salt = logged.entry_salt_of(sealed.seal)
    if entry_salt is None:
        raise _differs("salts-missing")
    try:
        shown = list(shown)
        names = {document["lot"] for document in shown}
        proof = {
            "type": proofs.PROOF_TYPE,
            "version": proofs.VERSION,
            "seal": logged.document_of(sealed.seal),
            "entry_salt": entry_salt.hex(),
            "log_proof": _log_proof(proofs.SEAL_KIND, sealed.seal.uuid),
            "holder": str(sealed.holder_uuid),
            "salt": sealed.salt.hex(),
            "person": _person(sealed),
            "leaves": [_shown(sealed, document) for document in shown],
            "absent": [_absent(sealed, lot_uuid) for lot_uuid in absent],
            "corrections": [_correction(late) for late in sealed.late if late.lots & names],
        }
        proofs.check(proof)
    except (SealFault, Fault) as fault:
        raise _differs(str(fault)) from fault
    return proof


def _person(sealed: Sealed) -> dict[str, Any]:
    """Return where the person stands in the tree of people; of the whole tree the crown and one bucket are read."""
    crown = tree.crown_from(bytes(sealed.seal.crown))
    key = leaves.person_key(sealed.salt, sealed.holder_uuid)
    place = int.from_bytes(key, "big")
    first, last = crown.range_of(crown.bucket_of(place))
    rows = SealedPerson.objects.filter(seal=sealed.seal, key__gte=first, key__lte=last).order_by("key")
    of_key = {bytes(row.key): Digest(bytes(row.lots_root), tree.unpacked(bytes(row.sums))) for row in rows}
    if not of_key:
        raise SealFault("bucket-empty")
    item, steps = tree.find([building.item_of(one, lots) for one, lots in of_key.items()], place)
    there = item.key.to_bytes(tree.KEY_SIZE, "big")
    lots = of_key[there]
    return {
        "lots_root": lots.hash.hex(),
        "sums": leaves.named(lots.sums),
        "path": proofs.steps_document([*steps, *crown.steps(item.key)]),
        "stands_for": "" if there == key else there.hex(),
    }


def _shown(sealed: Sealed, document: Mapping[str, Any]) -> dict[str, Any]:
    _item, steps = _find(sealed, UUID(document["lot"]))
    return {"document": dict(document), "path": proofs.steps_document(steps)}


def _absent(sealed: Sealed, lot_uuid: UUID) -> dict[str, Any]:
    """Return that nothing stands at a lot's place, because another leaf does; nothing more for who has no lots."""
    if not sealed.found:
        return {"lot": str(lot_uuid)}
    item, steps = _find(sealed, lot_uuid)
    key = item.key.to_bytes(tree.KEY_SIZE, "big")
    document = next(one for one in sealed.documents if leaves.lot_key(sealed.salt, UUID(one["lot"])) == key)
    return {
        "lot": str(lot_uuid),
        "stands_for": key.hex(),
        "commitment": leaves.commitment(sealed.salt, key, leaves.own_bytes(document)).hex(),
        "sums": leaves.named(item.digest.sums),
        "path": proofs.steps_document(steps),
    }


def _find(sealed: Sealed, lot_uuid: UUID) -> tuple[Item, list[Step]]:
    return tree.find(sealed.lots, int.from_bytes(leaves.lot_key(sealed.salt, lot_uuid), "big"))


def _correction(late: Late) -> dict[str, Any]:
    salt = log_queries.entry_salt(late.holder_uuid, late.uuid)
    assert salt is not None  # of the same person as the proof
    return {
        "document": late.document,
        "entry_salt": salt.hex(),
        "log_proof": _log_proof(proofs.POSTING_KIND, late.uuid),
    }


def _late(seal: TermSeal, holder_uuid: UUID) -> tuple[Late, ...]:
    with connection.cursor() as cursor:
        cursor.execute(LATE, [seal.pk, holder_uuid])
        return tuple(
            Late(uuid, holder, json.loads(document), frozenset(map(str, lots)))
            for uuid, holder, document, lots in cursor.fetchall()
        )


def _log_proof(kind: str, subject_uuid: UUID) -> str:
    found = log_queries.proof_of(kind, subject_uuid)
    return found.text if found else ""


def _differs(why: str) -> Refusal:
    return Refusal(
        "seal-differs",
        _("Today's rows do not lead to the sealed root, so no proof is made. Tell the operator of this site."),
        {"fault": why},
    )
