"""A certificate's proof in the log, as the code on paper and a share need it."""

import base64
from dataclasses import dataclass

from credits.certificates.compact import Cosignature, Proven
from credits.certificates.models import Certificate
from credits.log import commitments, notes
from credits.log import queries as log


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a certificate beside its statement."""

    entry_salt: bytes
    commitment_signature: bytes
    proof: log.EntryProof

    @property
    def signature_text(self) -> str:
        """The issuer's signature as records write it."""
        return base64.b64encode(self.commitment_signature).decode("ascii")


def evidence_of(row: Certificate) -> Evidence | None:
    """Return a certificate's proof; None while no checkpoint has it, and when its salt was destroyed."""
    entry = log.entry_of(commitments.CERTIFICATE, row.uuid)
    salt = log.entry_salt(row.holder.uuid, row.uuid)
    proof = log.proof_of(commitments.CERTIFICATE, row.uuid) if entry and salt else None
    if entry is None or salt is None or proof is None:
        return None
    return Evidence(salt, base64.b64decode(entry["signature"]), proof)


def proven(row: Certificate, evidence: Evidence) -> Proven:
    """Return what the code on paper carries: of the signatures only the short ones, Ed25519."""
    proof = evidence.proof
    return Proven(
        statement=row.statement,
        entry_salt=evidence.entry_salt,
        commitment_signature=evidence.commitment_signature,
        index=proof.proof.index,
        size=proof.proof.checkpoint.size,
        path=proof.proof.hashes,
        log_signature=proof.log_signature,
        cosignatures=tuple(
            Cosignature(line.key_hash, line.time, line.value[8:])
            for line in proof.cosignatures
            if len(line.value) == notes.SIGNATURE_SIZES[notes.COSIGNATURE]
        ),
    )
