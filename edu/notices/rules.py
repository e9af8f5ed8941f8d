"""When mail is due, and how long to wait after a failure: pure."""

import datetime as dt
from enum import StrEnum

DIGEST_FROM = dt.time(7, 30)  # before the first lesson, after the night
RETRY_FIRST_S = 15 * 60
RETRY_FACTOR = 2
RETRY_MAX_S = 24 * 3600  # a mailbox that is full for a week is asked once a day
ATTEMPTS_MAX = 6  # of a short message: about eight hours, after which it is no news any more


class MailChoice(StrEnum):
    """How somebody wants to get mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


def mail_is_due(
    choice: MailChoice, *, local_now: dt.datetime, digest_on: dt.date | None, retry_at: dt.datetime | None
) -> bool:
    """True when a person with unmailed notices gets a mail now; `local_now` is in the site's time zone.

    A digest goes out once a calendar day, from DIGEST_FROM on; after a failure nothing goes out before `retry_at`.
    """
    if choice == MailChoice.NONE or (retry_at is not None and retry_at > local_now):
        return False
    if choice == MailChoice.AT_ONCE:
        return True
    today = local_now.date()
    return local_now.timetz().replace(tzinfo=None) >= DIGEST_FROM and (digest_on is None or digest_on < today)


def wait_s(failures: int) -> int:
    """Return how long to wait after so many failures in a row."""
    return int(min(RETRY_FIRST_S * RETRY_FACTOR ** max(failures - 1, 0), RETRY_MAX_S))
