"""Credit that goes out and comes back, is imported, expires, is used for a degree; corrections that come too late."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credits.certificates.facts import certifiable
from credits.data import LotInfo, PostingInfo, Source
from credits.ledger import actions, awards, dated_rules, entry, exports, queries
from credits.ledger.figures import credit_recognised_by_institution
from credits.ledger.grounds import DegreeAward, LotExport, LotExportRelease, LotFlag, RuleKind
from credits.ledger.models import Lot, Posting
from credits.ledger.reconciliation import differences
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal
from tests.factories.ledger_events import PARTY, House, make_house, public_text, signed_release

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def house() -> House:
    return make_house()


def amounts(lot_uuid: UUID) -> dict[str, str]:
    return {b.account_kind: str(b.amount) for b in queries.lot(lot_uuid).balances if b.amount}


def events(name: str) -> int:
    return Event.objects.filter(name=f"credits.{name}").count()


def exported(house: House) -> LotExport:
    lot = house.lot()
    return exports.export(
        lot_uuid=lot.uuid, party_code=PARTY, reason="转学到外省", acting=house.actor("registrar")
    )  # fmt: skip


def test_exported_credit_is_out_and_only_the_recipients_release_brings_it_back(house: House) -> None:
    made = exported(house)
    lot = made.lot
    assert amounts(lot.uuid) == {"issued": "-2.00", "exported": "2.00"}
    assert (made.document["recipient"], made.document["amount"]) == (PARTY, "2.00")
    with pytest.raises(Refusal, match="credit-already-used"):
        actions.reserve(lot_uuid=lot.uuid, application_uuid=uuid4(), acting=house.actor("registrar"))
    [_mint, out] = queries.history_of(lot.uuid)
    with pytest.raises(Refusal, match="posting-irreversible"):
        actions.reverse(posting_uuid=out.uuid, source=Source("correction", uuid4()), acting=house.actor("registrar"))
    exports.take_back(
        export_uuid=made.uuid, signed=signed_release(house.key, made), acting=house.actor("host_registrar")
    )
    assert amounts(lot.uuid) == {"issued": "-2.00", "available": "2.00"}
    assert (events("lot.exported"), events("lot.returned")) == (1, 1)
    again = exports.export(lot_uuid=lot.uuid, party_code=PARTY, reason="再次转出", acting=house.actor("registrar"))
    assert again.uuid != made.uuid
    assert differences() == []


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        ("nothing", "release-unreadable"),
        ("[]", "release-unreadable"),
        ('{"release": "x", "signature": "y"}', "release-unreadable"),
        ('{"release": {"type": "a", "version": "1"}, "signature": "?"}', "release-unsigned"),
    ],
)
def test_what_is_no_release_brings_nothing_back(house: House, signed: str, code: str) -> None:
    made = exported(house)
    with pytest.raises(Refusal, match=code):
        exports.take_back(export_uuid=made.uuid, signed=signed, acting=house.actor("registrar"))
    assert amounts(made.lot.uuid)["exported"] == "2.00"
    assert not LotExportRelease.objects.exists()


def test_a_release_is_signed_by_the_key_in_force_and_names_this_export(house: House) -> None:
    made, other = exported(house), exported(house)
    registrar = house.actor("registrar")
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
    for signed, code in [
        (signed_release(stranger, made), "release-unsigned"),
        (signed_release(house.key, other), "release-of-another"),
        (signed_release(house.key, made, export_hash="0" * 64), "release-of-another"),
        (signed_release(house.key, made, type="guixue.something"), "release-of-another"),
    ]:
        with pytest.raises(Refusal, match=code):
            exports.take_back(export_uuid=made.uuid, signed=signed, acting=registrar)
    altered = json.loads(signed_release(house.key, made))
    altered["release"]["released_at"] = "2020-01-01T00:00:00.000Z"
    with pytest.raises(Refusal, match="release-unsigned"):
        exports.take_back(export_uuid=made.uuid, signed=json.dumps(altered), acting=registrar)
    exports.register_party(code=PARTY, name_zh="外省大学", public_key=public_text(stranger), acting=registrar)
    with pytest.raises(Refusal, match="release-unsigned"):  # the old key is no longer in force
        exports.take_back(export_uuid=made.uuid, signed=signed_release(house.key, made), acting=registrar)
    exports.take_back(export_uuid=made.uuid, signed=signed_release(stranger, made), acting=registrar)
    with pytest.raises(Refusal, match="released-already"):
        exports.take_back(export_uuid=made.uuid, signed=signed_release(stranger, made), acting=registrar)
    assert Posting.objects.filter(event="returned").count() == 1
    assert differences() == []


def test_exporting_needs_a_known_party_a_reason_and_a_registrar_who_sees_the_lot(house: House) -> None:
    lot = house.lot()
    registrar = house.actor("registrar")
    with pytest.raises(NotThere):
        exports.export(lot_uuid=lot.uuid, party_code="nobody", reason="x", acting=registrar)
    with pytest.raises(Refusal, match="no-reason"):
        exports.export(lot_uuid=lot.uuid, party_code=PARTY, reason=" ", acting=registrar)
    with pytest.raises(NotThere):
        exports.export(lot_uuid=lot.uuid, party_code=PARTY, reason="x", acting=make_house().actor("registrar"))
    with pytest.raises(Refusal, match="not-a-key"):
        exports.register_party(code="X", name_zh="某校", public_key="short", acting=registrar)
    assert amounts(lot.uuid)["available"] == "2.00"
    assert not LotExport.objects.exists()


def import_one(house: House, **changes: Any) -> LotInfo:
    values: dict[str, Any] = {
        "party_code": PARTY, "foreign_id": "EX-9", "holder_uuid": house.student.uuid, "unit": "credit_points",
        "amount": Decimal("3.00"), "evidence": "外校成绩单", "facts": {"course_name_zh": "外校课程"},
        "acting": house.actor("registrar"),
    }  # fmt: skip
    return entry.import_credit(**(values | changes))


def test_foreign_credit_enters_once_and_may_be_recognised_but_never_certified(house: House) -> None:
    lot = import_one(house)
    assert lot == import_one(house)  # safe to repeat
    assert amounts(lot.uuid) == {"imported": "-3.00", "available": "3.00"}
    others: list[dict[str, Any]] = [{"amount": Decimal("4.00")}, {"holder_uuid": house.people["trainee"].uuid}]
    for changes in others:
        with pytest.raises(Refusal, match="foreign-credit-is-here"):
            import_one(house, **changes)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"evidence": ""}, "no-evidence"),
        ({"foreign_id": " "}, "no-foreign-id"),
        ({"foreign_id": "EX-10", "amount": Decimal("0")}, "no-amount"),
    ]
    for changes, code in wrong:
        with pytest.raises(Refusal, match=code):
            import_one(house, **changes)
    with pytest.raises(NotThere):
        import_one(house, acting=house.actor("host_registrar"))
    with pytest.raises(Refusal, match="entered-from-elsewhere"):
        certifiable(lot.uuid)
    house.recognised(lot, "3.00")
    assert Lot.objects.filter(derived_from=None).count() == 1
    assert differences() == []


def test_a_degree_uses_everything_recognised_in_its_programme_once(house: House) -> None:
    homes = [house.recognised(house.lot()) for _ in range(40)]  # more than one posting holds
    unused = house.lot()
    award = awards.redeem(
        holder_uuid=house.student.uuid, programme_uuid=house.programme.uuid, number="D-1", awarded_on=TODAY,
        acting=house.actor("registrar"),
    )  # fmt: skip
    assert {amounts(home.uuid)["redeemed"] for home in homes} == {"2.00"}
    assert amounts(unused.uuid)["available"] == "2.00"
    assert Posting.objects.filter(event="redeemed", source_uuid=award.uuid).count() == 2
    assert credit_recognised_by_institution() == {house.home.uuid: Decimal("80.00")}  # a degree takes nothing away
    assert events("degree.awarded") == 1
    assert differences() == []


def test_what_is_no_award_uses_nothing(house: House) -> None:
    home = house.recognised(house.lot())

    def redeem(**changes: Any) -> DegreeAward:
        values: dict[str, Any] = {
            "holder_uuid": house.student.uuid, "programme_uuid": house.programme.uuid, "number": "D-1",
            "awarded_on": TODAY, "acting": house.actor("registrar"),
        }  # fmt: skip
        return awards.redeem(**(values | changes))

    wrong: list[tuple[dict[str, Any], str]] = [
        ({"number": " "}, "no-award-number"),
        ({"awarded_on": dt.date(2999, 1, 1)}, "award-in-the-future"),
        ({"programme_uuid": uuid4()}, "nothing-recognised"),
        ({"acting": house.actor("host_registrar")}, "nothing-recognised"),
    ]
    for changes, code in wrong:
        with pytest.raises(Refusal, match=code):
            redeem(**changes)
    assert amounts(home.uuid)["recognised"] == "2.00"
    assert redeem() == redeem()  # safe to repeat
    with pytest.raises(Refusal, match="award-number-used"):
        redeem(programme_uuid=uuid4())
    house.recognised(house.lot())
    with pytest.raises(Refusal, match="awarded-already"):
        redeem(number="D-2")
    assert DegreeAward.objects.count() == 1


def test_a_correction_of_redeemed_credit_changes_nothing_and_tells_both_registrars(house: House) -> None:
    lot = house.lot()
    home = house.recognised(lot)
    [mint, recognition] = queries.history_of(lot.uuid)
    awards.redeem(
        holder_uuid=house.student.uuid, programme_uuid=house.programme.uuid, number="D-1", awarded_on=TODAY,
        acting=house.actor("registrar"),
    )  # fmt: skip
    cause, host = Source("correction", uuid4()), house.actor("host_registrar")
    before = Posting.objects.count()
    for posting in (mint, recognition, mint):
        flag = awards.correct(posting_uuid=posting.uuid, source=cause, reason="成绩有误", acting=host)
        assert isinstance(flag, LotFlag)
    assert LotFlag.objects.count() == 1  # one cause, one flag
    assert (Posting.objects.count(), amounts(home.uuid)) == (before, {"converted_in": "-2.00", "redeemed": "2.00"})
    [news] = Event.objects.filter(name="credits.lot.flagged")
    assert (news.payload["host_uuid"], news.payload["home_uuid"]) == (str(house.host.uuid), str(house.home.uuid))
    awards.answer_flag(flag_uuid=flag.uuid, text="保留学位，记录在案", acting=house.actor("registrar"))
    with pytest.raises(Refusal, match="answered-already"):
        awards.answer_flag(flag_uuid=flag.uuid, text="再答", acting=house.actor("colleague"))
    with pytest.raises(Refusal, match="no-reason"):
        awards.answer_flag(flag_uuid=flag.uuid, text="", acting=host)
    with pytest.raises(NotThere):
        awards.answer_flag(flag_uuid=flag.uuid, text="x", acting=make_house().actor("registrar"))


def test_a_correction_of_credit_that_no_degree_uses_reverses_it(house: House) -> None:
    lot = house.lot()
    [mint] = queries.history_of(lot.uuid)
    made = awards.correct(
        posting_uuid=mint.uuid, source=Source("correction", uuid4()), reason="误", acting=house.actor("host_registrar")
    )
    assert isinstance(made, PostingInfo)
    assert amounts(lot.uuid) == {}
    assert not LotFlag.objects.exists()


def test_unused_credit_expires_by_the_issuers_rule_and_not_before(house: House) -> None:
    host, earned = house.actor("host_registrar"), dt.datetime(2026, 1, 31, 4, tzinfo=dt.UTC)
    with clock.at(earned):
        old, used = house.lot(), house.lot()
        house.recognised(used)
        dated_rules.set_rule(
            kind=RuleKind.EXPIRY_MONTHS,
            number=1,
            from_on=dt.date(2026, 1, 31),
            source_text="学分银行办法第九条",
            acting=host,
        )
    with clock.at(dt.datetime(2026, 2, 27, 4, tzinfo=dt.UTC)):
        assert awards.due_to_expire(house.host.uuid) == ()
        with pytest.raises(Refusal, match="not-expired-yet"):
            awards.expire(lot_uuid=old.uuid, acting=host)
    with clock.at(dt.datetime(2026, 2, 28, 4, tzinfo=dt.UTC)):  # a month after the 31st is the month's last day
        assert awards.due_to_expire(house.host.uuid) == (old.uuid,)
        with pytest.raises(NotThere):
            awards.expire(lot_uuid=old.uuid, acting=house.actor("registrar"))
        awards.expire(lot_uuid=old.uuid, acting=host)
        assert awards.due_to_expire(house.host.uuid) == ()
        with pytest.raises(Refusal, match="credit-already-used"):
            awards.expire(lot_uuid=old.uuid, acting=host)
    assert amounts(old.uuid) == {"issued": "-2.00", "expired": "2.00"}
    assert events("lot.expired") == 1
    assert differences() == []


def test_a_rule_of_the_ledger_is_dated_quoted_and_never_backdated(house: House) -> None:
    host = house.actor("host_registrar")

    def set_rule(**changes: Any) -> object:
        values: dict[str, Any] = {
            "kind": "correction_days",
            "number": 30,
            "from_on": clock.today(),
            "source_text": "校发〔2026〕8号",
        }
        return dated_rules.set_rule(**(values | changes), acting=host)

    wrong: list[tuple[dict[str, Any], str]] = [
        ({"number": 0}, "rule-out-of-range"),
        ({"number": 401}, "rule-out-of-range"),
        ({"from_on": clock.today() - dt.timedelta(days=1)}, "rule-in-the-past"),
        ({"source_text": " "}, "rule-without-source"),
    ]
    for changes, code in wrong:
        with pytest.raises(Refusal, match=code):
            set_rule(**changes)
    set_rule()
    with pytest.raises(Refusal, match="rule-that-day"):
        set_rule(number=31)
    later = clock.today() + dt.timedelta(days=400)
    set_rule(number=60, from_on=later)
    days = RuleKind.CORRECTION_DAYS
    found = [dated_rules.rule_on(house.host.uuid, days, day) for day in (clock.today(), later)]
    assert [rule.number for rule in found if rule] == [30, 60]
    assert dated_rules.rule_on(house.host.uuid, days, clock.today() - dt.timedelta(days=1)) is None
    assert len(dated_rules.rules_of(house.host.uuid)) == 2
