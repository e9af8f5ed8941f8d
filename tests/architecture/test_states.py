"""Every state table is whole: no status forgotten, none without a way out, none that nobody can reach."""

import importlib

import pytest

from edu.kernel.states import StateTable
from tests.architecture.sources import ROOT, files


def _tables() -> list[StateTable[str]]:
    found = []
    for path in files(".py"):
        if path.name == "states.py" and "kernel" not in path.parts:
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found += [value for value in vars(module).values() if isinstance(value, StateTable)]
    return found


TABLES = _tables()


def test_there_are_tables_to_look_at() -> None:
    assert len(TABLES) >= 5


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_names_every_status(table: StateTable[str]) -> None:
    statuses = set(type(table.initial))  # type: ignore[call-overload]
    assert set(table.moves) == statuses


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_status_can_be_reached(table: StateTable[str]) -> None:
    reached, frontier = {table.initial}, [table.initial]
    while frontier:
        for target in table.moves[frontier.pop()] - reached:
            reached.add(target)
            frontier.append(target)
    assert reached == set(table.moves)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_status_leads_to_an_end_or_to_work(table: StateTable[str]) -> None:
    assert all(status in table.final() or table.moves[status] for status in table.moves)
