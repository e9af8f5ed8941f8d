"""How often a stranger may ask: fixed windows counted in the cache, shared by the API and by public forms.

A window is coarse on purpose: it needs one key and no list, and whoever is refused is told when to come back.
"""

import hashlib
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `seconds` for one client."""

    name: str
    times: int
    seconds: int


def client_of(request: HttpRequest) -> str:
    """Return the client's address: the one that the last trusted proxy saw, never one the client made up."""
    proxies = getattr(settings, "GUIXUE_TRUSTED_PROXIES", 0)
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not proxies:
        return direct
    passed = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
    return passed[-min(proxies, len(passed))] if passed else direct


def take(limit: Limit, who: str, count: int = 1) -> int:
    """Count tries of `who`; 0 when they are within the limit, otherwise the seconds until the window ends."""
    now = time.time()
    window = int(now // limit.seconds)
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]  # no addresses of people in the cache
    key = f"limit:{limit.name}:{window}:{digest}"
    cache.add(key, 0, timeout=limit.seconds + 1)
    try:
        tries = cache.incr(key, count)
    except ValueError:  # the entry went away in between: a window has just ended
        return 0
    return 0 if tries <= limit.times else max(1, math.ceil((window + 1) * limit.seconds - now))


class LimitThrottle(BaseThrottle):
    """A Limit as the API's throttle, counted by client address."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._wait_s = 0

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; False when the client has asked too often."""
        self._wait_s = take(self.limit, client_of(request))
        return self._wait_s == 0

    def wait(self) -> float | None:
        """Return the seconds until the client may ask again."""
        return float(self._wait_s) or None
