"""Moments that callers send."""

import datetime as dt

from edu.kernel import clock


def aware(moment: dt.datetime) -> dt.datetime:
    """Return the moment with a time zone; one without is read as the time of this country."""
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
