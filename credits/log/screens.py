"""What the page of the log shows: its tree, who signs, who watches."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max

from credits.log import keys, queries, rows
from credits.log.models import LogKey, Witness


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """One witness: who, and what it last cosigned."""

    name: str
    operator: str
    public_key: str
    cosigned_at: dt.datetime | None
    size: int | None
    up_to_date: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """All of the page; without a checkpoint yet, `size` is zero and `root` empty."""

    origin: str
    size: int
    root: str
    signed_at: dt.datetime | None
    quorum: int
    cosigned: int
    keys: tuple[LogKey, ...]
    witnesses: tuple[WitnessRow, ...]
    address: str


def log_page(address: str) -> LogPage:
    """Return what the page shows; `address` is the log's own, without its last slash."""
    row = rows.latest()
    found = Witness.objects.filter(to_at=None).order_by("name")
    seen = found.annotate(at=Max("cosignatures__cosigned_at"), size=Max("cosignatures__checkpoint__size"))
    witnesses = tuple(_witness(one, row.size if row else None) for one in seen)
    return LogPage(
        origin=keys.origin(),
        size=row.size if row else 0,
        root=bytes(row.root).hex() if row else "",
        signed_at=row.signed_at if row else None,
        quorum=int(settings.GUIXUE_LOG_QUORUM),
        cosigned=len(queries.policy().cosigned_by(rows.with_cosignatures(row))) if row else 0,
        keys=tuple(keys.signing().filter(algorithm="ed25519")),
        witnesses=witnesses,
        address=address,
    )


def _witness(one: Witness, newest: int | None) -> WitnessRow:
    size: int | None = getattr(one, "size", None)
    return WitnessRow(
        name=one.name,
        operator=one.operator,
        public_key=one.public_key,
        cosigned_at=getattr(one, "at", None),
        size=size,
        up_to_date=size is not None and size == newest,
    )
