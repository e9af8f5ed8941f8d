"""Random deeds of the ledger beside a plain Python model: the seal says what the model says, lot by lot."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger import queries as ledger_queries
from credits.seals import leaves, proofs, proving
from credits.seals.reconciling import differences
from edu.kernel.actor import SYSTEM
from tests.factories.ledger_events import House
from tests.factories.people import make_person
from tests.factories.seals import IN_NEXT_TERM, IN_TERM, earned, make_sealing_house, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log_dir")]
DEEDS = 40


@dataclass
class Held:
    """What the model knows of one lot."""

    holder: UUID
    amount: Decimal
    in_term: bool
    hours: bool
    minted: bool = True
    reserved: UUID | None = None
    home: UUID | None = None  # the home's lot, while it stands
    recognition: UUID | None = None  # its posting
    homes: list[UUID] = field(default_factory=list)  # every home's lot there ever was


class Twin:
    """The ledger and the model, moved together."""

    def __init__(self, house: House, draw: random.Random) -> None:
        self.house, self.draw = house, draw
        self.people = [house.student.uuid, *(make_person().uuid for _ in range(3))]
        self.lots: dict[UUID, Held] = {}

    def mint(self) -> None:
        in_term, hours = self.draw.random() < 0.8, self.draw.random() < 0.2
        amount, holder = Decimal(self.draw.randint(1, 900)) / 100, self.draw.choice(self.people)
        unit = "contact_hours" if hours else "credit_points"
        at = IN_TERM if in_term else IN_NEXT_TERM
        made = earned(self.house, holder, amount=f"{amount:.2f}", at=at, unit=unit)
        self.lots[made.uuid] = Held(holder, amount, in_term, hours)

    def reserve(self) -> None:
        if found := self._any(lambda held: held.minted and not held.reserved and not held.home):
            application = self.lots[found].reserved = uuid4()
            ledger.reserve(lot_uuid=found, application_uuid=application, acting=SYSTEM)

    def release(self) -> None:
        if found := self._any(lambda held: held.reserved is not None):
            application = self.lots[found].reserved
            assert application
            ledger.release(lot_uuid=found, application_uuid=application, acting=SYSTEM)
            self.lots[found].reserved = None

    def recognise(self) -> None:
        found = self._any(lambda held: held.minted and not held.reserved and not held.home and not held.hours)
        if found:
            held = self.lots[found]
            done = ledger.recognise(
                lot_uuid=found, home_uuid=self.house.home.uuid, programme_uuid=self.house.programme.uuid,
                slot_uuid=self.house.slot.uuid, converted_amount=held.amount, unusable_amount=Decimal(0),
                rule_hash="a" * 64, decision_uuid=uuid4(), acting=SYSTEM,
            )  # fmt: skip
            assert done.recognised_lot
            held.home, held.recognition = done.recognised_lot.uuid, done.posting_uuid
            held.homes.append(done.recognised_lot.uuid)

    def undo(self) -> None:
        if found := self._any(lambda held: held.recognition is not None):
            held = self.lots[found]
            assert held.recognition
            ledger.reverse(posting_uuid=held.recognition, source=Source("correction", uuid4()), acting=SYSTEM)
            held.home = held.recognition = None

    def annul(self) -> None:
        if found := self._any(lambda held: held.minted and not held.reserved and not held.home):
            minted = next(one for one in ledger_queries.history_of(found) if one.event == "minted")
            ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
            self.lots[found].minted = False

    def _any(self, wanted: Callable[[Held], bool]) -> UUID | None:
        found = [uuid for uuid, held in self.lots.items() if wanted(held)]
        return self.draw.choice(found) if found else None

    def total(self, holder: UUID) -> dict[str, str]:
        """The sums of a person as the model has them."""
        mine = [held for held in self.lots.values() if held.holder == holder and held.in_term and held.minted]
        points = [held for held in mine if not held.hours]
        return {
            "entered": f"{sum((h.amount for h in points), Decimal(0)):.2f}",
            "recognised": f"{sum((h.amount for h in points if h.home), Decimal(0)):.2f}",
            "contact_hours": f"{sum((h.amount for h in mine if h.hours), Decimal(0)):.2f}",
        }


@pytest.mark.parametrize("seed", range(4))
def test_the_seal_says_what_the_model_says(seed: int) -> None:
    draw = random.Random(seed)
    twin = Twin(make_sealing_house(), draw)
    deeds = [twin.mint, twin.mint, twin.reserve, twin.release, twin.recognise, twin.recognise, twin.undo, twin.annul]
    for _ in range(DEEDS):
        draw.choice(deeds)()
    made = seal()
    sealed_lots = [held for held in twin.lots.values() if held.in_term]
    assert made.lot_count == len(sealed_lots)
    assert made.person_count == len({held.holder for held in sealed_lots})
    for holder in {held.holder for held in twin.lots.values()}:
        sealed = proving.sealed_of(made, holder)
        assert leaves.named(proofs.check(proving.proof_of_all(sealed)).total) == twin.total(holder)
    for uuid, held in twin.lots.items():
        found = proofs.check(proving.proof_of_lot(proving.sealed_of(made, held.holder), uuid))
        assert found.absent == (() if held.in_term else (str(uuid),))
        for leaf in found.leaves:
            assert [one["lot"] for one in leaf["recognitions"]] == [str(home) for home in held.homes]
            assert [one["lot"] for one in leaves.standing(leaf)] == ([str(held.home)] if held.home else [])
    assert differences() == []
