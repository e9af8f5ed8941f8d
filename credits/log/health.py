"""What ails the log, for its operator: said on the page /log/ and by log_health."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credits.log import keys, queries, rows, sequencer
from credits.log.models import LogEntry, Witness
from edu.kernel import clock
from edu.kernel.errors import Refusal

LATE_AFTER = dt.timedelta(minutes=15)  # a witness is asked every few seconds; a quarter of an hour is no hiccup
WAITING_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that the operator has to look at."""

    code: str
    message: Any


def ailments() -> list[Ailment]:
    """Return what keeps the log from going on, and who is late; empty when all is well."""
    found = []
    try:
        sequencer.require_fit()
    except Refusal as refusal:
        found.append(Ailment(refusal.code, refusal.message))
    if not keys.signing().exists():
        message = _("The log has no signing keys. The operator has to run make_log_keys.")
        found.append(Ailment("log-keys-missing", message))
    return [*found, *_waiting(), *_late()]


def _waiting() -> list[Ailment]:
    waiting = LogEntry.objects.filter(index=None, recorded_at__lt=clock.now() - WAITING_AFTER).count()
    if not waiting:
        return []
    message = ngettext(
        "%(count)s entry has been waiting for its place for more than a minute. Is the worker running?",
        "%(count)s entries have been waiting for their place for more than a minute. Is the worker running?",
        waiting,
    )
    return [Ailment("entries-waiting", message % {"count": waiting})]


def _late() -> list[Ailment]:
    row = rows.latest()
    if row is None or row.signed_at > clock.now() - LATE_AFTER:
        return []
    found = []
    for witness in Witness.objects.filter(to_at=None).exclude(cosignatures__checkpoint=row).order_by("name"):
        message = _("The witness %(name)s has not cosigned the newest checkpoint. %(error)s")
        found.append(Ailment("witness-late", message % {"name": witness.name, "error": witness.last_error}))
    if not queries.policy().met_by(rows.with_cosignatures(row)):
        message = _("Fewer witnesses than %(quorum)s have cosigned the newest checkpoint.")
        found.append(Ailment("quorum-not-met", message % {"quorum": settings.GUIXUE_LOG_QUORUM}))
    return found
