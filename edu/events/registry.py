"""Who listens to what. Filled at start from every app's `subscribers.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from edu.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a subscriber sees it."""

    uuid: UUID
    name: str
    payload: dict[str, Any]
    actor: Actor


Handler = Callable[[Happened], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A named listener; the name is stored with each delivery, so it is never changed lightly."""

    name: str
    event: str
    handle: Handler


_subscribers: dict[str, Subscriber] = {}


def subscribe(event: str, *, name: str) -> Callable[[Handler], Handler]:
    """Register a handler for an event name; it must be safe to call twice. ValueError if the name is taken."""

    def register(handle: Handler) -> Handler:
        if name in _subscribers and _subscribers[name].handle is not handle:
            raise ValueError(f"Two subscribers are called {name}.")
        _subscribers[name] = Subscriber(name=name, event=event, handle=handle)
        return handle

    return register


def listening_to(event: str) -> list[Subscriber]:
    """Return the subscribers of an event, in the order of their names."""
    return sorted((s for s in _subscribers.values() if s.event == event), key=lambda s: s.name)


def named(name: str) -> Subscriber | None:
    """Return a subscriber, or None when the code no longer has it."""
    return _subscribers.get(name)
