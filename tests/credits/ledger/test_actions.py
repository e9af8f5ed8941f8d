"""The deeds of the ledger, at their door."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from credits.data import LotInfo, RecognisedLotInfo, Source
from credits.ledger import actions, logged, queries
from credits.ledger.models import Lot, Posting
from credits.ledger.rules import AccountKind, account, moved
from credits.log import queries as log
from credits.log.commitments import commitment
from credits.log.models import LogEntry
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal
from tests.factories.ledger import REGISTRAR, minted_lot

pytestmark = pytest.mark.django_db


def balances(info: LotInfo) -> dict[str, Decimal]:
    return {row.account_kind: row.amount for row in queries.lot(info.uuid).balances}


def recognise(
    lot: LotInfo,
    *,
    converted: str = "2.00",
    unusable: str = "0.00",
    home_uuid: UUID | None = None,
    decision_uuid: UUID | None = None,
    application_uuid: UUID | None = None,
) -> RecognisedLotInfo:
    return actions.recognise(
        lot_uuid=lot.uuid,
        home_uuid=home_uuid or uuid4(),
        programme_uuid=uuid4(),
        slot_uuid=uuid4(),
        converted_amount=Decimal(converted),
        unusable_amount=Decimal(unusable),
        rule_hash="a" * 64,
        decision_uuid=decision_uuid or uuid4(),
        acting=REGISTRAR,
        application_uuid=application_uuid,
    )


def test_minting_brings_a_lot_from_its_issuer_to_its_holder() -> None:
    lot = minted_lot()
    assert balances(lot) == {"issued": Decimal("-2.00"), "available": Decimal("2.00")}
    assert lot.facts["score"] == "86"
    [event] = Event.objects.filter(name="credits.lot.minted")
    assert event.payload == {
        "lot_uuid": str(lot.uuid),
        "result_uuid": str(lot.source.uuid),
        "run_uuid": str(lot.activity_uuid),
        "person_uuid": str(lot.holder_uuid),
    }


def test_the_same_result_mints_once() -> None:
    issuer, activity, holder, source = uuid4(), uuid4(), uuid4(), Source("result", uuid4())
    first, second = (
        minted_lot(issuer_uuid=issuer, activity_uuid=activity, holder_uuid=holder, source=source) for _ in range(2)
    )
    assert first == second
    assert Posting.objects.count() == 1
    assert Event.objects.filter(name="credits.lot.minted").count() == 1


def test_another_result_cannot_mint_for_the_same_attempt() -> None:
    issuer, activity, holder = uuid4(), uuid4(), uuid4()
    minted_lot(issuer_uuid=issuer, activity_uuid=activity, holder_uuid=holder)
    with pytest.raises(Refusal, match="already-minted"):
        minted_lot(issuer_uuid=issuer, activity_uuid=activity, holder_uuid=holder)
    assert minted_lot(issuer_uuid=issuer, activity_uuid=activity, holder_uuid=holder, attempt=2).attempt == 2
    assert Lot.objects.count() == 2


def test_contact_hours_are_a_unit_and_a_holder_needs_no_student_record() -> None:
    lot = minted_lot(unit="contact_hours", amount="32.00")
    assert (lot.unit, lot.student_record_uuid) == ("contact_hours", None)
    with pytest.raises(ValueError, match="points"):
        minted_lot(unit="points")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1000000.00", "NaN"])
def test_a_lot_holds_a_positive_amount_that_fits(amount: str) -> None:
    with pytest.raises(ValueError, match=r"amount of credit|more than zero"):
        minted_lot(amount=amount)


def test_an_application_reserves_and_gives_back_and_reserves_again() -> None:
    lot, application = minted_lot(), uuid4()
    for _ in range(2):  # safe to repeat
        actions.reserve(lot_uuid=lot.uuid, application_uuid=application, acting=REGISTRAR)
    assert balances(lot)["reserved"] == Decimal("2.00")
    for _ in range(2):
        actions.release(lot_uuid=lot.uuid, application_uuid=application, acting=REGISTRAR)
    assert (balances(lot)["reserved"], balances(lot)["available"]) == (Decimal("0.00"), Decimal("2.00"))
    actions.reserve(lot_uuid=lot.uuid, application_uuid=application, acting=REGISTRAR)
    assert balances(lot)["reserved"] == Decimal("2.00")
    assert [posting.event for posting in queries.history_of(lot.uuid)] == ["minted", "reserved", "released", "reserved"]


def test_a_reserved_lot_cannot_be_reserved_by_another_application() -> None:
    lot = minted_lot()
    actions.reserve(lot_uuid=lot.uuid, application_uuid=uuid4(), acting=REGISTRAR)
    with pytest.raises(Refusal, match="credit-already-used"):
        actions.reserve(lot_uuid=lot.uuid, application_uuid=uuid4(), acting=REGISTRAR)


def test_recognition_turns_host_credit_into_home_credit_in_one_posting() -> None:
    lot, home, decision = minted_lot(amount="2.50"), uuid4(), uuid4()
    done = recognise(lot, converted="2.00", unusable="0.50", home_uuid=home, decision_uuid=decision)
    assert balances(lot) == {
        "issued": Decimal("-2.50"),
        "available": Decimal("0.00"),
        "converted_out": Decimal("2.00"),
        "unusable": Decimal("0.50"),
    }
    assert done.recognised_lot is not None
    assert balances(done.recognised_lot) == {"converted_in": Decimal("-2.00"), "recognised": Decimal("2.00")}
    assert done.recognised_lot.derived_from_uuid == lot.uuid
    assert done.recognised_lot.rule_hash == "a" * 64
    assert done.recognised_lot.facts == {"course_code": "STAT101"}  # it names its origin; the grade is the decision's
    assert done == recognise(lot, converted="2.00", unusable="0.50", home_uuid=home, decision_uuid=decision)
    assert Posting.objects.count() == 2
    totals = queries.balances_of(lot.holder_uuid)["credit_points"]
    assert totals == {"converted_out": Decimal("2.00"), "unusable": Decimal("0.50"), "recognised": Decimal("2.00")}


def test_recognition_of_a_reserved_lot_takes_what_its_application_holds() -> None:
    lot, application = minted_lot(), uuid4()
    actions.reserve(lot_uuid=lot.uuid, application_uuid=application, acting=REGISTRAR)
    with pytest.raises(Refusal, match="credit-already-used"):
        recognise(lot)
    recognise(lot, application_uuid=application)
    assert balances(lot)["reserved"] == Decimal("0.00")


def test_a_lot_is_recognised_once() -> None:
    lot = minted_lot()
    recognise(lot)
    with pytest.raises(Refusal, match="credit-already-used"):
        recognise(lot)
    assert Posting.objects.count() == 2
    assert Lot.objects.count() == 2


def test_when_nothing_is_usable_no_home_lot_is_made() -> None:
    lot = minted_lot()
    done = recognise(lot, converted="0.00", unusable="2.00")
    assert done.recognised_lot is None
    assert balances(lot)["unusable"] == Decimal("2.00")


def test_recognised_credit_is_used_for_a_degree_once_and_available_credit_may_expire() -> None:
    programme, slot, award = uuid4(), uuid4(), uuid4()
    lot, left = minted_lot(), minted_lot()
    home = actions.recognise(
        lot_uuid=lot.uuid,
        home_uuid=uuid4(),
        programme_uuid=programme,
        slot_uuid=slot,
        converted_amount=Decimal("2.00"),
        unusable_amount=Decimal("0.00"),
        rule_hash="a" * 64,
        decision_uuid=uuid4(),
        acting=REGISTRAR,
    ).recognised_lot
    assert home
    redeemed = moved(
        lot_uuid=home.uuid,
        amount=Decimal("2.00"),
        source=account(AccountKind.RECOGNISED, lot.holder_uuid, programme, slot),
        target=account(AccountKind.REDEEMED, award),
    )
    cause = Source("award", award)
    actions.post(event="redeemed", lines=redeemed, idempotency_key="once", source=cause, acting=REGISTRAR)
    with pytest.raises(Refusal, match="credit-already-used"):
        actions.post(event="redeemed", lines=redeemed, idempotency_key="twice", source=cause, acting=REGISTRAR)
    expired = moved(
        lot_uuid=left.uuid,
        amount=Decimal("2.00"),
        source=account(AccountKind.AVAILABLE, left.holder_uuid),
        target=account(AccountKind.EXPIRED, "six-years"),
    )
    policy = Source("policy", uuid4())
    actions.post(event="expired", lines=expired, idempotency_key="expiry", source=policy, acting=REGISTRAR)
    assert (balances(home)["redeemed"], balances(left)["expired"]) == (Decimal("2.00"), Decimal("2.00"))


def test_a_reversal_mirrors_its_posting_once_and_is_not_reversed() -> None:
    lot = minted_lot()
    done = recognise(lot)
    cause = Source("correction", uuid4())
    made = actions.reverse(posting_uuid=done.posting_uuid, source=cause, acting=REGISTRAR)
    assert balances(lot)["available"] == Decimal("2.00")
    assert actions.reverse(posting_uuid=done.posting_uuid, source=cause, acting=REGISTRAR) == made
    with pytest.raises(Refusal, match="posting-already-reversed"):
        actions.reverse(posting_uuid=done.posting_uuid, source=Source("correction", uuid4()), acting=REGISTRAR)
    with pytest.raises(Refusal, match="reversal-cannot-be-reversed"):
        actions.reverse(posting_uuid=made.uuid, source=cause, acting=REGISTRAR)
    assert Event.objects.filter(name="credits.posting.reversed").count() == 1
    recognise(lot)  # another decision may follow


def test_a_mint_whose_credit_has_moved_on_is_not_reversed() -> None:
    lot = minted_lot()
    recognise(lot)
    [mint, _] = queries.history_of(lot.uuid)
    before = balances(lot)
    with pytest.raises(Refusal, match="credit-already-used"):
        actions.reverse(posting_uuid=mint.uuid, source=Source("correction", uuid4()), acting=REGISTRAR)
    assert balances(lot) == before
    assert Posting.objects.count() == 2


def test_a_key_belongs_to_one_posting() -> None:
    lot, application, source = minted_lot(), uuid4(), Source("application", uuid4())
    available, reserved = account(AccountKind.AVAILABLE, lot.holder_uuid), account(AccountKind.RESERVED, application)
    lines = moved(lot_uuid=lot.uuid, amount=Decimal("1.00"), source=available, target=reserved)
    first = actions.post(event="reserved", lines=lines, idempotency_key="k", source=source, acting=REGISTRAR)
    assert actions.post(event="reserved", lines=lines, idempotency_key="k", source=source, acting=REGISTRAR) == first
    more = moved(lot_uuid=lot.uuid, amount=Decimal("0.50"), source=available, target=reserved)
    with pytest.raises(Refusal, match="key-belongs-to-another-posting"):
        actions.post(event="reserved", lines=more, idempotency_key="k", source=source, acting=REGISTRAR)


def test_an_unknown_lot_and_an_unknown_posting_are_not_there() -> None:
    with pytest.raises(NotThere):
        queries.lot(uuid4())
    with pytest.raises(NotThere):
        actions.reverse(posting_uuid=uuid4(), source=Source("correction", uuid4()), acting=REGISTRAR)
    lines = moved(
        lot_uuid=uuid4(),
        amount=Decimal("1.00"),
        source=account(AccountKind.AVAILABLE, uuid4()),
        target=account(AccountKind.RESERVED, uuid4()),
    )
    with pytest.raises(NotThere):
        actions.post(event="reserved", lines=lines, idempotency_key="k", source=Source("x", uuid4()), acting=REGISTRAR)


def test_the_time_of_a_deed_may_lie_back_but_not_ahead() -> None:
    with clock.at(dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)):
        lot = minted_lot()
    [mint] = queries.history_of(lot.uuid)
    assert mint.event_at.year == 2026
    assert mint.event_at < mint.recorded_at
    with clock.at(dt.datetime(2999, 1, 5, 8, tzinfo=dt.UTC)), pytest.raises(Refusal, match="event-in-the-future"):
        minted_lot()


def test_a_posting_is_in_the_log_with_all_that_it_says() -> None:
    lot = minted_lot(amount="2.00")
    actions.reserve(lot_uuid=lot.uuid, application_uuid=uuid4(), acting=REGISTRAR)
    subjects = list(logged.all_postings())
    assert [subject.document["event"] for subject in subjects] == ["minted", "reserved"]
    for subject in subjects:
        salt = log.entry_salt(lot.holder_uuid, subject.uuid)
        assert salt
        entry = log.entry_of("posting", subject.uuid)
        assert entry
        assert entry["commitment"] == commitment(salt, subject.document)
    document = subjects[0].document
    row = Posting.objects.get(uuid=document["uuid"])
    assert document["recorded_at"] == clock.rfc3339(row.recorded_at)
    assert document["event_at"] == clock.rfc3339(row.event_at)
    assert [line["amount"] for line in document["lines"]] == ["-2.00", "2.00"]
    assert document["lots"][str(lot.uuid)]["facts"] == lot.facts
    assert document["lots"][str(lot.uuid)]["minted_at"] == clock.rfc3339(lot.minted_at)


def test_a_posting_for_two_people_is_refused_and_leaves_no_trace() -> None:
    lots = [minted_lot(), minted_lot()]
    lines = tuple(
        line
        for lot in lots
        for line in moved(
            lot_uuid=lot.uuid,
            amount=Decimal("1.00"),
            source=account(AccountKind.AVAILABLE, lot.holder_uuid),
            target=account(AccountKind.RESERVED, "x"),
        )
    )
    with pytest.raises(Refusal) as refused:
        actions.post(
            event="reserved", lines=lines, idempotency_key="k", source=Source("application", uuid4()), acting=REGISTRAR
        )
    assert refused.value.code == "several-holders"
    assert Posting.objects.count() == 2
    assert LogEntry.objects.count() == 2
