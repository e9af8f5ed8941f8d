"""What the student's and the registrar's pages show of a certificate, assembled once."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credits.certificates import logged, queries, wording
from credits.certificates.drawing import ATTEMPTS_MAX
from credits.certificates.logged import Waiting
from credits.certificates.models import Certificate, CertificateMove
from credits.certificates.states import CertificateStatus
from credits.certificates.wording import Wording
from credits.data import LotInfo
from credits.ledger.rules import Unit
from edu.design.formats import hours_with_unit, points_with_unit
from edu.design.values import TimelineEntry, Tone
from edu.institutions import api as institutions

TAGS: dict[str, tuple[Tone, str | Promise]] = {
    CertificateStatus.REQUESTED: ("info", _("Being made")),
    CertificateStatus.ISSUED: ("ok", _("Valid")),
    CertificateStatus.SUSPENDED: ("warn", _("Suspended")),
    CertificateStatus.REVOKED: ("bad", _("Revoked")),
    CertificateStatus.SUPERSEDED: ("neutral", _("Superseded")),
}
MOVED = {
    CertificateStatus.REQUESTED: _("Requested, numbered and signed"),
    CertificateStatus.ISSUED: _("Issued"),
    CertificateStatus.SUSPENDED: _("Suspended"),
    CertificateStatus.REVOKED: _("Revoked"),
    CertificateStatus.SUPERSEDED: _("Superseded by a newer certificate"),
}
WAITING: dict[Waiting, str | Promise] = {
    Waiting.NOTHING: "",
    Waiting.LOG: _("It is being entered in the public log. This takes a few seconds."),
    Waiting.WITNESSES: _("It waits for other universities to witness the log, at most a day."),
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
    def amount(self) -> str:
        """What it attests in all: credits, or hours where there are none."""
        statement = self.certificate.statement
        points = statement.get("credit_points") or statement.get("totals", {}).get("credit_points")
        if points:
            return points_with_unit(Decimal(points))
        return hours_with_unit(
            Decimal(statement.get("contact_hours") or statement.get("totals", {}).get("contact_hours"))
        )

    @property
    def is_requested(self) -> bool:
        return self.certificate.status == CertificateStatus.REQUESTED

    @property
    def is_issued(self) -> bool:
        return self.certificate.status == CertificateStatus.ISSUED

    @property
    def is_suspended(self) -> bool:
        return self.certificate.status == CertificateStatus.SUSPENDED

    @property
    def waits_for(self) -> str | Promise:
        """What a requested certificate waits for, in words; "" when it is being drawn."""
        return WAITING[logged.waiting_of(self.certificate)] if self.is_requested else ""

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

    @property
    def in_hours(self) -> bool:
        """True for a credit that counts in contact hours."""
        return self.lot.unit == Unit.CONTACT_HOURS


@dataclass(frozen=True, slots=True)
class IssuerRow:
    """An institution that can issue a transcript to a person."""

    uuid: UUID
    name: str
    courses: int


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


def issuers_of(rows: tuple[queries.LotWithCertificate, ...]) -> tuple[IssuerRow, ...]:
    """Return the institutions at which a person passed courses, with how many, in one query for the names."""
    counts = Counter(one.lot.issuer_uuid for one in rows)
    names = institutions.names_today(counts, get_language() or "zh-hans") if counts else {}
    return tuple(IssuerRow(uuid, names.get(uuid, ""), number) for uuid, number in counts.items())


def timeline_of(certificate: Certificate) -> tuple[TimelineEntry, ...]:
    """Return a certificate's history, newest first; people stand there by role, never by name."""
    return tuple(
        TimelineEntry(
            what=_what(move),
            when=move.happened_at,
            who=BY.get(move.actor_role, ""),
            note=move.reason,
        )
        for move in queries.moves_of(certificate)
    )


def _what(moved: CertificateMove) -> str | Promise:
    if moved.source == CertificateStatus.SUSPENDED and moved.target == CertificateStatus.ISSUED:
        return _("Restored")
    return MOVED[CertificateStatus(moved.target)]


def _words(certificate: Certificate) -> Wording:
    return wording.in_chinese(certificate.statement) if _in_chinese() else wording.in_english(certificate.statement)


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
