"""Decisions about packs on values: whose file is kept, who may fetch, which part of a file is asked for."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

FILES_KEPT = 3  # the newest packs of a textbook: a term's work; older ones stay listed with their hash
GRACE = dt.timedelta(days=14)  # a school on a weak line may take nights over one file; it does not vanish meanwhile
FILMS_WAIT = dt.timedelta(hours=6)  # longer than lighter copies of a course take; then the uploaded films go in

# Of any institution: textbooks are made for schools that did not write them.
SCHOOL_ROLES = frozenset({"school_coordinator", "teacher", "assistant_teacher", "operator"})
HOME_ROLES = frozenset({"author", "editor"})  # of the textbook's own institution

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Kept:
    """A pack that was made; `superseded_at` is when the next one was ready, None for the newest."""

    id: int
    superseded_at: dt.datetime | None
    is_offered: bool = False  # the one that schools are pointed to: after a roll-back an older one


def files_to_remove(packs: Sequence[Kept], *, now: dt.datetime) -> list[int]:
    """Return the ids of the packs whose file may go; `packs` of one textbook, the newest first."""
    old = packs[FILES_KEPT:]
    return [p.id for p in old if p.superseded_at is not None and not p.is_offered and p.superseded_at + GRACE < now]


def waits_for_films(requested_at: dt.datetime, now: dt.datetime, *, open_copies: bool, can_copy: bool) -> bool:
    """True while a pack had better wait: lighter copies of its films are still being made, and somebody makes them."""
    return open_copies and can_copy and now < requested_at + FILMS_WAIT


def percent(done: int, total: int) -> int:
    """Return how far the bytes are; 99 at most, since the signature comes last."""
    return min(99, done * 100 // total) if total else 0


def key_id(*, code: str, year: int, public_key: bytes) -> str:
    """Return a key's id: 4145010593-textbook-2026-1f3a9c5e, the last part from the key itself."""
    return f"{code}-textbook-{year}-{hashlib.sha256(public_key).hexdigest()[:8]}"


def file_name(label: str, number: int, sha256: str) -> str:
    """Return what a downloaded pack is called; the hash in it keeps two packs of one version apart."""
    return f"{label}-v{number}-{sha256[:8]}.zip"


def wanted_part(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a Range header (RFC 9110 §14), None when the whole file is wanted.

    The first byte lies beyond the end when the range cannot be satisfied. Several ranges are answered whole.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) else (size, size)
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    return first, last
