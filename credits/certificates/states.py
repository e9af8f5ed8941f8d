"""The states of a certificate and the moves between them."""

from enum import StrEnum

from edu.kernel.states import StateTable


class CertificateStatus(StrEnum):
    """Where a certificate stands; what a verifier sees follows from it."""

    REQUESTED = "requested"  # signed and numbered, its paper is not drawn yet
    ISSUED = "issued"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


CERTIFICATE_MOVES: StateTable[CertificateStatus] = StateTable(
    name="certificate",
    initial=CertificateStatus.REQUESTED,
    moves={
        CertificateStatus.REQUESTED: frozenset({CertificateStatus.ISSUED, CertificateStatus.REVOKED}),
        CertificateStatus.ISSUED: frozenset({CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED}),
        CertificateStatus.REVOKED: frozenset(),
        CertificateStatus.SUPERSEDED: frozenset(),
    },
)
LIVE = frozenset({CertificateStatus.REQUESTED, CertificateStatus.ISSUED})
