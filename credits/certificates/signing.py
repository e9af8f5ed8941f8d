"""The issuer's signature on the PDF itself: PAdES, invisible, by the issuer's own Ed25519 key.

It certifies the file as a reader program sees it. What a certificate says is believed for the record's signature and
its place in the log alone, never for this one (docs/decisions/0015).
"""

import datetime as dt
import hashlib
import io
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from credits.certificates import keys
from credits.certificates.models import SigningKey
from edu.kernel.errors import Refusal

FIELD = "IssuerSignature"
YEARS = 20  # how long the self-signed certificate lasts: a reader program looks at a paper long after its issue
RESERVED_BYTES = 8192  # twice what a signature and a short chain take
NAME_MAX = 64  # X.520, organizationName
SERIAL_BYTES = 16  # an X.509 serial has at most 20
TSA_TIMEOUT_S = 10


class NoTimeStamp(Refusal):
    """The time stamping authority does not answer: papers wait."""


def signed(pdf: bytes, key: SigningKey, *, issuer: str, number: str, stamper: TimeStamper | None = None) -> bytes:
    """Return the PDF with the issuer's signature behind it; Refusal when the key's file cannot be used.

    With a time stamping authority in the settings (or a `stamper`) the signature is PAdES B-T, without one B-B;
    NoTimeStamp when the authority does not answer or not with a stamp.
    """
    own, *others = certificates_of(key, issuer)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library types all but its making
    store.register_multiple(others)
    der = keys.private_key(key.key_id, key.public_key).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(own, asn1_keys.PrivateKeyInfo.load(der), store)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=number, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha512"
    )
    pen = signers.PdfSigner(meta, signer=signer, timestamper=stamper or _stamper())
    try:
        made = pen.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=2 * RESERVED_BYTES)
    except TimestampRequestError as error:
        raise NoTimeStamp(
            "no-time-stamp", _("The time stamping authority does not answer. Papers wait for it.")
        ) from error
    return bytes(made.getvalue())


def certificates_of(key: SigningKey, issuer: str) -> list[asn1.Certificate]:
    """Return the X.509 certificate of an issuer's key and what leads to its root.

    The operator lays an authority's beside the key as <key id>.crt, PEM. Without one there is a self-signed one, made
    from the key and the issuer's name on the paper: the same each time, so it is nowhere kept.
    """
    file = chain_file(key.key_id)
    if file.is_file():
        parts = pem.unarmor(file.read_bytes(), multiple=True)
        return [asn1.Certificate.load(der) for _kind, _headers, der in parts]
    return [asn1.Certificate.load(_self_signed(key, issuer))]


def chain_file(key_id: str) -> Path:
    """Return where the operator may lay an authority's certificate of a key."""
    return Path(settings.KEYS_DIR) / f"{key_id}.crt"


def _self_signed(key: SigningKey, issuer: str) -> bytes:
    private = keys.private_key(key.key_id, key.public_key)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, issuer[:NAME_MAX]),
            x509.NameAttribute(NameOID.COMMON_NAME, key.key_id),
        ]
    )
    public = private.public_key()
    start = key.from_at.replace(microsecond=0)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(_serial(key, issuer))
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(private, None)
    )
    return made.public_bytes(serialization.Encoding.DER)


def _serial(key: SigningKey, issuer: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{key.public_key} {issuer}".encode()).digest()[:SERIAL_BYTES]) | 1


def _stamper() -> TimeStamper | None:
    address = str(settings.GUIXUE_TSA_URL)
    return HTTPTimeStamper(address, timeout=TSA_TIMEOUT_S) if address else None
