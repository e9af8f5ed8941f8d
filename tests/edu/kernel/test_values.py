import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
import rfc8785

from edu.kernel import canonical, clock, credit, periods


@pytest.mark.reference
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_canonical_json_agrees_with_the_published_vectors(reference_data: Path, name: str) -> None:
    folder = reference_data / "jcs"
    source = next(folder.rglob(f"input/{name}.json"))
    expected = next(folder.rglob(f"output/{name}.json"))
    assert rfc8785.dumps(json.loads(source.read_text("utf-8"))) == expected.read_bytes().rstrip(b"\n")


def test_canonical_bytes_sort_keys_and_keep_text() -> None:
    document = {"version": "1", "type": "t", "学分": "2.00"}
    assert canonical.canonical_bytes(document) == '{"type":"t","version":"1","学分":"2.00"}'.encode()


@pytest.mark.parametrize("leaf", [2, 2.0, None, True, Decimal("2.00")])
def test_canonical_bytes_refuse_what_is_not_text(leaf: object) -> None:
    with pytest.raises(ValueError, match="not a string"):
        canonical.canonical_bytes({"type": "t", "version": "1", "amount": leaf})


def test_canonical_bytes_refuse_a_document_without_type() -> None:
    with pytest.raises(ValueError, match="type and a version"):
        canonical.canonical_bytes({"version": "1"})


@pytest.mark.parametrize("value", [1.5, "-1", "1.005", "NaN", "Infinity", "1000000", "两"])
def test_what_is_no_amount_of_credit_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"Credit|credit|decimal"):
        credit.credit_points(value)  # type: ignore[arg-type]


def test_amounts_keep_two_places() -> None:
    assert credit.canonical(credit.credit_points("2")) == "2.00"
    assert credit.round_to_step(Decimal("2.25"), Decimal("0.5")) == Decimal("2.50")
    assert credit.round_to_step(Decimal("2.24"), Decimal("0.5")) == Decimal("2.00")


def test_the_clock_can_be_set_for_a_block_and_no_longer() -> None:
    moment = dt.datetime(2026, 9, 1, 17, 30, tzinfo=dt.UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today() == dt.date(2026, 9, 2)  # half past one in the night of Nanning
    assert clock.now() > moment


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(dt.datetime(2026, 9, 1)):
        pass


def test_production_refuses_to_set_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_may_be_set", True)
    clock.forbid_setting()
    with pytest.raises(clock.ClockIsReal), clock.at(dt.datetime(2026, 9, 1, tzinfo=dt.UTC)):
        pass


def test_times_in_signed_bytes_are_utc_with_milliseconds() -> None:
    moment = dt.datetime(2026, 11, 23, 8, 0, 0, 123999, tzinfo=clock.SHANGHAI)
    assert clock.rfc3339(moment) == "2026-11-23T00:00:00.123Z"


def test_periods_know_their_days() -> None:
    known_by_year = periods.year(2017)
    assert dt.date(2017, 12, 31) in known_by_year
    assert dt.date(2018, 1, 1) not in known_by_year
    assert known_by_year.overlaps(periods.Period(dt.date(2017, 12, 31), None))
    assert not known_by_year.overlaps(periods.Period(dt.date(2018, 1, 1), None))
    with pytest.raises(ValueError, match="cannot end"):
        periods.Period(dt.date(2018, 1, 2), dt.date(2018, 1, 1))
