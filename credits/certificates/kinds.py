"""What a certificate can be about."""

from enum import StrEnum


class CertificateKind(StrEnum):
    """One credit, or a holder's record at one issuer."""

    COURSE = "course"
    TRANSCRIPT = "transcript"
