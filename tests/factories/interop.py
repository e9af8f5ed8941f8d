"""A student with one credit and its recognition; a whole record in neutral words, every field filled."""

import dataclasses
import datetime as dt
from typing import Any

from credits.interop.record import Achievement, HolderFacts, Recognition, Record
from tests.factories.ledger_events import House, make_house

MADE_AT = dt.datetime(2026, 11, 23, 7, 8, 9, 123000, tzinfo=dt.UTC)
OTHERS = {"unit": ("credit_points", "contact_hours"), "scale": ("percent", "five_level")}
AMOUNTS = {"amount", "amount_original", "contact_hours", "available"}
DAYS = {"starts_on", "ends_on", "recognised_on"}
UUIDS = {"uuid", "original_uuid"}


def value_of(name: str, number: int = 0) -> str:
    """Return a value that fits a field; another for each number."""
    if name in OTHERS:
        return OTHERS[name][number]
    if name in AMOUNTS:
        return f"{number + 2}.50"
    if name in DAYS:
        return f"2026-0{number + 3}-01"
    if name in UUIDS:
        return f"0000000{number}-0000-4000-8000-{sum(map(ord, name)):012d}"
    if name == "certified_at":
        return f"2026-11-2{number}T08:00:00.000Z"
    return f"{name}-{number}"


def filled(kind: type, **other: str) -> Any:
    """Return a part of a record in which every field has a value."""
    return kind(**{field.name: value_of(field.name) for field in dataclasses.fields(kind)} | other)


def whole_record() -> Record:
    """Return a record with one of each, every field filled."""
    return Record(
        uuid="00000000-0000-4000-8000-0000000000aa",
        made_at=MADE_AT,
        holder=filled(HolderFacts),
        achievements=(filled(Achievement),),
        recognitions=(filled(Recognition),),
    )


def other_record(path: str) -> Record:
    """Return the same record with another value in one field."""
    record, (part, name) = whole_record(), path.split(".")
    other = {name: value_of(name, 1)}
    if part == "holder":
        return dataclasses.replace(record, holder=dataclasses.replace(record.holder, **other))
    where = f"{part}s"
    [row] = getattr(record, where)
    changed: dict[str, Any] = {where: (dataclasses.replace(row, **other),)}
    return dataclasses.replace(record, **changed)


def studied_house() -> House:
    """Return a house whose student holds two credits, of which one is recognised at home."""
    house = make_house()
    house.recognised(house.lot())
    house.lot("3.00")
    return house
