"""Limits on failed sign-ins, activations and resets; in the database, since several processes answer."""

import datetime as dt

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from edu.kernel import clock
from edu.kernel.errors import Refusal
from edu.people.models import FailedAttempt

WINDOW_S = 15 * 60  # a forgotten password is looked up in that time
PER_ACCOUNT_MAX = 8  # typing errors on a phone; a guesser gets 768 tries a day
PER_ADDRESS_MAX = 200  # a whole school signs in from one address
KEPT_S = 24 * 3600


def keys_of(request: HttpRequest | None, what: str) -> list[tuple[str, int]]:
    """Return the digests under which failures count, with their limits: what was typed, and the address."""
    keys = [(_digest(f"account {what}"), PER_ACCOUNT_MAX)]
    if request is not None and (address := request.META.get("REMOTE_ADDR")):
        keys.append((_digest(f"address {address}"), PER_ADDRESS_MAX))
    return keys


def check(keys: list[tuple[str, int]]) -> None:
    """Refusal when one of the keys has failed too often of late."""
    since = clock.now() - dt.timedelta(seconds=WINDOW_S)
    for key, failures_max in keys:
        if FailedAttempt.objects.filter(key=key, happened_at__gt=since).count() >= failures_max:
            raise Refusal("too-many-attempts", _("Too many attempts. Wait 15 minutes, then try again."))


def failed(keys: list[tuple[str, int]]) -> None:
    """Count one more failure, and forget those of yesterday."""
    now = clock.now()
    FailedAttempt.objects.filter(happened_at__lt=now - dt.timedelta(seconds=KEPT_S)).delete()
    FailedAttempt.objects.bulk_create(FailedAttempt(key=key, happened_at=now) for key, _max in keys)


def succeeded(keys: list[tuple[str, int]]) -> None:
    """Forget the failures of the account; those of the address stay."""
    FailedAttempt.objects.filter(key=keys[0][0]).delete()


def _digest(text: str) -> str:
    return salted_hmac("edu.people.attempts", text, algorithm="sha256").hexdigest()
