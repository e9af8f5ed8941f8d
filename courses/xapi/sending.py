"""Learning records to their stores: announced by the outbox in batches, sent in the background, swept when sent."""

import base64
import datetime as dt
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction

from courses import events
from courses.xapi import passwords
from courses.xapi.describing import of_traces
from courses.xapi.models import RecordStore, Trace
from courses.xapi.rules import VERSION
from courses.xapi.states import StoreStatus
from edu.api import outgoing
from edu.api.outgoing import Answer, NoAnswer
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import SYSTEM

BATCH = 200  # a statement has about a kilobyte; stores take requests of a megabyte
KEPT = dt.timedelta(days=30)  # how long a sent trace is kept, to answer questions of the store's keeper


def announce_waiting() -> int:
    """Hand what waits to the outbox, a batch for each store; return how many traces. Safe to run twice."""
    total = 0
    for store in RecordStore.objects.filter(status=StoreStatus.ACTIVE.value).order_by("pk"):
        while announced := _announce(store):
            total += announced
            if announced < BATCH:
                break
    return total


@transaction.atomic
def _announce(store: RecordStore) -> int:
    waiting = Trace.objects.select_for_update(skip_locked=True).filter(store=store, announced_at__isnull=True)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        Trace.objects.filter(pk__in=ids).update(announced_at=clock.now())
        payload = {"store_uuid": str(store.uuid), "traces": [str(one) for one in ids]}
        record(events.RECORDS_TO_SEND, payload, acting=SYSTEM)
    return len(ids)


def send(store_uuid: UUID, trace_ids: Iterable[str]) -> None:
    """Send a batch; NoAnswer when the store does not take it, so that the outbox tries again.

    Nothing is sent once the store is closed, nor twice. A store that has some of the statements already (its answer
    was lost) is asked one by one.
    """
    store = RecordStore.objects.filter(uuid=store_uuid, status=StoreStatus.ACTIVE.value).first()
    rows = Trace.objects.select_related("person", "run__course__institution")
    waiting = list(rows.filter(pk__in=[int(one) for one in trace_ids], sent_at__isnull=True).order_by("pk"))
    if store is None or not waiting:
        return
    statements = of_traces(waiting)
    answer = _ask(store, "POST", "", statements)
    if answer.status == 409:
        for one in statements:
            _require_taken(_ask(store, "PUT", f"?{urlencode({'statementId': one['id']})}", one), also=409)
    else:
        _require_taken(answer)
    Trace.objects.filter(pk__in=[row.pk for row in waiting]).update(sent_at=clock.now())


def forget_sent() -> int:
    """Delete traces that were sent a month ago; return how many."""
    deleted, _each = Trace.objects.filter(sent_at__lt=clock.now() - KEPT).delete()
    return deleted


def _ask(store: RecordStore, method: str, query: str, said: Any) -> Answer:
    password = passwords.read(store.uuid)
    if password is None:
        raise NoAnswer("The password of the record store is not in the key folder.")
    credentials = base64.b64encode(f"{store.username}:{password}".encode()).decode()
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": VERSION,
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return outgoing.ask(f"{store.endpoint}/statements{query}", method=method, body=body, headers=headers)


def _require_taken(answer: Answer, *, also: int = 0) -> None:
    if not 200 <= answer.status < 300 and answer.status != also:
        raise NoAnswer(f"The record store answers {answer.status}.")
