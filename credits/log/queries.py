"""Reads of the log: proofs, salts of entries, entries."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery

from credits.log import commitments, folder, keys, notes, salts, sequencer
from credits.log.checkpoints import Checkpoint
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import Cosignature, LogEntry, Witness
from credits.log.notes import PublicKey, Signature
from credits.log.policy import Policy
from credits.log.proofs import Proof
from credits.log.tiles import Tiles


@dataclass(frozen=True)
class EntryProof:
    """That an entry is in the log: for a file `text`, for the code on paper its parts."""

    proof: Proof
    log_signature: bytes  # Ed25519 over the checkpoint's text, 64 bytes
    cosignatures: tuple[Signature, ...]  # by witnesses known today, cosignature/v1
    quorum_met: bool
    signed_at: dt.datetime

    @property
    def text(self) -> str:
        """The proof as c2sp.org/tlog-proof@v1."""
        return self.proof.text


def proof_of(kind: str, subject_uuid: UUID) -> EntryProof | None:
    """Return the proof of an entry in the newest checkpoint with a quorum, else in the newest; None until it is in one.

    Fault when the log's files are damaged.
    """
    index = index_of(kind, subject_uuid)
    if index is None:
        return None
    row = _best_checkpoint(index)
    if row is None:
        return None
    whole = with_cosignatures(row)
    tiles = Tiles(folder.read, row.size)
    proof = Proof(index, tuple(tiles.inclusion_path(index)), whole)
    known = whole.signatures_by(keys.public_keys())
    plain = next(line for line in known if len(line.value) == notes.SIGNATURE_SIZES[notes.ED25519])
    current = policy()
    cosigned = tuple(line for line in whole.note.signatures if any(line.is_by(key) for key in current.witnesses))
    return EntryProof(proof, plain.value, cosigned, current.met_by(whole), row.signed_at)


def index_of(kind: str, subject_uuid: UUID) -> int | None:
    """Return an entry's place; None when there is no entry, or it still waits for its place."""
    return LogEntry.objects.filter(kind=kind, subject_uuid=subject_uuid).values_list("index", flat=True).first()


def entry_of(kind: str, subject_uuid: UUID) -> dict[str, Any] | None:
    """Return what an entry says, for a certificate also the key's id and the signature; None when there is none."""
    entry = LogEntry.objects.filter(kind=kind, subject_uuid=subject_uuid).values_list("entry", flat=True).first()
    return json.loads(bytes(entry)) if entry is not None else None


def entry_salt(owner_uuid: UUID, subject_uuid: UUID) -> bytes | None:
    """Return what opens one entry of an owner and no other; None when the owner's salt was destroyed or never made."""
    salt = salts.kept(owner_uuid)
    return commitments.entry_salt(salt, subject_uuid) if salt else None


def policy() -> Policy:
    """Return which witnesses count today, and how many of them a proof needs."""
    found = Witness.objects.filter(to_at=None).order_by("pk").values_list("public_key", flat=True)
    return Policy(tuple(notes.parse_key(text) for text in found), int(settings.GUIXUE_LOG_QUORUM))


def log_keys() -> list[PublicKey]:
    """Return every key with which the log ever signed, for a checker's list."""
    return keys.public_keys()


def latest_checkpoint() -> Checkpoint | None:
    """Return the newest checkpoint with the cosignatures it has so far."""
    row = CheckpointRow.objects.order_by("-size").first()
    return with_cosignatures(row) if row else None


def with_cosignatures(row: CheckpointRow) -> Checkpoint:
    """Return the checkpoint of a row with every cosignature that was stored for it."""
    lines = row.cosignatures.order_by("witness_id").values_list("line", flat=True)
    return sequencer.from_row(row).with_signatures(line for text in lines for line in notes.parse_signatures(text))


def _best_checkpoint(index: int) -> CheckpointRow | None:
    covering = CheckpointRow.objects.filter(size__gt=index).order_by("-size")
    if quorum := int(settings.GUIXUE_LOG_QUORUM):
        enough = covering.annotate(cosigned=Subquery(_counts(), output_field=IntegerField()))
        if found := enough.filter(cosigned__gte=quorum).first():
            return found
    return covering.first()


def _counts() -> QuerySet[Any]:
    of_one = Cosignature.objects.filter(checkpoint=OuterRef("pk"), witness__to_at=None).order_by().values("checkpoint")
    return of_one.annotate(many=Count("pk")).values("many")
