"""Whether a record stands in the log as it says: commitment, issuer's signature, inclusion, checkpoint. Pure."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credits.certificates.records import Record
from credits.certificates.rules import Fault
from credits.log import commitments, proofs
from credits.log.faults import Fault as LogFault
from credits.log.notes import PublicKey
from credits.log.policy import Policy

WORDS = {"origin-differs": Fault.LOG_OF_ANOTHER_NAME, "checkpoint-not-signed": Fault.CHECKPOINT_NOT_SIGNED}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands in the log, and how many known witnesses have cosigned."""

    index: int
    witnesses: int
    quorum: int


@dataclass(frozen=True, slots=True)
class KnownLog:
    """What a checker knows of the log."""

    origin: str
    keys: tuple[PublicKey, ...]
    policy: Policy


def standing_of(record: Record, issuer_key: str, known: KnownLog) -> Standing | Fault:
    """Return where a record stands in the log, or the first reason not to believe its proof.

    `issuer_key` is the issuer's public key in base64 as the checker knows it. Too few witnesses are no fault:
    the number says it.
    """
    try:
        salt = bytes.fromhex(record.entry_salt)
        committed = commitments.certificate_commitment(salt, record.statement)
    except ValueError:
        return Fault.COMMITMENT_WRONG
    if not _signed(issuer_key, record.commitment_signature, commitments.signed_commitment(committed)):
        return Fault.COMMITMENT_WRONG
    entry = commitments.entry_bytes(
        commitments.CERTIFICATE, committed, key_id=record.key_id, signature=record.commitment_signature
    )
    try:
        proof = proofs.parse(record.proof.encode())
        proofs.check(proof, entry, origin=known.origin, log_keys=known.keys, policy=Policy())
    except LogFault as fault:
        return WORDS.get(fault.code, Fault.PROOF_WRONG)
    cosigned = len(known.policy.cosigned_by(proof.checkpoint))
    return Standing(proof.index, cosigned, known.policy.quorum)


def _signed(public_key: str, signature: str, message: bytes) -> bool:
    try:
        raw = base64.b64decode(public_key, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
