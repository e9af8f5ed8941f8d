"""Answers that a client has already: ETag and If-None-Match for what is read again and again."""

from collections.abc import Callable

from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from ninja.decorators import decorate_view


def etagged[F: Callable[..., object]](operation: F) -> F:
    """Decorate an operation that reads: its answer carries an ETag, and one that the client has becomes a 304.

    Nobody on the way may keep it: what one caller sees is not what another may see.
    """
    decorated: F = decorate_view(conditional_page, cache_control(private=True, no_cache=True))(operation)
    return decorated
