"""Building a Comprehensive Learner Record 2.0 (1EdTech): a credential of credentials, unsigned. Numbers are JSON's own.

Each achievement is an AchievementCredential of Open Badges 3.0 in its issuer's name; the record itself is published
by the holder's home institution. Who signs what is the business of `signing.py`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from credits.interop.record import Achievement, HolderFacts, Kind, Recognition, Record, name_of
from edu.kernel import clock

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
BADGE_CONTEXTS = (CONTEXTS[0], CONTEXTS[2])
HOURS = "contact_hours"
RESULT_TYPES = {"percent": "Percent", "five_level": "LetterGrade", "two_level": "Status"}

type Json = dict[str, Any]


def build(record: Record, kind: Kind, base_url: str, *, publisher_id: str) -> Json:
    """Return the unsigned credential; every uuid in it is the ledger's own, `publisher_id` the DID of who will sign."""
    makers: Iterable[Json]
    subject: Json = {"type": ["ClrSubject"], "identifier": _identities(record.holder)}
    if kind is Kind.TRANSCRIPT:
        makers = [_achieved(row, record.holder, base_url) for row in record.achievements]
    else:
        makers = [_recognised(row, record.holder, base_url) for row in record.recognitions]
        subject["achievement"] = [_original(row, base_url) for row in record.recognitions]
        subject["association"] = [_association(row) for row in record.recognitions]
    subject["verifiableCredential"] = list(makers)
    return {
        "@context": list(CONTEXTS),
        "id": _urn(record.uuid),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript" if kind is Kind.TRANSCRIPT else "Recognised credit",
        "issuer": _publisher(record.holder, publisher_id),
        "validFrom": clock.rfc3339(record.made_at),
        "partial": not record.whole,
        "credentialSubject": subject,
    }


def _publisher(holder: HolderFacts, publisher_id: str) -> Json:
    profile = _profile(holder.home_code, holder.home_name_zh, holder.home_name_en, "")
    return {**profile, "id": publisher_id}


def _achieved(row: Achievement, holder: HolderFacts, base_url: str) -> Json:
    issuer = _profile(row.issuer_code, row.issuer_name_zh, row.issuer_name_en, base_url)
    name = name_of(row.course_name_zh, row.course_name_en)
    results, described = _results(row.uuid, {"Grade": row.grade, "Score": row.score}, row.scale)
    achievement = _without_blanks(
        {
            "id": _urn(row.uuid, "achievement"),
            "type": ["Achievement"],
            "achievementType": "Course",
            "name": name,
            "description": row.course_name_zh or name,
            "humanCode": row.course_code,
            "version": row.run_code,
            "criteria": {"narrative": "Passed the course; the result was submitted and certified by two persons."},
            "creator": issuer,
            "resultDescription": described,
        }
    )
    subject = _without_blanks(
        {
            "type": ["AchievementSubject"],
            "identifier": _identities(holder),
            "activityStartDate": _noon(row.starts_on),
            "activityEndDate": _noon(row.ends_on),
            "creditsEarned": None if row.unit == HOURS else _number(row.amount),
            "narrative": _hours(row),
            "result": results,
            "achievement": achievement,
        }
    )
    evidence = [_without_blanks({"id": row.certificate_address, "type": ["Evidence"], "name": row.certificate_number})]
    return _credential(row.uuid, name, issuer, row.certified_at, subject, evidence if row.certificate_number else [])


def _recognised(row: Recognition, holder: HolderFacts, base_url: str) -> Json:
    issuer = _profile(row.home_code, row.home_name_zh, row.home_name_en, base_url)
    name = name_of(row.course_name_zh, row.course_name_en)
    results, described = _results(row.uuid, {"Grade": row.grade}, row.scale)
    achievement = _without_blanks(
        {
            "id": _urn(row.uuid, "achievement"),
            "type": ["Achievement"],
            "achievementType": "Course",
            "name": name,
            "description": row.course_name_zh or name,
            "humanCode": row.course_code,
            "tag": [word for word in (row.slot_code, row.slot_name_zh, row.slot_name_en) if word],
            "criteria": {"narrative": "Recognised by the home institution for a course of another institution."},
            "creator": issuer,
            "resultDescription": described,
        }
    )
    subject = _without_blanks(
        {
            "type": ["AchievementSubject"],
            "identifier": _identities(holder),
            "creditsEarned": _number(row.amount),
            "narrative": f"Case {row.case_number}" if row.case_number else "",
            "result": results,
            "achievement": achievement,
        }
    )
    return _credential(row.uuid, name, issuer, _noon(row.recognised_on), subject, [])


def _original(row: Recognition, base_url: str) -> Json:
    """Return the host's course as a mere achievement: its credit is earned in the transcript, not here."""
    name = name_of(row.course_name_zh, row.course_name_en)
    return _without_blanks(
        {
            "id": _urn(row.original_uuid, "achievement"),
            "type": ["Achievement"],
            "achievementType": "Course",
            "name": name,
            "description": row.course_name_zh or name,
            "criteria": {"narrative": "Passed the course at the host institution."},
            "creator": _profile(row.host_code, row.host_name_zh, row.host_name_en, base_url),
            "creditsAvailable": _number(row.amount_original),
        }
    )


def _association(row: Recognition) -> Json:
    return {
        "type": ["Association"],
        "associationType": "isRelatedTo",
        "sourceId": _urn(row.uuid, "achievement"),
        "targetId": _urn(row.original_uuid, "achievement"),
    }


def _credential(uuid: str, name: str, issuer: Json, awarded: str, subject: Json, evidence: list[Json]) -> Json:
    return _without_blanks(
        {
            "@context": list(BADGE_CONTEXTS),
            "id": _urn(uuid),
            "type": ["VerifiableCredential", "AchievementCredential"],
            "name": name,
            "issuer": issuer,
            "validFrom": awarded,
            "awardedDate": awarded,
            "credentialSubject": subject,
            "evidence": evidence,
        }
    )


def _results(uuid: str, values: Mapping[str, str], scale: str) -> tuple[list[Json], list[Json]]:
    results, described = [], []
    for name, value in values.items():
        if not value:
            continue
        described.append(
            {
                "id": _urn(uuid, f"result-{name.lower()}"),
                "type": ["ResultDescription"],
                "name": f"{name} ({scale})" if scale else name,
                "resultType": RESULT_TYPES.get(scale, "Result"),
            }
        )
        results.append({"type": ["Result"], "resultDescription": _urn(uuid, f"result-{name.lower()}"), "value": value})
    return results, described


def _identities(holder: HolderFacts) -> list[Json]:
    number = f"{holder.home_code}:{holder.student_number}" if holder.student_number else ""
    said = [("name", holder.name_latin), ("name", holder.name_zh), ("sisSourcedId", number)]
    return [
        {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}
        for kind, value in said
        if value
    ]


def _profile(code: str, zh: str, en: str, base_url: str) -> Json:
    known = {"type": "IdentifierEntry", "identifier": code, "identifierType": "identifier"}
    return _without_blanks(
        {
            "id": f"{base_url.rstrip('/')}/zh-hans/institutions/{code}/" if code else "urn:guixue:unknown-institution",
            "type": ["Profile"],
            "name": name_of(zh, en),
            "description": zh,
            "otherIdentifier": [known] if code else [],
        }
    )


def _hours(row: Achievement) -> str:
    hours = row.amount if row.unit == HOURS else row.contact_hours
    return f"Contact hours: {hours}" if hours else ""


def _number(amount: str) -> int | float | None:
    """Return an amount as JSON's number: two decimals survive a float's shortest form, which RFC 8785 writes."""
    if not amount:
        return None
    value = Decimal(amount)
    return int(value) if value == value.to_integral_value() else float(value)


def _noon(day: str) -> str:
    """Return a calendar day of Asia/Shanghai as the moment these formats ask for."""
    return f"{day}T00:00:00+08:00" if day else ""


def _urn(uuid: str, part: str = "") -> str:
    return f"urn:uuid:{uuid}#{part}" if part else f"urn:uuid:{uuid}"


def _without_blanks(document: Mapping[str, Any]) -> Json:
    return {key: value for key, value in document.items() if value not in ("", None, [], {})}
