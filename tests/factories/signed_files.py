"""A small PDF with a machine record, signed as papers are: without database, fonts or WeasyPrint."""

# The PDF library types its signing, not its writing.
# mypy: disable-error-code="no-untyped-call"

import datetime as dt
import io

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from edu.kernel.canonical import canonical_bytes
from tests.factories.proofs import Proof, private_key

BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def signed_file(record: bytes = b"", key: Ed25519PrivateKey | None = None) -> bytes:
    """Return a PDF with a record (the usual one) in a stream, signed by a key (the issuer's)."""
    own = key or private_key("issuer")
    der = own.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        _certificate(own),
        asn1_keys.PrivateKeyInfo.load(der),
        SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(field_name="S", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha512")
    made = signers.PdfSigner(meta, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(_plain(record or canonical_bytes(Proof().record())))), bytes_reserved=4096
    )
    return bytes(made.getvalue())


def _plain(record: bytes) -> bytes:
    writer = PdfFileWriter()
    writer.insert_page(
        PageObject(
            contents=writer.add_object(generic.StreamObject(stream_data=record)),
            media_box=generic.ArrayObject([generic.NumberObject(number) for number in (0, 0, 100, 100)]),
        )
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _certificate(key: Ed25519PrivateKey) -> asn1.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(BEGAN)
        .not_valid_after(BEGAN + dt.timedelta(days=7300))
        .sign(key, None)
    )
    return asn1.Certificate.load(made.public_bytes(serialization.Encoding.DER))
