"""The tamper matrix (credits.md §9): whoever changes what was logged is refused, or found within one checkpoint."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import errors
from pytest_django.fixtures import Settings

from credits.log import monitoring, sequencer
from credits.log.models import LogEntry
from edu.embedded.database import Cluster
from tests.factories.ledger import minted_lot
from tests.factories.log import make_log

ROLES = [("application", False), ("migration", False), ("superuser", False), ("superuser", True)]
IDS = ["application", "migration", "superuser", "superuser as replica"]
REFUSED = (errors.InsufficientPrivilege, errors.RestrictViolation)
TABLES = ["logentry", "checkpoint", "cosignature", "witness", "logkey", "saltrecord", "ownersalt"]
STATEMENTS = [
    "UPDATE credits_logentry SET entry = 'x'",
    "UPDATE credits_logentry SET index = index + 10",
    "UPDATE credits_logentry SET index = NULL",
    "UPDATE credits_logentry SET subject_uuid = gen_random_uuid()",
    "UPDATE credits_logentry SET owner_uuid = gen_random_uuid()",
    "UPDATE credits_checkpoint SET root = 'x'",
    "UPDATE credits_cosignature SET line = 'x'",
    "UPDATE credits_logkey SET public_key = 'x'",
    "UPDATE credits_ownersalt SET salt = 'x'",
    "DELETE FROM credits_ownersalt",
    "UPDATE credits_saltrecord SET made_at = now(), erased_at = now()",
]

Connect = Callable[..., psycopg.Connection]


@pytest.fixture
def connect(committed_database: str, cluster: Cluster, settings: Settings, tmp_path: Path) -> Iterator[Connect]:
    """A database of its own with three logged postings, reached as any of the roles."""
    make_log(settings, tmp_path)
    for _lot in range(3):
        minted_lot()
    sequencer.sequence()
    opened: list[psycopg.Connection] = []

    def open_as(role: str, *, replica: bool = False) -> psycopg.Connection:
        one = cluster.connect(committed_database, role=role)
        opened.append(one)
        if replica:
            one.execute("SET session_replication_role = replica")
        return one

    yield open_as
    for one in opened:
        one.close()


def found() -> set[tuple[str, str]]:
    return {(finding.code, finding.place) for finding in monitoring.findings()}


@pytest.mark.parametrize(("role", "replica"), ROLES, ids=IDS)
def test_nobody_changes_or_deletes_what_was_logged(connect: Connect, role: str, replica: bool) -> None:
    database = connect(role, replica=replica)
    deletes = [f"DELETE FROM credits_{table}" for table in ("logentry", "checkpoint", "logkey", "saltrecord")]
    truncates = [f"TRUNCATE credits_{table} CASCADE" for table in TABLES]
    for statement in STATEMENTS + deletes + truncates:
        with pytest.raises(REFUSED):
            database.execute(statement)
    assert found() == set()


@pytest.mark.parametrize(("role", "replica"), ROLES, ids=IDS)
def test_nobody_gives_a_place_that_leaves_a_gap(connect: Connect, role: str, replica: bool) -> None:
    minted_lot()
    database = connect(role, replica=replica)
    with pytest.raises(errors.CheckViolation):
        database.execute("UPDATE credits_logentry SET index = 7 WHERE index IS NULL")
    with pytest.raises(errors.CheckViolation):
        database.execute(
            "INSERT INTO credits_logentry (kind, subject_uuid, owner_uuid, entry, index)"
            " VALUES ('seal', gen_random_uuid(), gen_random_uuid(), 'x', 3)"
        )
    with pytest.raises(errors.CheckViolation):
        database.execute("INSERT INTO credits_logentry (kind, entry, index) VALUES ('seal', 'x', 9)")


def unguarded(connect: Connect, table: str, *statements: str) -> None:
    """Do as a superuser who first switches the guards off, and on again."""
    database = connect("superuser")
    database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        database.execute(statement)
    for (name,) in database.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
    ).fetchall():
        database.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"')


def test_a_superusers_changed_posting_is_found_and_named(connect: Connect) -> None:
    unguarded(
        connect,
        "credits_postingline",
        "UPDATE credits_postingline SET amount = amount * 2 WHERE posting_id = (SELECT min(id) FROM credits_posting)",
    )
    uuid = LogEntry.objects.get(index=0).subject_uuid
    assert [(f.code, f.place, f.detail) for f in monitoring.findings()] == [
        ("document-differs", "index 0", f"posting {uuid}")
    ]


def test_a_superusers_changed_grade_is_found(connect: Connect) -> None:
    unguarded(
        connect,
        "credits_lot",
        """UPDATE credits_lot SET facts = facts || '{"score": "100"}' WHERE id = (SELECT max(id) FROM credits_lot)""",
    )
    assert found() == {("document-differs", "index 2")}


def test_a_superusers_deleted_posting_is_found(connect: Connect) -> None:
    for table in ("credits_postingline", "credits_posting"):
        column = "posting_id" if table == "credits_postingline" else "id"
        unguarded(connect, table, f"DELETE FROM {table} WHERE {column} = (SELECT max({column}) FROM {table})")
    assert found() == {("subject-missing", "index 2")}


def test_a_superusers_changed_entry_is_found(connect: Connect) -> None:
    unguarded(connect, "credits_logentry", "UPDATE credits_logentry SET entry = entry || ' '::bytea WHERE index = 1")
    assert ("entry-differs", "index 1") in found()


def test_a_superusers_added_posting_without_an_entry_is_found(connect: Connect) -> None:
    unguarded(connect, "credits_logentry", "DELETE FROM credits_logentry WHERE index = 2")
    assert {code for code, _place in found()} == {"log-behind", "entry-missing", "not-in-the-log"}


def test_a_guard_that_was_switched_off_is_found(connect: Connect) -> None:
    connect("superuser").execute("ALTER TABLE credits_logentry ENABLE TRIGGER log_guard")
    assert found() == {("guard-off", "credits_logentry log_guard")}


def test_the_monitor_asks_for_every_guard_of_the_migration(connect: Connect) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname LIKE 'log\\_%%' AND NOT t.tgisinternal"
        )
        assert set(cursor.fetchall()) == set(monitoring.WANTED)


@pytest.mark.parametrize("name", ["tile/0/000.p/3", "tile/entries/000.p/3", "checkpoint"])
def test_an_edited_file_is_found(connect: Connect, settings: Settings, name: str) -> None:
    file = Path(settings.GUIXUE_LOG_DIR) / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert found()
