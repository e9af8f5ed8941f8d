"""Where each of our fields goes in each format, as data. The loss report and docs/exchange-formats.md come from here.

That the tables tell the truth is tested by changing one field after the other and looking at the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from credits.interop.record import Format, Kind, paths


class Fate(StrEnum):
    """What becomes of a field."""

    CARRIED = "carried"  # in a place that the format itself names
    EXTENSION = "extension"  # in our own extension, which others may ignore
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One field of ours in one format: where it stands, or why it cannot."""

    path: str
    fate: Fate
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftEmpty:
    """A place of theirs that we do not fill, and why."""

    place: str
    reason: str


def _table(part: str, carried: str, extension: str = "", lost: str = "") -> tuple[Mapped, ...]:
    """Return the lines of a part from three small tables of "field place" (or "field reason")."""
    lines: list[Mapped] = []
    for fate, text in ((Fate.CARRIED, carried), (Fate.EXTENSION, extension), (Fate.LOST, lost)):
        for line in filter(None, (row.strip() for row in text.splitlines())):
            name, _, where = line.partition(" ")
            path = f"{part}.{name}"
            lines.append(Mapped(path, fate, reason=where) if fate is Fate.LOST else Mapped(path, fate, where))
    return tuple(lines)


ELMO_HOLDER = _table(
    "holder",
    """name_latin learner/familyName
    student_number learner/identifier[@type='student-number']
    home_code learner/identifier[@type='student-number']""",
    "name_zh elmo/extension/holder/nameZh",
    """home_name_zh no-place-for-home
    home_name_en no-place-for-home
    programme_code no-degree-node
    programme_name_zh no-degree-node
    programme_name_en no-degree-node""",
)
ELMO_ACHIEVEMENT = _table(
    "achievement",
    """uuid learningOpportunityInstance/identifier[@type='guixue-lot']
    issuer_code issuer/identifier[@type='cn-moe-hei-code']
    issuer_name_zh issuer/title[@xml:lang='zh-Hans']
    issuer_name_en issuer/title[@xml:lang='en']
    course_code learningOpportunitySpecification/identifier[@type='local']
    course_name_zh learningOpportunitySpecification/title[@xml:lang='zh-Hans']
    course_name_en learningOpportunitySpecification/title[@xml:lang='en']
    run_code learningOpportunityInstance/identifier[@type='guixue-run']
    starts_on learningOpportunityInstance/start
    ends_on learningOpportunityInstance/date
    unit learningOpportunityInstance/credit/scheme
    amount learningOpportunityInstance/credit/value
    contact_hours learningOpportunityInstance/engagementHours
    grade learningOpportunityInstance/resultLabel
    scale report/gradingScheme""",
    """score learningOpportunityInstance/extension/result/score
    attempt learningOpportunityInstance/extension/result/attempt
    certified_at learningOpportunityInstance/extension/result/certifiedAt
    certificate_number learningOpportunityInstance/extension/result/certificateNumber
    certificate_address learningOpportunityInstance/extension/result/certificateAddress""",
    "available earned-not-left",
)
ELMO_RECOGNITION = _table(
    "recognition",
    """uuid learningOpportunityInstance/identifier[@type='guixue-lot']
    home_code issuer/identifier[@type='cn-moe-hei-code']
    home_name_zh issuer/title[@xml:lang='zh-Hans']
    home_name_en issuer/title[@xml:lang='en']
    course_code learningOpportunitySpecification/identifier[@type='local']
    course_name_zh learningOpportunitySpecification/title[@xml:lang='zh-Hans']
    course_name_en learningOpportunitySpecification/title[@xml:lang='en']
    amount learningOpportunityInstance/credit/value
    grade learningOpportunityInstance/resultLabel
    scale report/gradingScheme
    recognised_on learningOpportunityInstance/date""",
    """original_uuid learningOpportunityInstance/extension/recognition/originalLot
    host_code learningOpportunityInstance/extension/recognition/hostCode
    host_name_zh learningOpportunityInstance/extension/recognition/hostNameZh
    host_name_en learningOpportunityInstance/extension/recognition/hostNameEn
    amount_original learningOpportunityInstance/extension/recognition/amountOriginal
    grade_original learningOpportunityInstance/extension/recognition/gradeOriginal
    scale_original learningOpportunityInstance/extension/recognition/scaleOriginal
    slot_code learningOpportunityInstance/extension/recognition/slotCode
    slot_name_zh learningOpportunityInstance/extension/recognition/slotNameZh
    slot_name_en learningOpportunityInstance/extension/recognition/slotNameEn
    case_number learningOpportunityInstance/extension/recognition/caseNumber
    rule_hash learningOpportunityInstance/extension/recognition/ruleHash""",
)
CLR_HOLDER = _table(
    "holder",
    """name_zh credentialSubject.identifier[identityType=name]
    name_latin credentialSubject.identifier[identityType=name]
    student_number credentialSubject.identifier[identityType=sisSourcedId]
    home_code credentialSubject.identifier[identityType=sisSourcedId]
    home_name_zh ClrCredential.issuer.description
    home_name_en ClrCredential.issuer.name""",
    lost="""programme_code no-degree-node
    programme_name_zh no-degree-node
    programme_name_en no-degree-node""",
)
CLR_ACHIEVEMENT = _table(
    "achievement",
    """uuid verifiableCredential.id
    issuer_code issuer.otherIdentifier
    issuer_name_zh issuer.description
    issuer_name_en issuer.name
    course_code achievement.humanCode
    course_name_zh achievement.description
    course_name_en achievement.name
    run_code achievement.version
    starts_on credentialSubject.activityStartDate
    ends_on credentialSubject.activityEndDate
    unit credentialSubject.creditsEarned
    amount credentialSubject.creditsEarned
    contact_hours credentialSubject.narrative
    score credentialSubject.result
    grade credentialSubject.result
    scale achievement.resultDescription
    certified_at awardedDate
    certificate_number evidence.name
    certificate_address evidence.id""",
    lost="""attempt no-place-for-attempt
    available earned-not-left""",
)
CLR_RECOGNITION = _table(
    "recognition",
    """uuid verifiableCredential.id
    original_uuid association.targetId
    home_code issuer.otherIdentifier
    home_name_zh issuer.description
    home_name_en issuer.name
    host_code achievement.creator.otherIdentifier
    host_name_zh achievement.creator.description
    host_name_en achievement.creator.name
    course_code achievement.humanCode
    course_name_zh achievement.description
    course_name_en achievement.name
    amount credentialSubject.creditsEarned
    amount_original achievement.creditsAvailable
    grade credentialSubject.result
    scale achievement.resultDescription
    slot_code achievement.tag
    slot_name_zh achievement.tag
    slot_name_en achievement.tag
    case_number credentialSubject.narrative
    recognised_on awardedDate""",
    lost="""grade_original only-the-result-at-home
    scale_original only-the-result-at-home
    rule_hash no-place-for-rules""",
)
TABLES: Mapping[tuple[Format, Kind], tuple[Mapped, ...]] = {
    (Format.ELMO, Kind.TRANSCRIPT): ELMO_HOLDER + ELMO_ACHIEVEMENT,
    (Format.ELMO, Kind.RECOGNITION): ELMO_HOLDER + ELMO_RECOGNITION,
    (Format.CLR, Kind.TRANSCRIPT): CLR_HOLDER + CLR_ACHIEVEMENT,
    (Format.CLR, Kind.RECOGNITION): CLR_HOLDER + CLR_RECOGNITION,
}
LEFT_EMPTY: Mapping[Format, tuple[LeftEmpty, ...]] = {
    Format.ELMO: (
        LeftEmpty("learner/givenNames", "name-is-one-field"),
        LeftEmpty("learner/bday, placeOfBirth, birthName, gender, citizenship, currentAddress", "not-kept"),
        LeftEmpty("learner/identifier[@type='nationalIdentifier'], [@type='esi']", "not-kept"),
        LeftEmpty("learningOpportunitySpecification/subjectArea, iscedCode, description", "not-in-the-ledger"),
        LeftEmpty("learningOpportunityInstance/academicTerm, languageOfInstruction, level", "not-in-the-ledger"),
        LeftEmpty("learningOpportunityInstance/shortenedGrading, resultDistribution", "not-in-the-ledger"),
        LeftEmpty("learningOpportunityInstance/credit[scheme='ects']", "no-ects"),
        LeftEmpty("attachment", "paper-is-apart"),
        LeftEmpty("ds:Signature", "checked-by-certificate"),
    ),
    Format.CLR: (
        LeftEmpty("issuer.image, email, address", "not-kept"),
        LeftEmpty("achievement.alignment, endorsement, image", "not-in-the-ledger"),
        LeftEmpty("credentialStatus", "checked-by-certificate"),
    ),
    Format.XLSX: (),
}


def table(format_: Format, kind: Kind, columns: tuple[str, ...] = ()) -> tuple[Mapped, ...]:
    """Return the lines of a format for a kind of document; a sheet carries the columns that were chosen."""
    if format_ is not Format.XLSX:
        return TABLES[format_, kind]
    return tuple(
        Mapped(path, Fate.CARRIED, path) if path in columns else Mapped(path, Fate.LOST, reason="column-not-chosen")
        for path in paths()
    )
