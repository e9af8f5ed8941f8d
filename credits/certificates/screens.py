"""What the student's and the registrar's pages show of a certificate, assembled once."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credits.certificates import queries, wording
from credits.certificates.drawing import ATTEMPTS_MAX
from credits.certificates.models import Certificate
from credits.certificates.states import CertificateStatus
from credits.certificates.wording import Wording
from credits.data import LotInfo
from edu.design.values import TimelineEntry, Tone

TAGS: dict[str, tuple[Tone, str | Promise]] = {
    CertificateStatus.REQUESTED: ("info", _("Being made")),
    CertificateStatus.ISSUED: ("ok", _("Valid")),
    CertificateStatus.REVOKED: ("bad", _("Revoked")),
    CertificateStatus.SUPERSEDED: ("neutral", _("Superseded")),
}
MOVED = {
    CertificateStatus.REQUESTED: _("Requested, numbered and signed"),
    CertificateStatus.ISSUED: _("Issued"),
    CertificateStatus.REVOKED: _("Revoked"),
    CertificateStatus.SUPERSEDED: _("Superseded by a newer certificate"),
}
BY = {
    "student": _("Holder"),
    "learner": _("Holder"),
    "registrar": _("Registrar's office"),
    "system": _("The platform"),
}


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate with its words and its tag."""

    certificate: Certificate
    wording: Wording
    tone: Tone
    status: str | Promise

    @property
    def is_requested(self) -> bool:
        return self.certificate.status == CertificateStatus.REQUESTED

    @property
    def is_issued(self) -> bool:
        return self.certificate.status == CertificateStatus.ISSUED

    @property
    def has_paper(self) -> bool:
        """True when there is something to download, in force or not."""
        return bool(self.certificate.pdf)

    @property
    def is_stuck(self) -> bool:
        """True when the platform has given up drawing and an operator has to look."""
        return self.is_requested and self.certificate.attempts >= ATTEMPTS_MAX


@dataclass(frozen=True, slots=True)
class AchievementRow:
    """A credit a certificate can be about, and the certificate if there is one."""

    lot: LotInfo
    course: str
    row: CertificateRow | None


def row_of(certificate: Certificate) -> CertificateRow:
    """Return a certificate as the reader's language says it."""
    tone, status = TAGS[certificate.status]
    return CertificateRow(certificate, _words(certificate), tone, status)


def achievements_of(rows: tuple[queries.LotWithCertificate, ...]) -> tuple[AchievementRow, ...]:
    """Return a person's achievements with the names of their courses in the reader's language."""
    chinese = _in_chinese()
    return tuple(
        AchievementRow(
            lot=one.lot,
            course=(not chinese and one.lot.facts.get("course_name_en")) or one.lot.facts.get("course_name_zh", ""),
            row=row_of(one.certificate) if one.certificate else None,
        )
        for one in rows
    )


def timeline_of(certificate: Certificate) -> tuple[TimelineEntry, ...]:
    """Return a certificate's history, newest first; people stand there by role, never by name."""
    return tuple(
        TimelineEntry(
            what=MOVED[CertificateStatus(move.target)],
            when=move.happened_at,
            who=BY.get(move.actor_role, ""),
            note=move.reason,
        )
        for move in queries.moves_of(certificate)
    )


def _words(certificate: Certificate) -> Wording:
    return wording.in_chinese(certificate.statement) if _in_chinese() else wording.in_english(certificate.statement)


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
