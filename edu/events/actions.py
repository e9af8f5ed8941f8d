"""Recording what happened and delivering it at least once."""

import datetime as dt
import logging
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from edu.events import registry
from edu.events.models import Delivery, DeliveryStatus, Event
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 8  # with the waits below about four hours: longer than a night's restart, shorter than a working day
FIRST_WAIT_S = 2
WAIT_FACTOR = 4
LEASE_S = 120  # a handler is one transaction; ten times the slowest one seen
BATCH = 50


def record(name: str, payload: dict[str, Any], *, acting: Actor) -> Event:
    """Write an event and a waiting delivery for each subscriber; RuntimeError outside a transaction.

    The payload holds strings (uuids, amounts, times) and lists of them, never names of people.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{name} is recorded outside the transaction of its deed.")
    event = Event.objects.create(
        name=name,
        payload=payload,
        happened_at=clock.now(),
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
    )
    Delivery.objects.bulk_create(
        Delivery(event=event, subscriber=subscriber.name) for subscriber in registry.listening_to(name)
    )
    transaction.on_commit(_wake, robust=True)
    return event


def _wake() -> None:
    """Hint to the worker that something waits; beat looks anyway, so a lost hint only costs seconds."""
    from edu.events.tasks import deliver_waiting  # noqa: PLC0415  (tasks import actions)

    deliver_waiting.delay_hint()


def deliver_due(limit: int = BATCH) -> int:
    """Deliver what is due, each in its own transaction; return how many were tried."""
    tried = 0
    for delivery_id in _claim(limit):
        deliver(delivery_id)
        tried += 1
    return tried


def deliver_all(rounds_max: int = 100) -> None:
    """Deliver until nothing is due: news may cause news. For stories, tests and commands."""
    for _round in range(rounds_max):
        if not deliver_due():
            return
    raise RuntimeError("Events keep causing events.")


def _claim(limit: int) -> list[int]:
    now = timezone.now()
    with transaction.atomic():
        due = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(status=DeliveryStatus.WAITING, next_attempt_at__lte=now)
            .exclude(leased_until__gt=now)
            .order_by("event_id", "id")[:limit]
        )
        ids = [row.pk for row in due]
        Delivery.objects.filter(pk__in=ids).update(leased_until=now + dt.timedelta(seconds=LEASE_S))
    return ids


def deliver(delivery_id: int) -> bool:
    """Let one subscriber handle one event, with the delivery's own row in the same transaction; True when done."""
    delivery = Delivery.objects.select_related("event").get(pk=delivery_id)
    subscriber = registry.named(delivery.subscriber)
    try:
        with transaction.atomic():
            locked = Delivery.objects.select_for_update().get(pk=delivery_id)
            if locked.status != DeliveryStatus.WAITING:
                return locked.status == DeliveryStatus.DONE
            if subscriber is None:
                raise LookupError(f"No subscriber is called {delivery.subscriber}.")
            subscriber.handle(_happened(delivery.event))
            Delivery.objects.filter(pk=delivery_id).update(
                status=DeliveryStatus.DONE, attempts=locked.attempts + 1, done_at=timezone.now(), last_error=""
            )
    except Exception as error:
        log.exception("delivery %s of %s failed", delivery_id, delivery.event.name)
        _put_off(delivery_id, error)
        return False
    return True


def _put_off(delivery_id: int, error: Exception) -> None:
    delivery = Delivery.objects.get(pk=delivery_id)
    attempts = delivery.attempts + 1
    wait_s = FIRST_WAIT_S * WAIT_FACTOR ** (attempts - 1)
    Delivery.objects.filter(pk=delivery_id, status=DeliveryStatus.WAITING).update(
        attempts=attempts,
        status=DeliveryStatus.DEAD if attempts >= ATTEMPTS_MAX else DeliveryStatus.WAITING,
        next_attempt_at=timezone.now() + dt.timedelta(seconds=wait_s),
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:500],
    )


def revive(delivery_id: int, *, acting: Actor) -> None:
    """Give a dead delivery another round of attempts; Refusal when it is not dead."""
    if acting.role not in {"operator", "system"}:
        raise Refusal("not-operator", "Only an operator may revive a delivery.")
    moved = Delivery.objects.filter(pk=delivery_id, status=DeliveryStatus.DEAD).update(
        status=DeliveryStatus.WAITING, attempts=0, next_attempt_at=timezone.now(), leased_until=None
    )
    if moved != 1:
        raise Refusal("not-dead", "This delivery is not dead; reload the page.")


def _happened(event: Event) -> registry.Happened:
    actor = Actor(event.actor_person_uuid, event.actor_institution_uuid, event.actor_role)
    return registry.Happened(uuid=UUID(str(event.uuid)), name=event.name, payload=event.payload, actor=actor)
