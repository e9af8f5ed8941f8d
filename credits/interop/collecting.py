"""A person's record in neutral words, from the ledger, certificates and recognitions: one place asks them."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from credits.certificates import facts
from credits.certificates import queries as certificates
from credits.certificates import statement as statements
from credits.certificates.models import Certificate
from credits.certificates.states import CertificateStatus
from credits.data import LotInfo
from credits.interop.record import Achievement, HolderFacts, Recognition, Record
from credits.ledger import queries as ledger
from credits.ledger.grounds import ForeignParty
from credits.ledger.models import Lot
from credits.ledger.rules import AccountKind, Unit
from credits.recognition import queries as recognitions
from credits.recognition.models import RecognitionDecision
from edu.institutions import api as institutions
from edu.institutions.data import InstitutionInfo, SlotInfo
from edu.kernel import clock
from edu.kernel.credit import canonical
from edu.people import api as people
from edu.people.data import AffiliationInfo

Named = tuple[str, str, str]  # code, Chinese, English


def record_of(person_uuid: UUID, home_uuid: UUID | None) -> Record:
    """Return a person's record as it is now, seen from the institution where they study; None for who studies nowhere.

    What hosts certified and did not take back, and what stands recognised from it. Credit that was entered from
    elsewhere is in nobody's transcript here: its own document attests it.
    """
    held = ledger.lots_of(person_uuid)
    names = _Names(held)
    papers = {one.lot.uuid: one.certificate for one in certificates.lots_with_certificates(person_uuid)}
    decisions = {row.recognised_lot_uuid: row for row in recognitions.decisions_of(person_uuid).select_related("case")}
    slots = _slots(decisions.values())
    originals = {lot.uuid: lot for lot in held}
    achieved = [lot for lot in held if facts.is_achievement(lot)]
    recognised = [lot for lot in held if lot.derived_from_uuid and lot.amount_in(AccountKind.CONVERTED_IN)]
    return Record(
        uuid=str(uuid4()),
        made_at=clock.now(),
        holder=_holder(person_uuid, people.student_record(person_uuid, home_uuid) if home_uuid else None),
        achievements=tuple(_achievement(lot, names, papers.get(lot.uuid)) for lot in achieved),
        recognitions=tuple(
            _recognition(lot, originals.get(lot.derived_from_uuid), names, decisions.get(lot.uuid), slots)  # type: ignore[arg-type]  # recognised lots name their original
            for lot in recognised
        ),
    )


def entered_from_elsewhere(person_uuid: UUID) -> int:
    """Return how many credits of a person no transcript of ours shows, because another house certified them."""
    return Lot.objects.filter(holder_uuid=person_uuid, source_kind__in=facts.ENTERED_FROM_ELSEWHERE).count()


class _Names:
    """Code and names of the institutions and outside parties that issued somebody's credit."""

    def __init__(self, lots: Iterable[LotInfo]) -> None:
        wanted = {lot.issuer_uuid for lot in lots}
        found: Mapping[UUID, InstitutionInfo] = institutions.institutions(wanted) if wanted else {}
        self.known: dict[UUID, Named] = {
            uuid: (info.code or "", info.name_zh, info.name_en) for uuid, info in found.items()
        }
        if missing := wanted - found.keys():
            for party in ForeignParty.objects.filter(uuid__in=missing):
                self.known[party.uuid] = party.code, party.name_zh, party.name_en

    def of(self, uuid: UUID) -> Named:
        """Return code and names; blanks for an institution that nobody knows."""
        return self.known.get(uuid, ("", "", ""))


def _holder(person_uuid: UUID, student: AffiliationInfo | None) -> HolderFacts:
    person = people.person(person_uuid)
    if student is None:
        return HolderFacts(name_zh=person.name, name_latin=person.name_latin)
    home = institutions.institution(student.institution_uuid)
    programme = institutions.programme(student.programme_uuid) if student.programme_uuid else None
    return HolderFacts(
        name_zh=person.name,
        name_latin=person.name_latin,
        student_number=student.number,
        home_code=home.code or "",
        home_name_zh=home.name_zh,
        home_name_en=home.name_en,
        programme_code=programme.code if programme else "",
        programme_name_zh=programme.name_zh if programme else "",
        programme_name_en=programme.name_en if programme else "",
    )


def _achievement(lot: LotInfo, names: _Names, paper: Certificate | None) -> Achievement:
    known = facts.facts_of_lot(lot)
    code, zh, en = names.of(lot.issuer_uuid)
    in_force = paper if paper and paper.status == CertificateStatus.ISSUED else None
    return Achievement(
        uuid=str(lot.uuid),
        issuer_code=code,
        issuer_name_zh=zh,
        issuer_name_en=en,
        course_code=known.course_code,
        course_name_zh=known.course_zh,
        course_name_en=known.course_en,
        run_code=known.run_code,
        starts_on=known.from_on.isoformat(),
        ends_on=known.to_on.isoformat(),
        unit=lot.unit,
        amount=canonical(lot.amount),
        contact_hours=known.contact_hours if lot.unit == Unit.CREDIT_POINTS else "",
        score=lot.facts.get("score", ""),
        grade=lot.facts.get("grade", ""),
        scale=known.scale,
        attempt=str(lot.attempt),
        certified_at=lot.facts.get("certified_at") or clock.rfc3339(lot.minted_at),
        certificate_number=in_force.number if in_force else "",
        certificate_address=statements.field(in_force.statement, "address") if in_force else "",
        available=canonical(lot.amount_in(AccountKind.AVAILABLE)),
    )


def _recognition(
    lot: LotInfo,
    original: LotInfo | None,
    names: _Names,
    decision: RecognitionDecision | None,
    slots: Mapping[UUID, SlotInfo],
) -> Recognition:
    home_code, home_zh, home_en = names.of(lot.issuer_uuid)
    host_code, host_zh, host_en = names.of(original.issuer_uuid) if original else ("", "", "")
    slot = slots.get(decision.slot_uuid) if decision else None
    said = lot.facts
    return Recognition(
        uuid=str(lot.uuid),
        original_uuid=str(lot.derived_from_uuid),
        home_code=home_code,
        home_name_zh=home_zh,
        home_name_en=home_en,
        host_code=host_code,
        host_name_zh=host_zh,
        host_name_en=host_en,
        course_code=said.get("course_code", ""),
        course_name_zh=said.get("course_name_zh", ""),
        course_name_en=said.get("course_name_en", ""),
        amount=canonical(lot.amount),
        amount_original=canonical(original.amount) if original else "",
        grade=said.get("grade", ""),
        scale=decision.scale_converted if decision else "",
        grade_original=said.get("grade_original", ""),
        scale_original=said.get("scale_original", ""),
        slot_code=slot.code if slot else "",
        slot_name_zh=slot.name_zh if slot else "",
        slot_name_en=slot.name_en if slot else "",
        case_number=said.get("case_number", ""),
        rule_hash=lot.rule_hash,
        recognised_on=(decision.happened_at if decision else lot.minted_at)
        .astimezone(clock.SHANGHAI)
        .date()
        .isoformat(),
    )


def _slots(decisions: Iterable[RecognitionDecision]) -> dict[UUID, SlotInfo]:
    programmes = {row.programme_uuid for row in decisions}
    found = institutions.programmes(programmes) if programmes else {}
    return {slot.uuid: slot for programme in found.values() for slot in programme.slots}
