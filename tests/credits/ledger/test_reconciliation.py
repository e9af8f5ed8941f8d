"""The reconciliation finds what somebody changed who could switch the guards off."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from credits.ledger.reconciliation import CHECKS, differences
from edu.embedded.database import Cluster
from tests.factories.ledger import minted_lot


def reconcile(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reconcile_ledger", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_an_honest_ledger_is_in_order() -> None:
    minted_lot()
    status, text = reconcile()
    assert status == 0
    assert all(f"{check:38} ok" in text for check in CHECKS)
    assert "1 lots, 1 postings, 2 lines, 2 balances" in text


TAMPERINGS = {
    "balance-equals-lines": "UPDATE credits_balance SET amount = 3 WHERE NOT is_source",
    "posting-sums-to-zero": "UPDATE credits_postingline SET amount = 3 WHERE amount > 0",
    "posting-has-its-lines": "DELETE FROM credits_postingline WHERE amount > 0",
    "posting-moves-allowed": "UPDATE credits_posting SET event = 'expired'",
    "lot-equals-its-first-posting": "UPDATE credits_lot SET amount = 4",
    "guard-in-place": "SELECT 1",
    "application-privileges": "GRANT UPDATE ON credits_balance TO guixue_app",
}

GUARDS = [(f"credits_{name}", "ledger_guard") for name in ("lot", "posting", "postingline", "balance")]


@pytest.mark.parametrize("check", TAMPERINGS)
def test_a_change_behind_its_back_is_found(committed_database: str, cluster: Cluster, check: str) -> None:
    minted_lot()
    with cluster.connect(committed_database) as superuser:
        for table, trigger in GUARDS:
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        superuser.execute(TAMPERINGS[check])
        if check != "guard-in-place":
            for table, trigger in GUARDS:
                superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    status, text = reconcile("--json")
    answer: dict[str, Any] = json.loads(text)
    assert status == 1
    assert answer["ok"] is False
    assert check in {difference["check"] for difference in answer["differences"]}
    assert {difference.check for difference in differences()} >= {check}
