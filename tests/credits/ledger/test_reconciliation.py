"""The reconciliation finds what somebody changed who could switch the guards off."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from credits.ledger import awards, exports, openings
from credits.ledger.invariants import GROUNDS
from credits.ledger.reconciliation import ALL_CHECKS, differences
from edu.embedded.database import Cluster
from tests.factories.ledger import minted_lot
from tests.factories.ledger_events import GOOD, PARTY, make_house, opening_sheet, signed_release


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
    assert all(f"{check:46} ok" in text for check in ALL_CHECKS)
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

EVENT_TAMPERINGS = {
    "exported-equals-what-is-out": "UPDATE credits_lotexport SET amount = 1",
    "release-signature-verifies": "UPDATE credits_lotexportrelease SET signature = 'AAAA'",
    "event-has-its-ground": "UPDATE credits_posting SET source_uuid = gen_random_uuid() WHERE event = 'opened'",
    "ground-was-posted": "UPDATE credits_posting SET source_uuid = gen_random_uuid() WHERE event = 'redeemed'",
    "opening-confirmed-by-another": "UPDATE credits_openingverdict v SET actor_person_uuid = o.actor_person_uuid"
    " FROM credits_openinglist o",
    "foreign-credit-once": "DROP INDEX lot_foreign_id_once_per_issuer;"
    " UPDATE credits_lot SET foreign_id = 'X', issuer_uuid = '00000000-0000-4000-8000-000000000000'",
    "lot-recognised-at-home-stays-with-its-holder": "UPDATE credits_lot SET holder_uuid = gen_random_uuid()"
    " WHERE derived_from_id IS NOT NULL",
    "lot-enters-once": "UPDATE credits_lot SET amount = 0.5 WHERE derived_from_id IS NOT NULL",
}
GROUND_GUARDS = [(f"credits_{name}", "ledger_guard") for name in GROUNDS]

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


@pytest.mark.parametrize("check", EVENT_TAMPERINGS)
def test_a_changed_ground_is_found(committed_database: str, cluster: Cluster, check: str) -> None:
    house = make_house()
    out = exports.export(
        lot_uuid=house.lot().uuid, party_code=PARTY, reason="转学", acting=house.actor("registrar")
    )  # fmt: skip
    exports.take_back(export_uuid=out.uuid, signed=signed_release(house.key, out), acting=house.actor("registrar"))
    kept = openings.upload(opening_sheet(GOOD), file_name="x.xlsx", acting=house.actor("registrar"))
    assert kept.opening_uuid
    openings.confirm(opening_uuid=kept.opening_uuid, acting=house.actor("colleague"))
    house.recognised(house.lot())
    awards.redeem(
        holder_uuid=house.student.uuid, programme_uuid=house.programme.uuid, number="D-1",
        awarded_on=dt.date(2026, 6, 30), acting=house.actor("registrar"),
    )  # fmt: skip
    assert differences() == []
    with cluster.connect(committed_database) as superuser:
        for table, trigger in (*GUARDS, *GROUND_GUARDS):
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        superuser.execute(EVENT_TAMPERINGS[check])
    found = {difference.check for difference in differences()}
    assert check in found
    assert "guard-in-place" in found
