"""What a certificate needs to know from the ledger, the catalogue, people and institutions: one place asks them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from courses import api as courses_api
from credits.certificates.statement import Holder, IssuerFacts, LotFacts
from credits.certificates.transcript import CourseFacts
from credits.data import LotInfo
from credits.ledger import queries as ledger
from credits.ledger.rules import AccountKind, Unit
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.credit import canonical
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people_api

ENTERED_FROM_ELSEWHERE = frozenset({"opening", "import"})  # sources of lots that another system certified
CHINESE, ENGLISH = "zh-hans", "en"
WHOLE = frozenset(  # a lot that knows these need not ask the catalogue
    {"course_code", "course_name_zh", "course_name_en", "run_code", "starts_on", "ends_on", "contact_hours"}
)


def certifiable(lot_uuid: UUID) -> LotInfo:
    """Return a lot that a certificate may be about; NotThere without a lot, Refusal when it is not of that kind."""
    lot = ledger.lot(lot_uuid)
    if lot.source.kind in ENTERED_FROM_ELSEWHERE:
        raise Refusal(
            "entered-from-elsewhere",
            _("This credit was certified elsewhere before it was entered here. Its own document is its certificate."),
        )
    if lot.derived_from_uuid:
        raise Refusal(
            "not-an-achievement",
            _("A certificate is issued for a course that was passed, by the institution that taught it."),
        )
    if not lot.amount_in(AccountKind.ISSUED):
        raise Refusal("credit-was-reversed", _("This credit was taken back, so there is nothing to certify."))
    return lot


def is_achievement(lot: LotInfo) -> bool:
    """True for a credit of a course that was passed and not taken back: what certificates and transcripts attest."""
    return lot.derived_from_uuid is None and bool(lot.amount_in(AccountKind.ISSUED))


def courses_of(lots: Iterable[LotInfo]) -> tuple[CourseFacts, ...]:
    """Return credits of one issuer with the issuer's term in which each course ended."""
    known = [facts_of_lot(lot) for lot in lots]
    terms = institutions_api.terms_of(next(iter(lots)).issuer_uuid)
    found = []
    for lot in known:
        term = next((term for term in terms if term.starts_on <= lot.to_on <= term.ends_on), None)
        named = {"term": term.code, "term_zh": term.name_zh, "term_en": term.name_en} if term else {}
        found.append(CourseFacts(lot, **named))
    return tuple(found)


def facts_of_lot(lot: LotInfo) -> LotFacts:
    """Return the facts as they were when the credit was certified; what the lot leaves out the catalogue knows."""
    known = {key: value for key, value in lot.facts.items() if value}
    if not known.keys() >= WHOLE:
        known = {**_from_catalogue(lot), **known}
    in_points = lot.unit == Unit.CREDIT_POINTS
    return LotFacts(
        lot_uuid=lot.uuid,
        course_code=known.get("course_code", ""),
        course_zh=known.get("course_name_zh", ""),
        course_en=known.get("course_name_en", ""),
        run_code=known.get("run_code", ""),
        credit_points=lot.amount if in_points else None,
        contact_hours=known.get("contact_hours", "") if in_points else canonical(lot.amount),
        grade=known.get("grade") or known.get("score", ""),
        scale=known.get("scale", ""),
        from_on=dt.date.fromisoformat(known["starts_on"]),
        to_on=dt.date.fromisoformat(known["ends_on"]),
    )


def holder_of(person_uuid: UUID) -> Holder:
    """Return how the holder is named today."""
    person = people_api.person(person_uuid)
    return Holder(name_zh=person.name, name_latin=person.name_latin)


def issuer_on(institution_uuid: UUID, on: dt.date) -> IssuerFacts:
    """Return an institution under today's names, with those of a day where they differ."""
    info = institutions_api.institution(institution_uuid)
    if not info.code:
        raise Refusal(
            "institution-without-code", _("An institution without an official code cannot issue certificates.")
        )
    chinese = institutions_api.institution_name(institution_uuid, CHINESE, on)
    english = institutions_api.institution_name(institution_uuid, ENGLISH, on)
    return IssuerFacts(
        code=info.code,
        name_zh=info.name_zh,
        name_en=info.name_en,
        former_zh=chinese.then if chinese.changed else "",
        former_en=english.then if english.changed and info.name_en else "",
    )


def home_of(lot: LotInfo, on: dt.date) -> IssuerFacts | None:
    """Return the holder's own institution on a day, when it is another one than the issuer."""
    record = people_api.student_record(lot.holder_uuid, on=on)
    if record is None or record.institution_uuid == lot.issuer_uuid:
        return None
    info = institutions_api.institution(record.institution_uuid)
    return IssuerFacts(code=info.code or "", name_zh=info.name_zh, name_en=info.name_en)


def _from_catalogue(lot: LotInfo) -> Mapping[str, str]:
    try:
        run = courses_api.run(lot.activity_uuid)
    except NotThere:
        day = lot.minted_at.astimezone(clock.SHANGHAI).date().isoformat()
        return {"starts_on": day, "ends_on": day}
    return {
        "course_code": run.course.code,
        "course_name_zh": run.course.name_zh,
        "course_name_en": run.course.name_en,
        "run_code": run.code,
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "contact_hours": str(run.contact_hours),
    }
