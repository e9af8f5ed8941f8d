"""W3C Bitstring Status List 1.0: which certificates of an issuer are revoked or suspended, as one public file.

A list says nothing of a certificate but one bit, and a certificate's place in it is drawn at random, so neighbours
tell nothing. Lists are short compressed files that any cache may serve.
"""

import base64
import gzip
import io
import secrets
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from credits.certificates.models import Certificate, StatusIndex
from credits.certificates.states import CertificateStatus
from edu.kernel.errors import NotThere

SIZE = 131_072  # bits, the least that the recommendation allows: 16 KiB before packing
FILL_MAX = SIZE // 2  # beyond that a draw would often meet a place that is taken
PURPOSES = {"revocation": CertificateStatus.REVOKED, "suspension": CertificateStatus.SUSPENDED}
DRAWS_MAX = 64  # at half fill the chance to need more is 2^-64


class NotAList(ValueError):
    """These bytes are no status list; the code says why."""


def assign(row: Certificate) -> StatusIndex:
    """Draw a certificate's place in its issuer's lists, in the caller's transaction."""
    number = _open_list(row.issuer_id)
    for _draw in range(DRAWS_MAX):
        try:
            with transaction.atomic():
                return StatusIndex.objects.create(
                    certificate=row, issuer_id=row.issuer_id, list_number=number, index=secrets.randbelow(SIZE)
                )
        except IntegrityError:
            continue
    raise RuntimeError("No free place in the status list was found.")


def _open_list(issuer_id: int) -> int:
    """Return the number of the list that new certificates go into."""
    own = StatusIndex.objects.filter(issuer_id=issuer_id).order_by()
    number = own.order_by("-list_number").values_list("list_number", flat=True).first() or 1
    return number + 1 if own.filter(list_number=number).count() >= FILL_MAX else number


def bits(issuer_uuid: UUID, number: int, purpose: str) -> bytes:
    """Return the bits of a list; NotThere when the issuer has no list of that number, or no such purpose."""
    entries = StatusIndex.objects.filter(issuer__uuid=issuer_uuid, list_number=number)
    if purpose not in PURPOSES or not entries.exists():
        raise NotThere("no-such-list")
    found = bytearray(SIZE // 8)
    for index in entries.filter(certificate__status=PURPOSES[purpose]).values_list("index", flat=True):
        found[index // 8] |= 0x80 >> index % 8
    return bytes(found)


def encode(found: bytes) -> str:
    """Return the bits as a credential carries them: multibase base64url of the gzipped bytes."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(found, mtime=0)).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """Return the bits of an encoded list; NotAList when it is malformed or has the wrong length."""
    if not text.startswith("u"):
        raise NotAList("not-multibase")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            found = file.read(SIZE // 8 + 1)
    except (ValueError, OSError, EOFError) as error:
        raise NotAList("not-a-list") from error
    if len(found) != SIZE // 8:
        raise NotAList("wrong-length")
    return found


def is_set(found: bytes, index: int) -> bool:
    """Tell one bit; index 0 is the left-most, as the recommendation counts."""
    return bool(found[index // 8] & 0x80 >> index % 8)


def address(issuer_code: str, number: int, purpose: str) -> str:
    """Return the permanent address of a list."""
    return f"{str(settings.GUIXUE_BASE_URL).rstrip('/')}/status/{issuer_code}/{number}/{purpose}"
