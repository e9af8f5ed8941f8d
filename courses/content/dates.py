"""Moments as courses write them down, read as the blocks themselves read them."""

import datetime as dt

from xblock.fields import DateTime

_BLOCKS_OWN = DateTime()


def moment_of(text: object) -> dt.datetime | None:
    """Return the moment that a course names, or None where it names none.

    Without a zone it is UTC, as in every block: a problem closes by its own reading, and whoever reads the same date
    for the grade, for the offline queue or for a page has to mean the same moment.
    """
    try:
        moment = _BLOCKS_OWN.from_json(str(text)) if text else None
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if isinstance(moment, dt.datetime) else None
