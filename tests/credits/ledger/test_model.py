"""Random deeds against a model in plain Python: what one allows the other allows, and the balances stay equal."""

import os
import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest

from credits.data import LotInfo, Source
from credits.ledger import actions, queries
from credits.ledger.models import Balance
from credits.ledger.reconciliation import differences
from edu.kernel.errors import Refusal
from tests.factories.ledger import REGISTRAR

OPERATIONS = int(os.environ.get("GUIXUE_MODEL_OPERATIONS", "10000"))  # the long run, by hand: 1000000
PEOPLE, HOSTS, RUNS, APPLICATIONS = 6, 2, 5, 8  # few, so that deeds meet each other

Where = tuple[str, str]


@dataclass
class Ledger:
    """The reference: lots as dictionaries of where their amount is. No database, no locks, no SQL."""

    lots: dict[UUID, dict[Where, Decimal]] = field(default_factory=dict)
    minted: dict[tuple[UUID, UUID, UUID], UUID] = field(default_factory=dict)
    holder: dict[UUID, UUID] = field(default_factory=dict)
    postings: list[tuple[UUID, list[tuple[UUID, Where, Decimal]]]] = field(default_factory=list)
    undone: set[UUID] = field(default_factory=set)

    def amount(self, lot: UUID, where: Where) -> Decimal:
        return self.lots.get(lot, {}).get(where, Decimal(0))

    def apply(self, posting: UUID, lines: list[tuple[UUID, Where, Decimal]]) -> None:
        for lot, where, amount in lines:
            places = self.lots.setdefault(lot, defaultdict(Decimal))
            places[where] = places.get(where, Decimal(0)) + amount
        self.postings.append((posting, lines))

    def would_break(self, lines: list[tuple[UUID, Where, Decimal]]) -> bool:
        return any(
            where[0] not in ("issued", "converted_in") and self.amount(lot, where) + amount < 0
            for lot, where, amount in lines
        )


class Deeds:
    """Draws deeds and does each of them in the model and in the ledger."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.model = Ledger()
        self.people = [self.uuid() for _ in range(PEOPLE)]
        self.hosts = [self.uuid() for _ in range(HOSTS)]
        self.runs = [self.uuid() for _ in range(RUNS)]
        self.applications = [self.uuid() for _ in range(APPLICATIONS)]
        self.refused = 0

    def uuid(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)

    def step(self) -> None:
        deeds = [self.mint, self.mint, self.reserve, self.release, self.recognise, self.recognise, self.reverse]
        self.draw.choice(deeds)()

    def lot(self) -> UUID | None:
        return self.draw.choice(list(self.model.lots)) if self.model.lots else None

    def mint(self) -> None:
        names = self.draw.choice(self.hosts), self.draw.choice(self.runs), self.draw.choice(self.people)
        # Few people and runs fill up soon: now and then a new run keeps the ledger growing.
        if self.draw.random() < 0.5:
            names = names[0], self.uuid(), names[2]
        amount = Decimal(self.draw.randrange(50, 600)) / 100

        def deed() -> LotInfo:
            return actions.mint(
                issuer_uuid=names[0],
                activity_uuid=names[1],
                holder_uuid=names[2],
                student_record_uuid=None,
                attempt=1,
                unit="credit_points",
                amount=amount,
                source=Source("result", self.uuid()),
                facts={},
                acting=REGISTRAR,
            )

        if names in self.model.minted:
            with pytest.raises(Refusal, match="already-minted"):
                deed()
            self.refused += 1
            return
        lot = deed()
        self.model.minted[names] = lot.uuid
        self.model.holder[lot.uuid] = names[2]
        self.applied(lot.uuid, -1)

    def reserve(self) -> None:
        if (lot := self.lot()) is None:
            return
        application = self.draw.choice(self.applications)
        held = self.model.amount(lot, ("reserved", str(application)))
        available = self.model.amount(lot, ("available", str(self.model.holder[lot])))
        may = held > 0 or available > 0
        if self.tried(may, lambda: actions.reserve(lot_uuid=lot, application_uuid=application, acting=REGISTRAR)):
            self.applied(lot, -1) if not held else None

    def release(self) -> None:
        if (lot := self.lot()) is None:
            return
        application = self.draw.choice(self.applications)
        held = self.model.amount(lot, ("reserved", str(application)))
        actions.release(lot_uuid=lot, application_uuid=application, acting=REGISTRAR)
        if held:
            self.applied(lot, -1)

    def recognise(self) -> None:
        if (lot := self.lot()) is None:
            return
        available = self.model.amount(lot, ("available", str(self.model.holder[lot])))
        share = Decimal(self.draw.choice(["0", "0", "0.25", "1"]))
        done = []

        def deed() -> None:
            done.append(
                actions.recognise(
                    lot_uuid=lot,
                    home_uuid=self.draw.choice(self.hosts),
                    programme_uuid=self.uuid(),
                    slot_uuid=self.uuid(),
                    converted_amount=Decimal(self.draw.choice(["0.00", "1.00", "2.50"])),
                    unusable_amount=(available * share).quantize(Decimal("0.01")),
                    rule_hash="a" * 64,
                    decision_uuid=self.uuid(),
                    acting=REGISTRAR,
                )
            )

        if self.tried(available > 0, deed):
            if home := done[0].recognised_lot:
                self.model.holder[home.uuid] = self.model.holder[lot]
            self.applied(lot, -1)

    def reverse(self) -> None:
        if not self.model.postings:
            return
        posting, lines = self.draw.choice(self.model.postings)
        mirror = [(lot, where, -amount) for lot, where, amount in lines]
        may = posting not in self.model.undone and not self.model.would_break(mirror)
        cause = Source("correction", self.uuid())
        if self.tried(may, lambda: actions.reverse(posting_uuid=posting, source=cause, acting=REGISTRAR)):
            self.model.undone.add(posting)
            made = self.applied(lines[0][0], -1)
            self.model.undone.add(made)  # a reversal is never reversed

    def tried(self, may: bool, deed: object) -> bool:
        """Do the deed in the ledger; it must be refused exactly when the model says so."""
        try:
            deed()  # type: ignore[operator]
        except Refusal:
            assert not may
            self.refused += 1
            return False
        assert may
        return True

    def applied(self, lot: UUID, which: int) -> UUID:
        """Take what the ledger posted last on a lot into the model, and check that it balances there."""
        posting = queries.history_of(lot)[which]
        lines = [(line.lot_uuid, (line.account_kind, line.account_owner), line.amount) for line in posting.lines]
        assert not self.model.would_break(lines)
        self.model.apply(posting.uuid, lines)
        return posting.uuid


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_random_deeds_agree_with_the_model(seed: int, committed_database: str) -> None:
    deeds = Deeds(seed)
    for _ in range(OPERATIONS // 2):
        deeds.step()
    rows = Balance.objects.values_list("lot__uuid", "account__kind", "account__owner", "amount")
    there = {(lot, (kind, owner)): amount for lot, kind, owner, amount in rows if amount}
    here = {
        (lot, where): amount for lot, places in deeds.model.lots.items() for where, amount in places.items() if amount
    }
    assert there == here
    assert deeds.refused > OPERATIONS // 40  # refusals were really tried
    assert differences() == []
