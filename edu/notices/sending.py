"""Short messages on their way: each claimed, handed to its driver, and kept waiting while the driver is away."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from edu.kernel import clock
from edu.notices.drivers import Message, NotTaken, driver_for
from edu.notices.models import Sending, SendingStatus
from edu.notices.queries import line
from edu.notices.rules import ATTEMPTS_MAX, wait_s

BATCH = 100


def send_waiting() -> int:
    """Try what is due and return how many messages a driver took."""
    due = Sending.objects.filter(status=SendingStatus.WAITING, next_attempt_at__lte=clock.now())
    return sum(_try(pk) for pk in list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _try(sending_id: int) -> int:
    rows = Sending.objects.select_for_update(of=("self",), skip_locked=True).select_related("notice__person")
    row = rows.filter(pk=sending_id, status=SendingStatus.WAITING).first()
    if row is None:
        return 0
    driver = driver_for(row.channel)
    to = row.notice.person.phone if row.channel == "sms" else str(row.notice.person.uuid)
    if driver is None or not to or row.notice.read_at is not None:
        _end(row, SendingStatus.DROPPED, "channel-off" if driver is None else "no-need")
        return 0
    try:
        driver.send(_message(row, to))
    except NotTaken as refusal:
        _again_or_never(row, refusal)
        return 0
    _end(row, SendingStatus.SENT, "")
    return 1


def _message(row: Sending, to: str) -> Message:
    person = row.notice.person
    with override(person.language):
        told = line(row.notice)
    url = str(settings.GUIXUE_BASE_URL).rstrip("/") + told.url if told.url else ""
    return Message(str(row.uuid), row.channel, to, person.language, told.text, url)


def _again_or_never(row: Sending, refusal: NotTaken) -> None:
    attempts = row.attempts + 1
    if refusal.final or attempts >= ATTEMPTS_MAX:
        _end(row, SendingStatus.DROPPED, refusal.code)
        return
    next_at = clock.now() + dt.timedelta(seconds=wait_s(attempts))
    Sending.objects.filter(pk=row.pk).update(attempts=attempts, next_attempt_at=next_at, last_error=refusal.code)


def _end(row: Sending, status: Any, code: str) -> None:
    Sending.objects.filter(pk=row.pk).update(
        status=status, attempts=row.attempts + 1, last_error=code, done_at=clock.now()
    )
