"""What a signed address allows: who may see which unit, or call which block, until when.

The frame has no cookies, so its addresses carry the right to be used. They are bound to person, run, content
version and unit or block, and they expire.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from edu.kernel.errors import NotPermitted, Stale

FRAME_SALT = "courses.runtime.frame"
HANDLER_SALT = "courses.runtime.handler"
FRAME_AGE_S_MAX = 2 * 60 * 60  # a page left open over a long break may still be turned back to
TOOL_SALT = "courses.runtime.tool"
TOOL_AGE_S_MAX = 200 * 24 * 60 * 60  # a tool may report until the run ends, which is asked too; a term has 20 weeks
HANDLER_AGE_S_MAX = 12 * 60 * 60  # a day of study on one open page


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's right to one unit of one run in one content version.

    With `keeps` what the person does is stored; without it (a teacher's preview, a run that has ended) it is not.
    `usage_id` is the block in a handler's address and the unit itself in a frame's.
    """

    person_id: int
    run_id: int
    version_id: int
    unit_id: str
    usage_id: str
    keeps: bool
    language: str
    tells: bool = False  # staff look: what fails says why

    def for_block(self, usage_id: str) -> "Grant":
        """Return the same right for a block of the unit."""
        return replace(self, usage_id=usage_id)


def sign_frame(grant: Grant) -> str:
    """Return the token of a frame's address."""
    return _sign(grant, FRAME_SALT)


def sign_handler(grant: Grant) -> str:
    """Return the token of a block's handler addresses."""
    return _sign(grant, HANDLER_SALT)


def read_frame(token: str) -> Grant:
    """Return what a frame's token allows; NotPermitted if it was not signed here, Stale if its time is over."""
    return _read(token, FRAME_SALT, FRAME_AGE_S_MAX)


def read_handler(token: str) -> Grant:
    """Return what a handler's token allows; NotPermitted if it was not signed here, Stale if its time is over."""
    return _read(token, HANDLER_SALT, HANDLER_AGE_S_MAX)


def sign_tool(grant: Grant) -> str:
    """Return the token of the address to which a tool on another server sends one learner's result."""
    return _sign(grant, TOOL_SALT)


def read_tool(token: str) -> Grant:
    """Return what a tool's token allows; NotPermitted if it was not signed here, Stale if its time is over."""
    return _read(token, TOOL_SALT, TOOL_AGE_S_MAX)


def anonymous_id(person_id: int, run_id: int) -> str:
    """Return a name for the person that blocks may know: the same within a run, unlinkable between runs."""
    key = f"courses.runtime.anonymous:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{person_id}:{run_id}".encode(), hashlib.sha256).hexdigest()[:32]


_purposes = [FRAME_SALT, HANDLER_SALT]


def register_purpose(salt: str) -> None:
    """Let addresses that are signed for another purpose say in which language they speak, too."""
    if salt not in _purposes:
        _purposes.append(salt)


def language_of(token: str) -> str:
    """Return the language that an address signed here names, however old it is; "" for every other text.

    So whoever is refused reads why in the language of their page.
    """
    for salt in _purposes:
        try:
            values = signing.loads(token, salt=salt)
        except (signing.BadSignature, ValueError):
            continue
        known = dict(settings.LANGUAGES)
        return next((value for value in values if isinstance(value, str) and value in known), "")
    return ""


def _sign(grant: Grant, salt: str) -> str:
    values = [*_ids(grant), int(grant.keeps), grant.language, int(grant.tells)]
    return signing.dumps(values, salt=salt, compress=True)


def _ids(grant: Grant) -> tuple[int, int, int, str, str]:
    return grant.person_id, grant.run_id, grant.version_id, grant.unit_id, grant.usage_id


def _read(token: str, salt: str, age_s_max: int) -> Grant:
    try:
        values = signing.loads(token, salt=salt, max_age=age_s_max)
        person_id, run_id, version_id, unit_id, usage_id, keeps, language, tells = values
    except signing.SignatureExpired:
        message = _("This page has been open for too long. Reload it; what you saved is still there.")
        raise Stale("address-expired", message) from None
    except (signing.BadSignature, ValueError):
        raise NotPermitted("address-forged", _("This address was not made by this site.")) from None
    return Grant(person_id, run_id, version_id, unit_id, usage_id, bool(keeps), language, bool(tells))
