"""Sealed terms: a house whose universities have a term and a rule for corrections, and days to stand on."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

from credits.data import LotInfo, Source
from credits.ledger import actions as ledger
from credits.ledger import dated_rules
from credits.log import sequencer
from credits.seals import actions
from credits.seals.models import TermSeal
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from tests.factories.institutions import make_term
from tests.factories.ledger_events import House, make_house

TERM, NEXT_TERM = "2024-2025-1", "2024-2025-2"
STARTS_ON, ENDS_ON = dt.date(2024, 9, 1), dt.date(2025, 1, 20)
NEXT_STARTS_ON, NEXT_ENDS_ON = dt.date(2025, 2, 20), dt.date(2025, 7, 10)
DAYS = 30
SOURCE = "《桂林电子科技大学成绩管理办法》第二十一条：开学后三十日内可申请成绩复核"


def noon(day: dt.date) -> dt.datetime:
    """Noon of a day in Nanning."""
    return dt.datetime.combine(day, dt.time(12), clock.SHANGHAI)


IN_TERM, IN_WINDOW, AFTER = noon(dt.date(2024, 12, 1)), noon(dt.date(2025, 2, 19)), noon(dt.date(2025, 2, 20))
IN_NEXT_TERM, AFTER_NEXT = noon(dt.date(2025, 5, 1)), noon(dt.date(2025, 8, 10))


def make_sealing_house(*, rules: bool = True) -> House:
    """Host and home with two terms; both have said, before the first ended, how long corrections are made."""
    house = make_house()
    for institution in (house.host, house.home):
        with_terms(institution)
    if rules:
        for name in ("host_registrar", "registrar"):
            with_rule(house.actor(name))
    return house


def with_terms(institution: Institution) -> None:
    """Give an institution the two terms."""
    make_term(institution=institution, code=TERM, starts_on=STARTS_ON, ends_on=ENDS_ON)
    make_term(institution=institution, code=NEXT_TERM, starts_on=NEXT_STARTS_ON, ends_on=NEXT_ENDS_ON)


def with_rule(registrar: Actor, days: int = DAYS) -> None:
    """Let a registrar set the rule for corrections, in the first term."""
    with clock.at(noon(dt.date(2024, 10, 1))):
        dated_rules.set_rule(
            kind="correction_days", number=days, from_on=dt.date(2024, 10, 1), source_text=SOURCE, acting=registrar
        )


def earned(
    house: House,
    holder_uuid: UUID | None = None,
    *,
    amount: str = "2.00",
    at: dt.datetime = IN_TERM,
    unit: str = "credit_points",
    name: str = "数据会说话",
) -> LotInfo:
    """Credit of the host, entered at a moment."""
    with clock.at(at):
        return ledger.mint(
            issuer_uuid=house.host.uuid,
            activity_uuid=uuid4(),
            holder_uuid=holder_uuid or house.student.uuid,
            student_record_uuid=None,
            attempt=1,
            unit=unit,
            amount=Decimal(amount),
            source=Source("result", uuid4()),
            facts={"course_code": "STAT101", "course_name_zh": name, "score": "86"},
            acting=SYSTEM,
        )


def recognised(house: House, lot: LotInfo, at: dt.datetime = IN_TERM) -> LotInfo:
    """The lot that the home recognised from another."""
    with clock.at(at):
        return house.recognised(lot, str(lot.amount))


def seal(term: str = TERM, at: dt.datetime = AFTER) -> TermSeal:
    """Let the log place what waits, and seal a term."""
    sequencer.sequence()
    with clock.at(at):
        made = actions.seal_term(term_code=term, acting=SYSTEM)
    sequencer.sequence()
    return made
