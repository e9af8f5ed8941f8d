"""Statements by xAPI 1.0.3 (IEEE 9274.1.1): pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

VERSION: Final = "1.0.3"
ADL: Final = "http://adlnet.gov/expapi/verbs/"
VERBS: Final = {  # the id, and the words for people
    "attempted": (f"{ADL}attempted", "尝试了"),
    "answered": (f"{ADL}answered", "回答了"),
    "completed": (f"{ADL}completed", "完成了"),
    "passed": (f"{ADL}passed", "通过了"),
    "failed": (f"{ADL}failed", "未通过"),
    "watched": ("http://activitystrea.ms/schema/1.0/watch", "观看了"),
}
ACTIVITIES: Final = "http://adlnet.gov/expapi/activities/"
COURSE: Final = f"{ACTIVITIES}course"
TYPES: Final = {
    "problem": f"{ACTIVITIES}question",
    "video": "https://w3id.org/xapi/video/activity-type/video",
    "html": "http://activitystrea.ms/schema/1.0/page",
}
OTHER_TYPE: Final = f"{ACTIVITIES}lesson"
WHOLE: Final = frozenset({"lti", "lti_consumer", "scorm", "openassessment"})  # attempted as a whole, not answered


@dataclass(frozen=True, slots=True)
class Deed:
    """What a learner did; `usage_id` is "" for the whole run."""

    uuid: UUID
    pseudonym: str
    kind: str  # TraceKind
    usage_id: str
    name: str
    at: dt.datetime
    earned: Decimal | None = None
    possible: Decimal | None = None
    watched_s: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was done."""

    site: str  # our origin
    run_uuid: UUID
    course_zh: str
    course_en: str


def verb_of(deed: Deed) -> str:
    """Return the verb of a deed."""
    block_type = deed.usage_id.partition("@")[0]
    if deed.kind == "score":
        return "attempted" if block_type in WHOLE else "answered"
    if deed.kind == "completion":
        return "watched" if block_type == "video" else "completed"
    return deed.kind


def statement(deed: Deed, place: Place, moment: str) -> dict[str, Any]:
    """Return the statement of a deed; `moment` is its time as RFC 3339."""
    verb = verb_of(deed)
    verb_id, words = VERBS[verb]
    made = {
        "id": str(deed.uuid),
        "actor": {"objectType": "Agent", "account": {"homePage": place.site, "name": deed.pseudonym}},
        "verb": {"id": verb_id, "display": {"en": verb, "zh-CN": words}},
        "object": _block(deed, place) if deed.usage_id else _run(place),
        "timestamp": moment,
        "context": {"platform": "Guixue", "contextActivities": {"grouping": [_run(place)]}},
    }
    if result := _result(deed):
        made["result"] = result
    return made


def _run(place: Place) -> dict[str, Any]:
    names = {"zh-CN": place.course_zh} | ({"en": place.course_en} if place.course_en else {})
    return {
        "objectType": "Activity",
        "id": f"{place.site}/xapi/runs/{place.run_uuid}",
        "definition": {"type": COURSE, "name": names},
    }


def _block(deed: Deed, place: Place) -> dict[str, Any]:
    block_type = deed.usage_id.partition("@")[0]
    return {
        "objectType": "Activity",
        "id": f"{place.site}/xapi/runs/{place.run_uuid}/{deed.usage_id}",
        "definition": {"type": TYPES.get(block_type, OTHER_TYPE), "name": {"und": deed.name or deed.usage_id}},
    }


def _result(deed: Deed) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if deed.earned is not None and deed.possible:
        raw, most = float(deed.earned), float(deed.possible)
        said["score"] = {"scaled": round(min(raw / most, 1.0), 6), "raw": min(raw, most), "min": 0, "max": most}
    if deed.kind in {"passed", "failed"}:
        said |= {"success": deed.kind == "passed", "completion": True}
    if deed.kind == "completion":
        said["completion"] = True
    if deed.watched_s:
        said["duration"] = f"PT{deed.watched_s}S"
    return said
