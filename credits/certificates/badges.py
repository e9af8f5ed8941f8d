"""What a statement says in the words of 1EdTech: Open Badges 3.0 for a course, CLR 2.0 for a transcript. Pure.

Contexts are named and never fetched. A transcript's courses are all its issuer's own, so that the one signature over
the record speaks for each of them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from credits.certificates import statement as statements

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
RECORDS = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def badge(said: Mapping[str, Any], did: str, valid_from: str) -> dict[str, Any]:
    """Return the Open Badge of one course; `did` is the issuer's, `valid_from` an RFC 3339 moment."""
    address = statements.field(said, "address")
    return {
        "@context": [CREDENTIALS, BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _name(said),
        "issuer": _issuer(said, did),
        "validFrom": valid_from,
        "credentialSubject": _subject(said),
        "evidence": [_evidence(said)],
    }


def transcript(said: Mapping[str, Any], did: str, valid_from: str) -> dict[str, Any]:
    """Return the Comprehensive Learner Record of a transcript: one achievement for each of its courses."""
    courses = [_as_course(said, course) for course in said["courses"]]
    return {
        "@context": [CREDENTIALS, RECORDS, BADGES],
        "id": statements.field(said, "address"),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"Transcript {statements.field(said, 'number')}",
        "issuer": _issuer(said, did),
        "validFrom": valid_from,
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": _names(said),
            "verifiableCredential": [_achieved(course, did, valid_from) for course in courses],
        },
        "evidence": [_evidence(said)],
    }


def _as_course(said: Mapping[str, Any], course: Mapping[str, str]) -> dict[str, Any]:
    """Return one course of a transcript in the words of a certificate's statement."""
    return {
        "lot": course.get("lot", ""),
        "holder": said["holder"],
        "issuer": said["issuer"],
        "course": {name: course.get(name, "") for name in ("name_zh", "name_en", "code", "run")},
        "study": {"from_on": course.get("from_on", ""), "to_on": course.get("to_on", "")},
        "credit_points": course.get("credit_points", ""),
        "contact_hours": course.get("contact_hours", ""),
        "grade": {"value": course.get("grade", ""), "scale": course.get("scale", "")},
    }


def _achieved(said: Mapping[str, Any], did: str, valid_from: str) -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS, BADGES],
        "id": f"urn:uuid:{statements.field(said, 'lot')}#credential",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": _name(said),
        "issuer": _issuer(said, did),
        "validFrom": valid_from,
        "credentialSubject": _subject(said),
    }


def _name(said: Mapping[str, Any]) -> str:
    return f"{statements.field(said, 'course.name_zh')} {_course(said)}".strip()


def _course(said: Mapping[str, Any]) -> str:
    return statements.field(said, "course.name_en") or statements.field(said, "course.name_zh")


def _subject(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": ["AchievementSubject"],
        "identifier": _names(said),
        "activityStartDate": f"{statements.field(said, 'study.from_on')}T00:00:00+08:00",
        "activityEndDate": f"{statements.field(said, 'study.to_on')}T00:00:00+08:00",
        **_credits("creditsEarned", said),
        "achievement": _achievement(said, _course(said)),
        **_result(said),
    }


def _evidence(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": statements.field(said, "address"),
        "type": ["Evidence"],
        "name": f"Certificate {statements.field(said, 'number')}",
        "narrative": "The signed statement, its place in the transparency log and its status.",
    }


def _issuer(said: Mapping[str, Any], did: str) -> dict[str, Any]:
    name = statements.field(said, "issuer.name_en") or statements.field(said, "issuer.name_zh")
    return {"id": did, "type": ["Profile"], "name": name}


def _names(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (statements.field(said, "holder.name_zh"), statements.field(said, "holder.name_latin"))
    return [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
        for name in names
        if name
    ]


def _achievement(said: Mapping[str, Any], course: str) -> dict[str, Any]:
    hours, run = statements.field(said, "contact_hours"), statements.field(said, "course.run")
    achievement: dict[str, Any] = {
        "id": f"urn:uuid:{statements.field(said, 'lot')}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": course,
        "humanCode": statements.field(said, "course.code"),
        "description": ", ".join(part for part in (course, run, f"{hours} contact hours" if hours else "") if part),
        "criteria": {"narrative": "Passed the assessment of the course."},
        **_credits("creditsAvailable", said),
    }
    if statements.field(said, "grade.value"):
        achievement["resultDescription"] = [
            {"id": _result_id(said), "type": ["ResultDescription"], "name": _scale(said), "resultType": "RawScore"}
        ]
    return achievement


def _result(said: Mapping[str, Any]) -> dict[str, Any]:
    grade = statements.field(said, "grade.value")
    if not grade:
        return {}
    return {"result": [{"type": ["Result"], "resultDescription": _result_id(said), "value": grade}]}


def _result_id(said: Mapping[str, Any]) -> str:
    return f"urn:uuid:{statements.field(said, 'lot')}#grade"


def _scale(said: Mapping[str, Any]) -> str:
    return f"Grade ({statements.field(said, 'grade.scale') or 'as given'})"


def _credits(name: str, said: Mapping[str, Any]) -> dict[str, float | int]:
    """Return the amount as the number that Open Badges want; inside the platform amounts are text. Hours are none."""
    text = statements.field(said, "credit_points")
    if not text:
        return {}
    amount = Decimal(text)
    return {name: int(amount) if amount == amount.to_integral_value() else float(amount)}
