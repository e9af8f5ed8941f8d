"""The outbox: recorded with the deed, delivered at least once, put off, given up, revived."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from edu.events import actions, registry
from edu.events.models import Delivery, DeliveryStatus, Event
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


class Listener:
    """A subscriber that notes what it hears and fails as often as told."""

    def __init__(self) -> None:
        self.heard: list[registry.Happened] = []
        self.failures = 0

    def __call__(self, happened: registry.Happened) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the other side is away")
        self.heard.append(happened)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    registry.subscribe("tests.thing.happened", name="tests.listener")(listener)
    yield listener
    registry._subscribers.pop("tests.listener")


def _due_now() -> None:
    Delivery.objects.update(next_attempt_at=timezone.now() - dt.timedelta(seconds=1), leased_until=None)


def test_what_is_recorded_is_delivered_once(listener: Listener) -> None:
    event = actions.record("tests.thing.happened", {"uuid": "1"}, acting=SYSTEM)
    actions.deliver_all()
    actions.deliver_all()
    assert [happened.uuid for happened in listener.heard] == [event.uuid]
    assert Delivery.objects.get().status == DeliveryStatus.DONE


def test_an_event_of_a_deed_that_failed_was_never_there(listener: Listener) -> None:
    @transaction.atomic
    def deed() -> None:
        actions.record("tests.thing.happened", {}, acting=SYSTEM)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    actions.deliver_all()
    assert listener.heard == []
    assert not Event.objects.exists()


def test_a_failing_subscriber_is_tried_again_later(listener: Listener) -> None:
    listener.failures = 1
    actions.record("tests.thing.happened", {}, acting=SYSTEM)
    actions.deliver_all()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.WAITING, 1)
    assert delivery.next_attempt_at > timezone.now()
    assert "the other side is away" in delivery.last_error
    _due_now()
    actions.deliver_all()
    assert len(listener.heard) == 1


def test_after_too_many_attempts_a_delivery_is_dead_until_an_operator_revives_it(listener: Listener) -> None:
    listener.failures = actions.ATTEMPTS_MAX
    actions.record("tests.thing.happened", {}, acting=SYSTEM)
    for _attempt in range(actions.ATTEMPTS_MAX):
        _due_now()
        actions.deliver_all()
    delivery = Delivery.objects.get()
    assert delivery.status == DeliveryStatus.DEAD

    stranger = Actor(person_uuid=None, institution_uuid=None, role="student")
    with pytest.raises(Refusal):
        actions.revive(delivery.pk, acting=stranger)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.DEAD

    actions.revive(delivery.pk, acting=SYSTEM)
    actions.deliver_all()
    assert len(listener.heard) == 1
    with pytest.raises(Refusal):
        actions.revive(delivery.pk, acting=SYSTEM)


def test_a_delivery_that_a_dead_worker_holds_is_taken_up_after_its_lease(listener: Listener) -> None:
    actions.record("tests.thing.happened", {}, acting=SYSTEM)
    assert actions._claim(10)  # a worker takes it and is killed
    actions.deliver_all()
    assert listener.heard == []
    Delivery.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    actions.deliver_all()
    assert len(listener.heard) == 1


def test_two_subscribers_of_one_name_are_refused(listener: Listener) -> None:
    with pytest.raises(ValueError, match=r"tests\.listener"):
        registry.subscribe("tests.other", name="tests.listener")(Listener())


def test_recording_outside_a_transaction_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="outside the transaction"):
        actions.record("tests.thing.happened", {}, acting=SYSTEM)
    assert not Event.objects.exists()
