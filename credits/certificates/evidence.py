"""A certificate's proof in the log, as the code on paper and a share need it."""

import base64
from dataclasses import dataclass

from credits.certificates.models import Certificate
from credits.log import commitments
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
