"""The states of a certificate and the moves between them."""

from enum import StrEnum

from edu.kernel.states import StateTable


class CertificateStatus(StrEnum):
    """Where a certificate stands; what a verifier sees follows from it."""

    REQUESTED = "requested"  # signed and numbered, its paper is not drawn yet
    ISSUED = "issued"
    SUSPENDED = "suspended"  # for the time of an inquiry; it comes back, or is revoked
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


CERTIFICATE_MOVES: StateTable[CertificateStatus] = StateTable(
    name="certificate",
    initial=CertificateStatus.REQUESTED,
    moves={
        CertificateStatus.REQUESTED: frozenset({CertificateStatus.ISSUED, CertificateStatus.REVOKED}),
        CertificateStatus.ISSUED: frozenset(
            {CertificateStatus.SUSPENDED, CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED}
        ),
        CertificateStatus.SUSPENDED: frozenset({CertificateStatus.ISSUED, CertificateStatus.REVOKED}),
        CertificateStatus.REVOKED: frozenset(),
        CertificateStatus.SUPERSEDED: frozenset(),
    },
)
LIVE = frozenset({CertificateStatus.REQUESTED, CertificateStatus.ISSUED, CertificateStatus.SUSPENDED})
