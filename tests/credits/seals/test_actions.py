"""Sealing a term: what it holds, when it is refused, and what a second run makes."""

import pytest

from credits.seals import proofs, proving
from credits.seals.leaves import named
from tests.factories.seals import earned, make_sealing_house, recognised, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log_dir")]


def test_main_line() -> None:
    house = make_sealing_house()
    lot = earned(house)
    recognised(house, lot)
    made = seal()
    sealed = proving.sealed_of(made, house.student.uuid)
    found = proofs.check(proving.proof_of_lot(sealed, lot.uuid))
    assert named(found.total) == {"entered": "2.00", "recognised": "2.00", "contact_hours": "0.00"}
    assert found.logged
