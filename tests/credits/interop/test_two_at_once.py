"""Two registrars at the same moment: credit comes in once."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from credits.interop import incoming
from credits.interop.models import IncomingFile, IncomingVerdict
from credits.ledger import queries
from credits.ledger.reconciliation import differences
from tests.credits.exchange.test_two_at_once import at_once
from tests.credits.interop.test_incoming import FILE, outside_house, propose, upload
from tests.factories.ledger_events import House
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("committed_database")


def prepared() -> House:
    house = outside_house()
    house.people["third"] = make_person(name="第三人", role="registrar", institution=house.home, number="R9")
    return house


def taking(house: House, file: IncomingFile, who: str) -> Callable[[], object]:
    return lambda: incoming.take_over(file_uuid=file.uuid, acting=house.actor(who))


def test_one_file_is_taken_over_once() -> None:
    house = prepared()
    file = upload(house)
    propose(house, file, "3", "1")
    deeds = [taking(house, file, who) for who in ("colleague", "third", "colleague", "third")]
    assert at_once(*deeds) == ["done", *["stale:decided-meanwhile"] * 3]
    assert sorted(lot.amount for lot in queries.lots_of(house.student.uuid)) == [Decimal(1), Decimal(3)]


def test_the_same_credit_in_two_files_comes_in_once() -> None:
    house = prepared()
    files = [upload(house), upload(house, FILE + b"\n")]
    for file in files:
        propose(house, file, "3", "1")
    deeds = [taking(house, file, "colleague") for file in files]
    assert at_once(*deeds) == ["done", "refused:imported-before"]
    assert len(queries.lots_of(house.student.uuid)) == 2
    assert IncomingVerdict.objects.count() == 1
    assert differences() == []
