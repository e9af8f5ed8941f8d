"""Which time an answer given without a network has, and how much of a film may have been played: pure.

A claimed time is believed when the server itself bounds it: not before the page was handed out, not after the answer
arrived, and not before the person was seen on line again with the answer unsent. Where it makes no difference,
because nothing is due or the answer arrived in time, a doubtful time becomes the time of arrival; where it does,
a person decides.
"""

import datetime as dt
from dataclasses import dataclass

FUTURE_SLACK = dt.timedelta(seconds=60)  # clocks of phones drift; the claim counts from the server's own moment
SENDING = dt.timedelta(minutes=5)  # a reload and the sending itself are contacts too: they prove nothing

NO_MOMENT = "no-moment"
EXPIRED = "moment-expired"
BEFORE = "before-the-page"
FUTURE = "in-the-future"
ON_LINE = "line-was-up"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of an answer's time; `issued_at` is None without a usable moment, and `flaw` then says why."""

    claimed_at: dt.datetime | None
    issued_at: dt.datetime | None
    received_at: dt.datetime
    due_at: dt.datetime | None = None
    seen_at: dt.datetime | None = None  # the person's last deed on line before this sending
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The time that counts, or None when a person decides; `doubt` says what is wrong with the claim, "" if nothing."""

    given_at: dt.datetime | None
    doubt: str = ""


def judge(claim: Claim) -> Verdict:
    """Return the time that counts for an answer."""
    doubt = doubt_of(claim)
    if not doubt and claim.claimed_at is not None:
        return Verdict(min(claim.claimed_at, claim.received_at))
    matters = claim.due_at is not None and claim.received_at > claim.due_at
    return Verdict(None if matters else claim.received_at, doubt)


def doubt_of(claim: Claim) -> str:
    """Return why the claimed time is not believed, or ""."""
    if claim.flaw:
        return claim.flaw
    if claim.claimed_at is None or claim.issued_at is None:
        return NO_MOMENT
    if claim.claimed_at < claim.issued_at:
        return BEFORE
    if claim.claimed_at > claim.received_at + FUTURE_SLACK:
        return FUTURE
    if claim.seen_at is not None and claim.claimed_at < claim.seen_at < claim.received_at - SENDING:
        return ON_LINE
    return ""


def bounded(
    from_at: dt.datetime,
    to_at: dt.datetime,
    *,
    issued_at: dt.datetime,
    last_at: dt.datetime | None,
    now: dt.datetime,
) -> tuple[dt.datetime, dt.datetime]:
    """Return the part of a stretch of playing that can have been: after the page and the last report, before now.

    Stretches of two films at once are given one after the other, so the second gets only what the first left.
    """
    start = max(from_at, issued_at, last_at or issued_at)
    return start, max(start, min(to_at, now))
