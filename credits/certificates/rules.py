"""When a signed statement is good: pure decisions on values and bytes."""

import base64
import binascii
import datetime as dt
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credits.certificates import statement as statements
from credits.certificates import transcript
from credits.certificates.records import Record
from credits.certificates.states import CertificateStatus

KNOWN = {(statements.TYPE, statements.VERSION), (transcript.TYPE, transcript.VERSION)}
SEPARATORS = "\u00b7\u2022\u2027\u30fb\uff65\u2219"  # what keyboards put where U+00B7 stands in a name


class Fault(StrEnum):
    """Why a signed statement is not believed."""

    NO_SUCH_KEY = "no-such-key"
    KEY_OF_ANOTHER_ISSUER = "key-of-another-issuer"
    KEY_NOT_VALID_THEN = "key-not-valid-then"
    SIGNATURE_WRONG = "signature-wrong"
    NOT_A_STATEMENT = "not-a-statement"
    COMMITMENT_WRONG = "commitment-wrong"
    PROOF_WRONG = "proof-wrong"
    LOG_OF_ANOTHER_NAME = "log-of-another-name"
    CHECKPOINT_NOT_SIGNED = "checkpoint-not-signed"
    NOT_REGISTERED = "not-registered"
    DIFFERS_FROM_REGISTER = "differs-from-register"
    FILE_ALTERED = "file-altered"  # the record in it is whole, the paper around it is not the issued one


class Outcome(StrEnum):
    """What a verifier is told."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"  # not to be relied on for the time being
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"  # no such certificate
    NOT_GENUINE = "not-genuine"  # a file that does not hold: altered, or signed by somebody else
    UNAVAILABLE = "unavailable"  # it cannot be said now


OUTCOME_OF_STATUS = {
    CertificateStatus.ISSUED: Outcome.VALID,
    CertificateStatus.SUSPENDED: Outcome.SUSPENDED,
    CertificateStatus.REVOKED: Outcome.REVOKED,
    CertificateStatus.SUPERSEDED: Outcome.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of an issuer's key, and the time in which it signed."""

    key_id: str
    issuer_code: str
    public_key: str
    from_at: dt.datetime
    to_at: dt.datetime | None

    def holds_at(self, moment: dt.datetime) -> bool:
        """True when the key signed at that moment; the period is open at its end."""
        return self.from_at <= moment and (self.to_at is None or moment < self.to_at)


def key_id(*, short_code: str, purpose: str, year: int, public_key: bytes) -> str:
    """Return a key's id: 10593-certificate-2026-1f3a9c5e, the last part from the key itself."""
    return f"{short_code}-{purpose}-{year}-{hashlib.sha256(public_key).hexdigest()[:8]}"


def fault_of(record: Record, key: PublicKey | None) -> Fault | None:
    """Return the first reason not to believe the record, or None; `key` is ours, never the one in the file."""
    signed = record.statement
    if (signed.get("type"), signed.get("version")) not in KNOWN:
        return Fault.NOT_A_STATEMENT
    moment = statements.issued_at(signed)
    if moment is None or not statements.field(signed, "number"):
        return Fault.NOT_A_STATEMENT
    if key is None or key.key_id != record.key_id or key.key_id != statements.field(signed, "key_id"):
        return Fault.NO_SUCH_KEY
    if not signature_holds(record, key.public_key):
        return Fault.SIGNATURE_WRONG
    if key.issuer_code != statements.field(signed, "issuer.code"):
        return Fault.KEY_OF_ANOTHER_ISSUER
    return None if key.holds_at(moment) else Fault.KEY_NOT_VALID_THEN


def signature_holds(record: Record, public_key: str) -> bool:
    """True when the Ed25519 signature is over exactly these bytes; malformed base64 is a wrong signature."""
    try:
        raw = base64.b64decode(public_key, validate=True)
        signature = base64.b64decode(record.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, record.signed_bytes)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def same_name(typed: str, signed: Mapping[str, Any]) -> bool:
    """True when a typed name is the holder's Chinese or Latin one; spaces, case and the kind of dot do not count."""
    wanted = _plain(typed)
    names = (statements.field(signed, "holder.name_zh"), statements.field(signed, "holder.name_latin"))
    return bool(wanted) and wanted in {_plain(name) for name in names if name}


def plain_number(typed: str) -> str:
    """Return the digits of a number as people copy it from paper: with spaces, hyphens or full-width digits."""
    text = unicodedata.normalize("NFKC", typed)
    return "".join(character for character in text if character not in " -\u2010\u2011\u2012\u2013\t")


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    for separator in SEPARATORS:
        text = text.replace(separator, "")
    return "".join(text.split()).replace("-", "").replace("'", "").replace("\u2019", "")
