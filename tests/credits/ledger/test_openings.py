"""Credit from before this system: a list with an error for each row, uploaded by one, confirmed by another."""

from decimal import Decimal

import pytest

from credits.certificates.facts import certifiable
from credits.ledger import openings, queries
from credits.ledger.grounds import OpeningList, OpeningVerdict
from credits.ledger.models import Lot, Posting
from credits.ledger.reconciliation import differences
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.ledger_events import GOOD, HOURS, House, changed, make_house, opening_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def upload(house: House, *rows: list[str]) -> openings.Checked:
    return openings.upload(opening_sheet(*rows), file_name="历史学分.xlsx", acting=house.actor("registrar"))


def test_one_uploads_another_confirms_and_the_credit_counts_but_is_never_certified(house: House) -> None:
    checked = upload(house, GOOD, HOURS)
    assert checked.problems == ()
    assert checked.opening_uuid
    assert not Lot.objects.exists()
    with pytest.raises(NotPermitted, match="own-list"):
        openings.confirm(opening_uuid=checked.opening_uuid, acting=house.actor("registrar"))
    with pytest.raises(NotThere):
        openings.confirm(opening_uuid=checked.opening_uuid, acting=house.actor("host_registrar"))
    assert not Posting.objects.exists()
    assert openings.confirm(opening_uuid=checked.opening_uuid, acting=house.actor("colleague")) == 2
    totals = queries.balances_of(house.student.uuid)
    assert totals == {"credit_points": {"recognised": Decimal("3.00")}}
    trainee = queries.lots_of(house.people["trainee"].uuid)
    assert [(lot.unit, lot.amount, lot.student_record_uuid) for lot in trainee] == [
        ("contact_hours", Decimal("24.00"), None)
    ]
    [lot] = queries.lots_of(house.student.uuid)
    assert (lot.facts["evidence"], lot.facts["course_name_zh"]) == ("档案 2024-17 第3页", "中国近代史")
    for one in (lot, *trainee):
        with pytest.raises(Refusal, match="entered-from-elsewhere"):
            certifiable(one.uuid)
    with pytest.raises(Stale, match="decided-meanwhile"):
        openings.confirm(opening_uuid=checked.opening_uuid, acting=house.actor("colleague"))
    assert differences() == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (changed(GOOD, c0="999"), "number"),
        (changed(GOOD, c3="XX"), "slot_code"),
        (changed(GOOD, c1="071201", c2="1999"), "slot_code"),
        (changed(GOOD, c5=""), "course_name"),
        (changed(GOOD, c6="0"), "amount"),
        (changed(GOOD, c6="1.005"), "amount"),
        (changed(GOOD, c7="分"), "unit"),
        (changed(GOOD, c9="2999-01-01"), "earned_on"),
        (changed(GOOD, c9="去年"), "earned_on"),
        (changed(GOOD, c10=""), "evidence"),
        (changed(HOURS, c3="GE"), "slot_code"),
        (changed(GOOD, c8="9" * 21), "grade"),
    ],
)
def test_each_wrong_cell_is_named_with_its_row_and_nothing_is_kept(house: House, row: list[str], column: str) -> None:
    checked = upload(house, GOOD, row)
    assert [(problem.row, problem.column) for problem in checked.problems] == [(3, column)]
    assert not OpeningList.objects.exists()


def test_the_same_line_twice_is_one_achievement(house: House) -> None:
    checked = upload(house, GOOD, GOOD)
    assert [(problem.row, problem.column) for problem in checked.problems] == [(3, "evidence")]
    first = upload(house, GOOD).opening_uuid
    second = upload(house, GOOD, changed(GOOD, c5="另一门", c4="HIS2")).opening_uuid  # waits beside the first
    assert first
    assert second
    colleague = house.actor("colleague")
    openings.confirm(opening_uuid=first, acting=colleague)
    with pytest.raises(Refusal, match="opened-already"):
        openings.confirm(opening_uuid=second, acting=colleague)
    assert Lot.objects.count() == 1  # all or none
    assert OpeningVerdict.objects.count() == 1
    assert [problem.row for problem in upload(house, GOOD).problems] == [2]
    openings.discard(opening_uuid=second, reason="与第一份重复", acting=house.actor("registrar"))
    with pytest.raises(Stale):
        openings.confirm(opening_uuid=second, acting=colleague)


def test_discarding_needs_a_reason_and_posts_nothing(house: House) -> None:
    uuid = upload(house, GOOD).opening_uuid
    assert uuid
    with pytest.raises(Refusal, match="no-reason"):
        openings.discard(opening_uuid=uuid, reason="", acting=house.actor("colleague"))
    openings.discard(opening_uuid=uuid, reason="依据不足", acting=house.actor("colleague"))
    assert not Posting.objects.exists()


def test_only_a_registrar_uploads(house: House) -> None:
    with pytest.raises(NotThere):
        openings.upload(opening_sheet(GOOD), file_name="x.xlsx", acting=house.actor("trainee"))
