"""The words of LTI 1.3 (1EdTech) and decisions on them: pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_READ: Final = f"{AGS}lineitem.readonly"
RESULT_READ: Final = f"{AGS}result.readonly"
SCORE: Final = f"{AGS}score"
SCOPES: Final = frozenset({LINE_ITEM_READ, RESULT_READ, SCORE})
MEMBERS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERS: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEMBERS_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
COURSE_OFFERING: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
COURSE_TEMPLATE: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseTemplate"
VERSION: Final = "1.3.0"
JWT_BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LINE_ITEM_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE: Final = "application/vnd.ims.lis.v2.resultcontainer+json"

TOKEN_S: Final = 300  # how long an id_token of ours is good: one hop of a browser
CLOCK_S: Final = 60  # how far another server's clock may be off
TOKEN_AGE_S_MAX: Final = 3600  # a token that claims to be good for longer is read as good for this long
FINAL: Final = "FullyGraded"
ACTIVITIES: Final = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADINGS: Final = frozenset({FINAL, "Pending", "PendingManual", "Failed", "NotReady"})


ITEM: Final = "ltiResourceLink"  # the only kind of content that a unit takes from a tool
TITLE_CHARS_MAX: Final = 200
ADDRESS_CHARS_MAX: Final = 500
PARAMETERS_MAX: Final = 50
PARAMETER_CHARS_MAX: Final = 1000
POINTS_MAX: Final = Decimal(1000)


class Broken(ValueError):
    """What came is not what the standard says; the text is for the other server's maker."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score as a tool sends it; `part` is None until it is final."""

    subject: str
    at: dt.datetime
    part: Decimal | None


def read_score(sent: Any) -> Score:
    """Return the score in a document of media type SCORE_TYPE (numbers as Decimal); Broken when it is none."""
    if not isinstance(sent, dict):
        raise Broken("The body is no object.")
    subject, at = sent.get("userId"), read_moment(sent.get("timestamp"))
    if not isinstance(subject, str) or not subject:
        raise Broken("userId is missing.")
    if sent.get("activityProgress") not in ACTIVITIES or sent.get("gradingProgress") not in GRADINGS:
        raise Broken("activityProgress or gradingProgress is missing or unknown.")
    part = _part(sent) if sent["gradingProgress"] == FINAL else None
    return Score(subject, at, part)


def _part(sent: Mapping[str, Any]) -> Decimal:
    given, maximum = _number(sent.get("scoreGiven")), _number(sent.get("scoreMaximum"))
    if given is None or maximum is None or maximum <= 0 or not 0 <= given <= maximum:
        raise Broken("scoreGiven must lie between 0 and scoreMaximum.")
    return given / maximum


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def read_moment(text: Any) -> dt.datetime:
    """Return an RFC 3339 moment with a time zone; Broken when it is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Broken("timestamp is no moment.") from None
    if moment.tzinfo is None:
        raise Broken("timestamp has no time zone.")
    return moment.astimezone(dt.UTC)


def audience_is(claims: Mapping[str, Any], wanted: Iterable[str]) -> bool:
    """True when a token was made for one of us, and for nobody else unless `azp` says that we are meant."""
    given = claims.get("aud")
    audiences = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    meant = [one for one in audiences if one in set(wanted)]
    if not meant:
        return False
    party = claims.get("azp")
    return party in meant if party is not None else len(audiences) == 1


def good_until(claims: Mapping[str, Any], now: float) -> float:
    """Return the second until which a token is good; Broken when it is over, not yet good, or has no times."""
    issued, expires = claims.get("iat"), claims.get("exp")
    times = [value for value in (issued, expires) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(times) != 2:
        raise Broken("iat or exp is missing.")
    began, ends = times
    ends = min(ends, began + TOKEN_AGE_S_MAX)
    if began > now + CLOCK_S or claims.get("nbf", 0) > now + CLOCK_S:
        raise Broken("The token is not good yet. Do the clocks agree?")
    if ends < now - CLOCK_S:
        raise Broken("The token has expired.")
    return float(ends + CLOCK_S)


@dataclass(frozen=True, slots=True)
class Item:
    """Content that was chosen at a tool; `points` is None when it gives no score, `url` empty for the tool's own."""

    title: str
    url: str
    custom: tuple[str, ...]  # "name=value"
    points: Decimal | None


def read_items(sent: Any) -> Item | None:
    """Return the one resource link of a deep-linking answer, None when nothing was chosen; Broken for all else."""
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Broken("content_items is no list of objects.")
    if len(sent) > 1:
        raise Broken("More than one item was sent; accept_multiple is false.")
    return _item(sent[0]) if sent else None


def _item(sent: Mapping[str, Any]) -> Item:
    if sent.get("type") != ITEM:
        raise Broken("Only content of the type ltiResourceLink is taken.")
    title, url = sent.get("title") or "", sent.get("url") or ""
    if not isinstance(title, str) or not isinstance(url, str) or len(url) > ADDRESS_CHARS_MAX:
        raise Broken("title or url is no text, or too long.")
    return Item(" ".join(title.split())[:TITLE_CHARS_MAX], url, _parameters(sent.get("custom")), _points(sent))


def _parameters(sent: Any) -> tuple[str, ...]:
    if sent is None:
        return ()
    if not isinstance(sent, dict) or len(sent) > PARAMETERS_MAX:
        raise Broken("custom is no object, or has too many parameters.")
    return tuple(_parameter(name, value) for name, value in sent.items())


def _parameter(name: str, value: Any) -> str:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not name.strip() or "=" in name or not f"{name}{text}".isprintable():
        raise Broken("A custom parameter is no text of one line.")
    if len(name) + len(text) > PARAMETER_CHARS_MAX:
        raise Broken("A custom parameter is too long.")
    return f"{name.strip()}={text.strip()}"


def _points(sent: Mapping[str, Any]) -> Decimal | None:
    line_item = sent.get("lineItem")
    if line_item is None:
        return None
    most = line_item.get("scoreMaximum") if isinstance(line_item, dict) else None
    points = _number(Decimal(str(most)) if isinstance(most, float) else most)
    if points is None or not 0 < points <= POINTS_MAX:
        raise Broken("lineItem has no scoreMaximum between 0 and 1000.")
    return points


def custom_of(parameters: Iterable[Any]) -> dict[str, str]:
    """Return a course's own parameters ("name=value")."""
    pairs = (str(given).partition("=") for given in parameters)
    return {name.strip(): value.strip() for name, equals, value in pairs if equals and name.strip()}
