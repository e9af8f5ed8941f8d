"""Signed tokens: ours to others, others' checked against their published keys, each taken once."""

import base64
import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from courses.lti import keys
from courses.lti.models import SeenToken
from courses.lti.rules import Broken, good_until
from edu.api import outgoing
from edu.api.outgoing import NoAnswer
from edu.kernel import clock

ALGORITHMS = ["RS256"]  # what LTI 1.3 asks for; above all not "none", and no shared secrets
JWKS_FRESH_S = 600  # how long another server's keys are believed without asking again
ASK_AGAIN_S = 30  # how soon an unknown key may make us ask again: a rotation is seen, a flood asks once
TOKEN_CHARS_MAX = 16_000


def sign(claims: dict[str, Any]) -> str:
    """Return a token of ours."""
    key = keys.signing_key()
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)


def check(token: str, jwks_url: str) -> dict[str, Any]:
    """Return the claims of a token that the keys at this address signed; Broken for any other."""
    if not token or len(token) > TOKEN_CHARS_MAX:
        raise Broken("There is no token.")
    found = _claims(token, _key_set(jwks_url))
    if found is None and cache.add(f"lti-jwks-asked:{_digest(jwks_url)}", 1, ASK_AGAIN_S):
        found = _claims(token, _key_set(jwks_url, anew=True))  # a key that is new since we asked
    if found is None:
        raise Broken("The token is not signed by a key that the other side publishes.")
    return found


def unproved(token: str) -> dict[str, Any]:
    """Return what a token claims before anything is checked, only to find the keys by which to check it."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, IndexError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def times_of(claims: dict[str, Any]) -> float:
    """Return until which second a token is good by the machine's clock; Broken when it is not good now."""
    try:
        return good_until(claims, time.time())
    except TypeError:
        raise Broken("The times of the token are no numbers.") from None


def take_once(issuer: str, purpose: str, number: Any, until: float) -> None:
    """Remember the number of a token; Broken when it was taken before, or has none."""
    if not isinstance(number, str) or not number:
        raise Broken("The token has no number of its own.")
    digest = _digest(f"{issuer}\n{purpose}\n{number}")
    try:
        with transaction.atomic():
            SeenToken.objects.create(digest=digest, expires_at=dt.datetime.fromtimestamp(until, dt.UTC))
    except IntegrityError:
        raise Broken("The token was taken already.") from None


def forget_expired() -> int:
    """Delete the numbers of tokens that have expired; return how many."""
    deleted, _each = SeenToken.objects.filter(expires_at__lt=clock.now() - dt.timedelta(hours=1)).delete()
    return deleted


def _claims(token: str, key_set: KeySet) -> dict[str, Any] | None:
    """Return the claims, or None when no key of the set made the signature."""
    try:
        return dict(jwt.decode(token, key_set, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _key_set(jwks_url: str, *, anew: bool = False) -> KeySet:
    name = f"lti-jwks:{_digest(jwks_url)}"
    found = None if anew else cache.get(name)
    if found is None:
        found = _fetched(jwks_url)
        cache.set(name, found, JWKS_FRESH_S)
    return _imported(found)


def _fetched(jwks_url: str) -> dict[str, Any]:
    try:
        answer = outgoing.ask(jwks_url)
        found = answer.json()
    except NoAnswer as error:
        raise Broken(f"The keys of the other side cannot be read: {error}") from error
    if answer.status != 200 or not isinstance(found, dict):
        raise Broken("The other side publishes no keys at the address that was registered.")
    _imported(found)
    return found


def _imported(found: dict[str, Any]) -> KeySet:
    only_rsa = [key for key in found.get("keys", []) if isinstance(key, dict) and key.get("kty") == "RSA"]
    make: Callable[[Any], KeySet] = KeySet.import_key_set
    try:
        return make({"keys": only_rsa})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Broken("The keys of the other side cannot be read.") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
