"""What is about to be certified: the facts, and how they become a statement once number and key are known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from credits.certificates import facts, transcript
from credits.certificates import statement as statements
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate
from credits.certificates.statement import Paper
from credits.data import LotInfo
from credits.designs.rules import PaperKind
from credits.ledger import queries as ledger
from credits.ledger.rules import Unit
from edu.kernel.errors import NotThere, Refusal


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate without number, key and moment."""

    kind: CertificateKind
    paper_kind: PaperKind
    issuer_uuid: UUID
    issuer_code: str
    holder_uuid: UUID
    lot_uuids: tuple[UUID, ...]
    statement: Callable[[Paper], dict[str, Any]]

    @property
    def lot_uuid(self) -> UUID | None:
        """The one credit of a course certificate."""
        return self.lot_uuids[0] if self.kind is CertificateKind.COURSE else None


def of_course(lot: LotInfo) -> Draft:
    """Return the draft of the certificate about one credit."""
    known = facts.facts_of_lot(lot)
    issuer = facts.issuer_on(lot.issuer_uuid, known.to_on)
    build = partial(
        statements.build,
        lot=known,
        holder=facts.holder_of(lot.holder_uuid),
        issuer=issuer,
        home=facts.home_of(lot, known.to_on),
    )
    return Draft(
        kind=CertificateKind.COURSE,
        paper_kind=PaperKind.COURSE if lot.unit == Unit.CREDIT_POINTS else PaperKind.HOURS,
        issuer_uuid=lot.issuer_uuid,
        issuer_code=issuer.code,
        holder_uuid=lot.holder_uuid,
        lot_uuids=(lot.uuid,),
        statement=lambda paper: build(paper=paper),
    )


def of_transcript(lots: tuple[LotInfo, ...]) -> Draft:
    """Return the draft of the transcript over credits of one holder at one issuer; at least one."""
    first = lots[0]
    courses = facts.courses_of(lots)
    last_day = max(course.lot.to_on for course in courses)
    issuer = facts.issuer_on(first.issuer_uuid, last_day)
    build = partial(
        transcript.build,
        courses=courses,
        holder=facts.holder_of(first.holder_uuid),
        issuer=issuer,
        home=facts.home_of(first, last_day),
    )
    return Draft(
        kind=CertificateKind.TRANSCRIPT,
        paper_kind=PaperKind.TRANSCRIPT,
        issuer_uuid=first.issuer_uuid,
        issuer_code=issuer.code,
        holder_uuid=first.holder_uuid,
        lot_uuids=tuple(course.lot.lot_uuid for course in courses),
        statement=lambda paper: build(paper=paper),
    )


def again(old: Certificate) -> Draft:
    """Return the draft of what takes a certificate's place: the same credits under today's names."""
    if old.lot_uuid is not None:
        return of_course(facts.certifiable(old.lot_uuid))
    return of_transcript(tuple(facts.certifiable(uuid) for uuid in old.lots.values_list("lot_uuid", flat=True)))


def record_at(holder_uuid: UUID, issuer_uuid: UUID, chosen: Iterable[UUID] | None = None) -> tuple[LotInfo, ...]:
    """Return the credits of a holder that a transcript of an issuer can be about: the whole record, or those chosen.

    NotThere when a chosen one is not among them; Refusal when there is none, or more than a transcript takes.
    """
    lots = achievements(holder_uuid, issuer_uuid)
    if chosen is not None:
        wanted = set(chosen)
        lots = tuple(lot for lot in lots if lot.uuid in wanted)
        if len(lots) != len(wanted):
            raise NotThere("no-such-lot", _("There is no such credit."))
    if not lots:
        raise Refusal("nothing-to-certify", _("Choose at least one course: a transcript lists what was passed here."))
    if len(lots) > transcript.COURSES_MAX:
        raise Refusal(
            "too-many-courses",
            _("A transcript takes at most %(most)s courses. Choose some of them.") % {"most": transcript.COURSES_MAX},
        )
    return lots


def achievements(holder_uuid: UUID, issuer_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return the credits of a holder that an issuer certified and did not take back, newest first."""
    held = ledger.lots_of(holder_uuid)
    return tuple(lot for lot in held if lot.issuer_uuid == issuer_uuid and facts.is_achievement(lot))
