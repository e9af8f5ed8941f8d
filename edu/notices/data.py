"""Values that cross the door of notices."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class News:
    """What is told: a kind, what it is about, the page that shows it, and names in both languages."""

    kind: str
    about: UUID
    url_name: str
    url_args: tuple[str, ...] = ()
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as its reader sees it; `url` is "" when the page is no more."""

    uuid: UUID
    text: str
    url: str
    times: int
    happened_at: dt.datetime
    unread: bool
