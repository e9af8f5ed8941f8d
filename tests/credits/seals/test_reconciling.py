"""What somebody changed who could switch the guards off: the ledger's rows or the seal's, it is found and named."""

import json
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger.logged import all_postings
from credits.log import keys
from credits.log.subjects import keepers
from credits.seals.models import TermSeal
from credits.seals.reconciling import TABLES, differences
from edu.embedded.database import Cluster
from edu.kernel.actor import SYSTEM
from tests.factories.people import make_person
from tests.factories.seals import AFTER_NEXT, NEXT_TERM, earned, make_sealing_house, recognised, seal

TAMPERINGS = {
    "a posting line": (
        "UPDATE credits_postingline SET amount = sign(amount) * 3", "seal-people-equal-postings", "credits_postingline",
    ),
    "a lot": ("UPDATE credits_lot SET amount = 9", "seal-people-equal-postings", "credits_lot"),
    "whose a lot is": (
        "UPDATE credits_lot SET holder_uuid = (SELECT max(holder_uuid::text)::uuid FROM credits_lot)",
        "seal-people-equal-postings", "credits_lot",
    ),
    "a sealed person": (
        "UPDATE credits_sealedperson SET sums = repeat(E'\\\\001', 24)::bytea WHERE id = 1 OR true",
        "seal-follows-from-its-people", "credits_sealedperson",
    ),
    "a sealed person gone": (
        "DELETE FROM credits_sealedperson WHERE id = (SELECT min(id) FROM credits_sealedperson)",
        "seal-follows-from-its-people", "credits_sealedperson",
    ),
    "the root": ("UPDATE credits_termseal SET root = sha256('x')", "seal-is-what-was-logged", "credits_termseal"),
    "the sums": ("UPDATE credits_termseal SET entered = 99", "seal-is-what-was-logged", "credits_termseal"),
    "the crown": (
        "UPDATE credits_termseal SET crown = crown || 'x'", "seal-follows-from-its-people", "credits_termseal",
    ),
    "the cut": (
        "UPDATE credits_termseal SET log_size = log_size - 2", "seal-people-equal-postings", "credits_termseal",
    ),
    "the window": (
        "UPDATE credits_termsealwindow SET closed_on = closed_on + 1", "seal-is-what-was-logged",
        "credits_termsealwindow",
    ),
    "a correction's reference": (
        "DELETE FROM credits_latecorrection", "late-correction-names-its-seals", "credits_latecorrection",
    ),
}  # fmt: skip


def sealed_and_corrected() -> TermSeal:
    house = make_sealing_house()
    lot = earned(house)
    earned(house, make_person().uuid, amount="4.00")
    recognised(house, lot)
    made = seal()
    posting = next(one for one in all_postings() if one.document["event"] == "recognised")
    ledger.reverse(posting_uuid=posting.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    return made


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_change_behind_its_back_is_found(
    committed_database: str, cluster: Cluster, settings: Settings, what: str
) -> None:
    keys.make()
    sealed_and_corrected()
    assert differences() == []
    sql, check, table = TAMPERINGS[what]
    with cluster.connect(committed_database) as superuser:
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        superuser.execute(sql)
        superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    found = {difference.check for difference in differences()}
    assert check in found
    assert "seal-guard-in-place" in found or not table.startswith("credits_termseal")  # ENABLE alone is not ALWAYS


def test_the_command_says_where_a_seal_differs(committed_database: str, cluster: Cluster) -> None:
    keys.make()
    made = sealed_and_corrected()
    with cluster.connect(committed_database) as superuser:
        superuser.execute("ALTER TABLE credits_termseal DISABLE TRIGGER USER")
        superuser.execute("UPDATE credits_termseal SET entered = 99")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("reconcile_ledger", "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    rows = {row["row"] for row in answer["differences"] if row["check"] == "seal-follows-from-its-people"}
    assert f"seal {made.term_code} sums" in rows
    assert "seal-is-what-was-logged" in answer["checks"]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_changes_no_row(log_dir: object, table: str, deed: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table))


@pytest.mark.django_db
def test_the_application_writes_no_reference_of_its_own(log_dir: object) -> None:
    made = sealed_and_corrected()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO credits_latecorrection (posting_id, seal_id) SELECT max(id), %s FROM credits_posting",
            [made.pk],
        )


@pytest.mark.django_db
def test_every_seal_can_be_opened_by_the_monitor(log_dir: object) -> None:
    house = make_sealing_house()
    earned(house)
    made, after = seal(), seal(NEXT_TERM, AFTER_NEXT)
    documents = {subject.uuid: subject.document for subject in keepers()["seal"]()}
    assert {uuid: document["root"] for uuid, document in documents.items()} == {
        one.uuid: bytes(one.root).hex() for one in (made, after)
    }
