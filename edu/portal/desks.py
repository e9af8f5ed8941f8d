"""What waits for a member of staff: one entry per queue, with its count, for the roles that work on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from edu.design.values import Task
from edu.kernel.actor import Actor

Count = Callable[[UUID], int]


@dataclass(frozen=True)
class Desk:
    """A queue or a tool; `count` says how many cases wait for an institution, None where nothing waits."""

    url_name: str
    label: Any  # str or lazily translated
    roles: frozenset[str]
    hint: Any = ""
    count: Count | None = None


_desks: list[Desk] = []


def register_desk(*desks: Desk) -> None:
    """Offer desks in the order in which staff see them; the same address again replaces the earlier entry."""
    for desk in desks:
        _desks[:] = [known for known in _desks if known.url_name != desk.url_name] + [desk]


def desks_for(actor: Actor) -> list[Desk]:
    """Return the desks of the actor's role."""
    return [desk for desk in _desks if actor.role in desk.roles]


@dataclass(frozen=True)
class Waiting:
    """A desk with what waits on it now."""

    desk: Desk
    url: str
    number: int | None

    def as_task(self) -> Task:
        """Return the line of a task list: only what waits has a tone."""
        if self.number is None:
            return Task(self.desk.label, "", "done", self.url, self.desk.hint)
        if not self.number:
            return Task(self.desk.label, gettext("Nothing waits"), "done", self.url, self.desk.hint)
        words = ngettext("%(n)s waiting", "%(n)s waiting", self.number) % {"n": self.number}
        return Task(self.desk.label, words, "warn", self.url, self.desk.hint)


def waiting_for(actor: Actor) -> list[Waiting]:
    """Return the actor's desks with counts, those where something waits first."""
    found = list(_with_counts(desks_for(actor), actor))
    return sorted(found, key=lambda entry: not entry.number)


def _with_counts(desks: Iterable[Desk], actor: Actor) -> Iterable[Waiting]:
    for desk in desks:
        try:
            url = reverse(desk.url_name)
        except NoReverseMatch:  # the applet is not installed here
            continue
        number = desk.count(actor.institution_uuid) if desk.count and actor.institution_uuid else None
        yield Waiting(desk, url, number)
