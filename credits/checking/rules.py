"""What a holder may show of a certificate, and for how long: pure decisions on values."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from credits.log import commitments

# Without these nobody could check the rest: who issued it, with which key, when.
ALWAYS = ("type", "version", "key_id", "issued_at", "issuer.")
# What the holder picks from. The number opens the whole certificate at /verify/ to whoever knows the name.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "name": ("holder.",),
    "course": ("course.",),
    "credits": ("credit_points",),
    "hours": ("contact_hours",),
    "grade": ("grade.",),
    "study": ("study.",),
    "home": ("home_institution.",),
    "number": ("number",),
}
DAYS = (7, 30, 90, 180)  # 学信网 lets its reports live up to 180 days (look-facts.md A6)
SHARES_MAX = 50  # open links of one certificate; a list longer than that is not looked after
LOOK_AGAIN_S = 600  # a page opened again within ten minutes is the same look
DISCLOSURE_TYPE = "guixue.certificate-disclosure"
DISCLOSURE_VERSION = "1"


def scope_of(picked: Iterable[str]) -> list[str]:
    """Return the picked groups in their order, each once, and none that does not exist."""
    wanted = set(picked)
    return [group for group in GROUPS if group in wanted]


def is_shown(path: str, scope: Iterable[str]) -> bool:
    """True when a field is among what is always shown or what the holder picked."""
    prefixes = [*ALWAYS, *(prefix for group in scope for prefix in GROUPS.get(group, ()))]
    return any(path.startswith(prefix) if prefix.endswith(".") else path == prefix for prefix in prefixes)


def is_open(*, expires_at: dt.datetime, ended_at: dt.datetime | None, at: dt.datetime) -> bool:
    """True while a link shows something."""
    return ended_at is None and at < expires_at


def shown_statement(statement: Mapping[str, Any], scope: Iterable[str]) -> dict[str, Any]:
    """Return the statement with the shown fields only."""
    chosen = list(scope)
    kept: dict[str, Any] = {}
    for path, value in commitments.leaves(statement):
        if is_shown(path, chosen):
            *above, last = path.split(".")
            place = kept
            for key in above:
                place = place.setdefault(key, {})
            place[last] = value
    return kept


def disclosure(
    statement: Mapping[str, Any], scope: Iterable[str], *, salt: bytes, signature: str, proof: str, until: str
) -> dict[str, Any]:
    """Return the document that proves the shown fields and tells nothing of the hidden ones but their paths."""
    chosen = list(scope)
    shown, hidden = {}, {}
    for path, value in commitments.leaves(statement):
        own = commitments.field_salt(salt, path)
        if is_shown(path, chosen):
            shown[path] = {"value": value, "salt": own.hex()}
        else:
            hidden[path] = commitments.field_hash(own, path, value).hex()
    return {
        "type": DISCLOSURE_TYPE,
        "version": DISCLOSURE_VERSION,
        "shown": shown,
        "hidden": hidden,
        "until": until,
        "commitment_signature": signature,
        "proof": proof,
    }
