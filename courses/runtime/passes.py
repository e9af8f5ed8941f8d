"""What a frame carries for times without a network: a pass to hand in with, and the moment it was handed out.

A pass is short-lived and gives the right to hand in what was done in a run. A moment gives no right at all: it says,
signed, when this person had the unit on the server's clock, so that a time claimed later has a lower bound.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from courses.runtime.grants import Grant, register_purpose
from edu.kernel.errors import NotPermitted, Stale

PASS_SALT = "courses.runtime.pass"  # noqa: S105  # the name of a purpose, no secret
MOMENT_SALT = "courses.runtime.moment"
PASS_AGE_S_MAX = 12 * 60 * 60  # as long as a handler's address: the page fetches a fresh one
MOMENT_AGE_S_MAX = 14 * 24 * 60 * 60  # two weeks without a line, a holiday in the village


@dataclass(frozen=True, slots=True)
class Moment:
    """When a person had a unit of a run in a content version, by the server's clock."""

    person_id: int
    run_id: int
    version_id: int
    unit_id: str
    issued_at: dt.datetime


def sign_pass(grant: Grant) -> str:
    """Return the right to hand in for this run what was done without a network."""
    values = [grant.person_id, grant.run_id, grant.version_id, int(grant.keeps), grant.language]
    return signing.dumps(values, salt=PASS_SALT, compress=True)


def read_pass(token: str) -> Grant:
    """Return the grant of a pass, which leads to no unit yet; NotPermitted when forged, Stale when its time is over."""
    try:
        person_id, run_id, version_id, keeps, language = signing.loads(token, salt=PASS_SALT, max_age=PASS_AGE_S_MAX)
    except signing.SignatureExpired:
        raise Stale(
            "pass-expired", _("This page has been open for too long. Reload it to send your answers.")
        ) from None
    except (signing.BadSignature, ValueError):
        raise NotPermitted("pass-forged", _("This address was not made by this site.")) from None
    return Grant(person_id, run_id, version_id, "", "", bool(keeps), language)


def sign_moment(grant: Grant, issued_at: dt.datetime) -> str:
    """Return the signed moment at which the learner was given the unit."""
    issued_ms = int(issued_at.timestamp() * 1000)
    values = [grant.person_id, grant.run_id, grant.version_id, grant.unit_id, issued_ms]
    return signing.dumps(values, salt=MOMENT_SALT, compress=True)


def read_moment(token: str, now: dt.datetime) -> Moment:
    """Return what a moment says; NotPermitted when it was not signed here, Stale when it is too old to bound a time."""
    try:
        person_id, run_id, version_id, unit_id, issued_ms = signing.loads(token, salt=MOMENT_SALT)
    except (signing.BadSignature, ValueError):
        raise NotPermitted("moment-forged", _("The time of this answer was not signed by this site.")) from None
    issued_at = dt.datetime.fromtimestamp(issued_ms / 1000, dt.UTC)
    if (now - issued_at).total_seconds() > MOMENT_AGE_S_MAX:
        raise Stale("moment-expired", _("This page was stored more than two weeks ago."))
    return Moment(person_id, run_id, version_id, unit_id, issued_at)


def owner_id(person_id: int, place: str) -> str:
    """Return a name by which a device tells people apart in one place (a course's label, "" for the site).

    It is unlinkable between places, and nobody else can compute it.
    """
    key = f"courses.runtime.owner:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{person_id}:{place}".encode(), hashlib.sha256).hexdigest()[:24]


register_purpose(PASS_SALT)
