"""Reads of certificates, keys and their history."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from credits.certificates import pdf_reading, records, rules
from credits.certificates import statement as statements
from credits.certificates.evidence import Evidence, evidence_of
from credits.certificates.facts import is_achievement
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate, CertificateMove, SigningKey
from credits.certificates.records import Record
from credits.certificates.states import CertificateStatus
from credits.data import CertificateInfo, LotInfo
from credits.ledger import queries as ledger

REVOCABLE = frozenset({CertificateStatus.REQUESTED, CertificateStatus.ISSUED, CertificateStatus.SUSPENDED})


@dataclass(frozen=True, slots=True)
class LotWithCertificate:
    """A credit of the holder and the newest certificate about it, if any."""

    lot: LotInfo
    certificate: Certificate | None


def info(row: Certificate) -> CertificateInfo:
    """Return the value of a row."""
    return CertificateInfo(
        uuid=row.uuid,
        number=row.number,
        token=row.token,
        address=statements.field(row.statement, "address"),
        kind=row.kind,
        lot_uuid=row.lot_uuid,
        issuer_uuid=row.issuer.uuid,
        holder_uuid=row.holder.uuid,
        status=row.status,
        requested_at=row.requested_at,
        issued_at=row.issued_at,
    )


def certificate(uuid: UUID) -> CertificateInfo | None:
    """Return a certificate's value, or None."""
    row = rows().filter(uuid=uuid).first()
    return info(row) if row else None


def certificate_of_lot(lot_uuid: UUID) -> CertificateInfo | None:
    """Return the newest certificate about a lot, or None."""
    row = rows().filter(lot_uuid=lot_uuid).order_by("-pk").first()
    return info(row) if row else None


def rows() -> QuerySet[Certificate]:
    """Return certificates with what their pages show of neighbours."""
    return Certificate.objects.select_related("issuer", "holder", "key__institution", "supersedes", "design")


def of_holder(person_uuid: UUID) -> QuerySet[Certificate]:
    """Return a person's certificates, newest first."""
    return rows().filter(holder__uuid=person_uuid).order_by("-requested_at", "-pk")


def certificates_of(person_uuid: UUID) -> tuple[CertificateInfo, ...]:
    """Return a person's certificates, the latest first."""
    return tuple(info(row) for row in of_holder(person_uuid))


def of_issuer(institution_uuid: UUID, *, search: str = "", status: str = "") -> QuerySet[Certificate]:
    """Return an institution's certificates, newest first; `search` looks in number, name and course."""
    found = rows().filter(issuer__uuid=institution_uuid)
    if status:
        found = found.filter(status=status)
    if search:
        found = found.filter(
            Q(number__startswith=rules.plain_number(search))
            | Q(holder__name__icontains=search)
            | Q(statement__course__name_zh__icontains=search)
            | Q(statement__course__name_en__icontains=search)
        )
    return found.order_by("-requested_at", "-pk")


def lots_with_certificates(person_uuid: UUID) -> tuple[LotWithCertificate, ...]:
    """Return a person's achievements that a certificate can be about, newest first, each with its newest one."""
    newest: dict[UUID | None, Certificate] = {}
    for row in of_holder(person_uuid).filter(kind=CertificateKind.COURSE).order_by("pk"):
        if row.status != CertificateStatus.REVOKED or row.lot_uuid not in newest:
            newest[row.lot_uuid] = row
    return tuple(
        LotWithCertificate(lot, newest.get(lot.uuid)) for lot in ledger.lots_of(person_uuid) if is_achievement(lot)
    )


def beside(row: Certificate) -> QuerySet[Certificate]:
    """Return every certificate about the same: the same credit, or the same holder's record at the same issuer."""
    if row.lot_uuid is not None:
        return Certificate.objects.filter(lot_uuid=row.lot_uuid)
    return Certificate.objects.filter(kind=row.kind, holder_id=row.holder_id, issuer_id=row.issuer_id)


def transcripts(holder_uuid: UUID, issuer_uuid: UUID) -> QuerySet[Certificate]:
    """Return a holder's transcripts of an issuer, newest first."""
    found = of_holder(holder_uuid).filter(kind=CertificateKind.TRANSCRIPT, issuer__uuid=issuer_uuid)
    return found.order_by("-pk")


def moves_of(row: Certificate) -> QuerySet[CertificateMove]:
    """Return a certificate's history, newest first."""
    return CertificateMove.objects.filter(subject=row).order_by("-pk")


def successor_of(row: Certificate) -> Certificate | None:
    """Return the issued certificate that took this one's place, or None."""
    return rows().filter(supersedes=row).exclude(status=CertificateStatus.REQUESTED).order_by("-pk").first()


def pending_successor_of(row: Certificate) -> Certificate | None:
    """Return the re-issue that is still being made, or None."""
    return rows().filter(supersedes=row, status=CertificateStatus.REQUESTED).first()


def record_of(row: Certificate, evidence: Evidence | None) -> Record:
    """Return what a certificate's files and the API say, with its proof where it has one."""
    plain = Record(row.statement, row.signature, row.key.key_id)
    if evidence is None:
        return plain
    return replace(
        plain,
        entry_salt=evidence.entry_salt.hex(),
        commitment_signature=evidence.signature_text,
        proof=evidence.proof.text,
    )


def record_bytes(row: Certificate) -> bytes:
    """Return the machine record: byte for byte what lies in the paper, or today's while there is none."""
    paper = paper_of(row)
    if paper is None:
        return records.dump(record_of(row, evidence_of(row)), row.key.public_key)
    with paper.open("rb") as file:
        return pdf_reading.record_in(file.read())


def paper_of(row: Certificate) -> Any:
    """Return the PDF to hand out, the one with the witnesses' cosignatures where there are two; None before any."""
    last = row.papers.order_by("-quorum_met", "-pk").first()
    return last.pdf if last else (row.pdf or None)


def is_paper(row: Certificate, sha256: str) -> bool:
    """Tell whether a file is one of the certificate's own, byte for byte."""
    return sha256 == row.pdf_sha256 or row.papers.filter(pdf_sha256=sha256).exists()


def public_key(key_id: str) -> rules.PublicKey | None:
    """Return the public half of a key of ours, or None."""
    row = SigningKey.objects.select_related("institution").filter(key_id=key_id).first()
    return key_value(row) if row else None


def current_key(institution_uuid: UUID) -> SigningKey | None:
    """Return the key with which an institution signs now, or None."""
    return SigningKey.objects.filter(institution__uuid=institution_uuid, purpose="certificate", to_at=None).first()


def keys_of(institution_uuid: UUID) -> tuple[rules.PublicKey, ...]:
    """Return every key an institution ever signed certificates with, oldest first."""
    found = SigningKey.objects.select_related("institution").filter(institution__uuid=institution_uuid)
    return tuple(key_value(row) for row in found.order_by("from_at", "pk"))


def key_value(row: SigningKey) -> rules.PublicKey:
    """Return the value of a key's row."""
    return rules.PublicKey(
        key_id=row.key_id,
        issuer_code=row.institution.code or "",
        public_key=row.public_key,
        from_at=row.from_at,
        to_at=row.to_at,
    )
