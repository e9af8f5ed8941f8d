"""What the database itself refuses, whoever asks: the application, the migration role, a superuser, a replica."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import errors

from credits.ledger import exports, openings
from credits.ledger.invariants import GROUNDS
from credits.ledger.models import SOURCE_KIND_VALUES
from credits.ledger.rules import IRREVERSIBLE, MOVES
from edu.embedded.database import Cluster
from tests.factories.ledger import minted_lot
from tests.factories.ledger_events import GOOD, PARTY, make_house, opening_sheet

TABLES = ["credits_lot", "credits_account", "credits_posting", "credits_postingline", "credits_balance"]
TABLES += [f"credits_{name}" for name in GROUNDS]
CHANGES = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
REFUSED = (errors.InsufficientPrivilege, errors.RestrictViolation)

Connect = Callable[..., psycopg.Connection]


@pytest.fixture
def connect(committed_database: str, cluster: Cluster) -> Iterator[Connect]:
    """A database of its own with one lot, reached as any of the roles."""
    minted_lot()
    opened: list[psycopg.Connection] = []

    def open_as(role: str, *, replica: bool = False) -> psycopg.Connection:
        connection = cluster.connect(committed_database, role=role)
        connection.autocommit = False
        opened.append(connection)
        if replica:
            connection.execute("SET session_replication_role = replica")
        return connection

    yield open_as
    for connection in opened:
        connection.close()


def everything(connection: psycopg.Connection) -> list[object]:
    return [connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES]


@pytest.mark.parametrize(
    ("role", "replica"),
    [("application", False), ("migration", False), ("superuser", False), ("superuser", True)],
    ids=["application", "migration", "superuser", "superuser as replica"],
)
def test_nobody_changes_deletes_or_truncates(connect: Connect, role: str, replica: bool) -> None:
    connection = connect(role, replica=replica)
    before = everything(connection)
    connection.commit()
    for table in TABLES:
        for change in CHANGES:
            with pytest.raises(REFUSED):
                connection.execute(change.format(table))
            connection.rollback()
    assert everything(connection) == before


def test_only_the_trigger_writes_balances(connect: Connect) -> None:
    insert = (
        "INSERT INTO credits_balance (lot_id, account_id, is_source, amount, version)"
        " SELECT id, (SELECT min(id) FROM credits_account), false, 5, 1 FROM credits_lot"
    )
    for role, replica, refusal in [
        ("application", False, errors.InsufficientPrivilege),
        ("migration", False, errors.RestrictViolation),
        ("superuser", True, errors.RestrictViolation),
    ]:
        connection = connect(role, replica=replica)
        with pytest.raises(refusal):
            connection.execute(insert)
        connection.rollback()


def test_the_application_cannot_become_the_owner_or_switch_triggers_off(connect: Connect) -> None:
    connection = connect("application")
    for attack in [
        "SET ROLE guixue_owner",
        "SET session_replication_role = replica",
        "ALTER TABLE credits_posting DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_guard ON credits_lot",
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "ALTER TABLE credits_balance DROP CONSTRAINT balance_has_its_sign",
    ]:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(attack)
        connection.rollback()


POSTING = """
    INSERT INTO credits_posting (uuid, event, idempotency_key, line_count, source_kind, source_uuid, reverses_id,
        actor_role, event_at)
    VALUES (gen_random_uuid(), %s, gen_random_uuid()::text, %s, 'test', gen_random_uuid(), %s, 'x', {event_at})
    RETURNING id
"""
LINE = """
    INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)
    SELECT %s, k.id, t.id, %s FROM credits_account k, credits_lot t
    WHERE k.kind = %s AND t.id = (SELECT min(id) FROM credits_lot) ORDER BY k.id LIMIT 1
"""


def posting(
    connection: psycopg.Connection,
    event: str,
    *lines: tuple[str, str],
    count: int | None = None,
    reverses: int | None = None,
    event_at: str = "now()",
) -> int:
    """Write a posting with plain INSERTs, as somebody would who went round our code."""
    kinds = {kind for kind, _ in lines}
    for kind in kinds:
        connection.execute(
            "INSERT INTO credits_account (kind, owner) VALUES (%s, 'somebody') ON CONFLICT DO NOTHING", [kind]
        )
    row = connection.execute(POSTING.format(event_at=event_at), [event, count or len(lines), reverses]).fetchone()
    assert row
    for kind, amount in lines:
        connection.execute(LINE, [row[0], amount, kind])
    return int(row[0])


def refused(connection: psycopg.Connection, constraint: str, *arguments: object, **more: object) -> None:
    """The posting is refused by this constraint, at the latest at its commit."""

    def write_and_commit() -> None:
        posting(connection, *arguments, **more)  # type: ignore[arg-type]
        connection.commit()

    with pytest.raises(errors.IntegrityError) as caught:
        write_and_commit()
    connection.rollback()
    assert caught.value.diag.constraint_name == constraint


OUT, IN = ("available", "-1.00"), ("reserved", "1.00")


@pytest.mark.parametrize("role", ["application", "migration", "superuser"])
def test_a_posting_is_balanced_complete_and_goes_the_allowed_way(connect: Connect, role: str) -> None:
    connection = connect(role)
    refused(connection, "posting_balanced", "reserved", OUT, ("reserved", "0.99"))
    refused(connection, "posting_has_its_lines", "reserved", OUT, IN, count=3)
    refused(connection, "posting_has_its_lines", "reserved", count=2)
    refused(connection, "posting_has_lines", "reserved", OUT)
    refused(connection, "posting_moves_allowed", "redeemed", OUT, IN)
    refused(connection, "posting_event_known", "gift", OUT, IN)
    refused(connection, "posting_line_not_zero", "reserved", OUT, ("reserved", "0.00"))
    refused(connection, "posting_line_is_number", "reserved", OUT, ("reserved", "NaN"))
    refused(connection, "posting_line_once", "reserved", OUT, OUT, ("reserved", "2.00"))
    posting(connection, "reserved", OUT, IN)
    connection.commit()


def test_no_balance_goes_below_zero_and_no_source_above(connect: Connect) -> None:
    connection = connect("application")
    refused(connection, "balance_has_its_sign", "reserved", ("available", "-2.01"), ("reserved", "2.01"))
    refused(connection, "balance_has_its_sign", "released", ("reserved", "-0.01"), ("available", "0.01"))
    mint = connection.execute("SELECT id FROM credits_posting").fetchone()
    assert mint
    refused(connection, "posting_mirrors", "reversed", ("issued", "1.00"), ("available", "-1.00"), reverses=mint[0])
    refused(
        connection, "balance_has_its_sign", "reversed", ("issued", "2.01"), ("available", "-2.01"), reverses=mint[0]
    )


def test_a_lot_enters_once_and_no_more_than_it_holds(connect: Connect) -> None:
    connection = connect("superuser")
    refused(connection, "lot_enters_once", "minted", ("issued", "-0.01"), ("available", "0.01"))


@pytest.mark.parametrize("role", ["application", "migration", "superuser"])
def test_an_event_without_its_ground_is_refused(connect: Connect, role: str) -> None:
    """Nobody posts a degree, an expiry, a handing over, a release, an import or an opening that nothing allows."""
    connection = connect(role)
    for event, source, target in [
        ("expired", "available", "expired"),
        ("exported", "available", "exported"),
    ]:
        refused(connection, "posting_has_its_ground", event, (source, "-1.00"), (target, "1.00"))
    for event, source in [("imported", "imported"), ("opened", "opening")]:
        refused(connection, "posting_has_its_ground", event, (source, "-1.00"), ("available", "1.00"))
    refused(connection, "posting_has_its_ground", "opened", ("opening", "-1.00"), ("recognised", "1.00"))


def test_what_others_rely_on_is_not_reversed_not_even_by_hand(committed_database: str, connect: Connect) -> None:
    house = make_house()
    exported = house.lot()
    exports.export(lot_uuid=exported.uuid, party_code=PARTY, reason="x", acting=house.actor("registrar"))
    connection = connect("superuser", replica=True)
    for (out,) in connection.execute("SELECT id FROM credits_posting WHERE event = 'exported'").fetchall():
        back = ("available", "2.00"), ("exported", "-2.00")
        refused(connection, "posting_irreversible", "reversed", *back, reverses=out)
    refused(connection, "balance_has_its_sign", "returned", ("exported", "-2.00"), ("available", "2.00"))


def test_who_uploaded_a_list_does_not_confirm_it_not_even_by_hand(connect: Connect) -> None:
    house = make_house()
    kept = openings.upload(opening_sheet(GOOD), file_name="x.xlsx", acting=house.actor("registrar"))
    verdict = (
        "INSERT INTO credits_openingverdict (uuid, opening_id, confirmed, reason, actor_person_uuid,"
        " actor_institution_uuid, actor_role, happened_at) SELECT gen_random_uuid(), id, true, '', {person},"
        " {institution}, 'registrar', now() FROM credits_openinglist"
    )
    row = (
        "INSERT INTO credits_openingrow (uuid, opening_id, number, holder_uuid, unit, amount, course_code, course_name,"
        " grade, earned_on, evidence, activity_uuid) SELECT gen_random_uuid(), id, 99, gen_random_uuid(),"
        " 'contact_hours', 5, '', 'x', '', now(), 'x', gen_random_uuid() FROM credits_openinglist"
    )
    for role, replica in [("application", False), ("migration", False), ("superuser", True)]:
        connection = connect(role, replica=replica)
        for person, institution in [
            ("actor_person_uuid", "institution_uuid"),
            ("NULL", "institution_uuid"),
            ("gen_random_uuid()", "gen_random_uuid()"),  # somebody of another institution
        ]:
            with pytest.raises(errors.CheckViolation) as caught:
                connection.execute(verdict.format(person=person, institution=institution))
            connection.rollback()
            assert caught.value.diag.constraint_name == "opening_confirmed_by_another"
    assert kept.opening_uuid
    openings.confirm(opening_uuid=kept.opening_uuid, acting=house.actor("colleague"))
    with pytest.raises(errors.CheckViolation) as caught:
        connect("superuser", replica=True).execute(row)
    assert caught.value.diag.constraint_name == "opening_list_is_decided"


def test_recognised_credit_stays_with_its_holder(connect: Connect) -> None:
    connection = connect("application")
    with pytest.raises(errors.CheckViolation) as caught:
        connection.execute(
            "INSERT INTO credits_lot (uuid, issuer_uuid, activity_uuid, holder_uuid, attempt, unit, amount, rule_hash,"
            " source_kind, source_uuid, facts, minted_at, derived_from_id) SELECT gen_random_uuid(), issuer_uuid,"
            " gen_random_uuid(), gen_random_uuid(), 1, unit, 1, '', 'result', gen_random_uuid(), '{}', now(), id"
            " FROM credits_lot"
        )
    assert caught.value.diag.constraint_name == "lot_derived_stays_with_holder"


def test_a_posting_is_reversed_once_and_a_reversal_never(connect: Connect) -> None:
    connection = connect("application")
    first = posting(connection, "reserved", OUT, IN)
    connection.commit()
    back = ("available", "1.00"), ("reserved", "-1.00")
    reversal = posting(connection, "reversed", *back, reverses=first)
    connection.commit()
    refused(connection, "credits_posting_reverses_id_key", "reversed", *back, reverses=first)
    refused(connection, "posting_reversal_of_reversal", "reversed", OUT, IN, reverses=reversal)
    refused(connection, "posting_reversal_names_another", "reversed", OUT, IN)
    refused(connection, "posting_reversal_names_another", "reserved", OUT, IN, reverses=first)


def test_a_finished_posting_takes_no_more_lines(connect: Connect) -> None:
    connection = connect("superuser", replica=True)
    with pytest.raises(errors.CheckViolation) as caught:
        connection.execute(
            "INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)"
            " SELECT p.id, k.id, t.id, 1 FROM credits_posting p, credits_account k, credits_lot t"
            " WHERE k.kind = 'available' ON CONFLICT DO NOTHING;"
            "INSERT INTO credits_account (kind, owner) VALUES ('reserved', 'me');"
            "INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)"
            " SELECT p.id, k.id, t.id, 1 FROM credits_posting p, credits_account k, credits_lot t"
            " WHERE k.kind = 'reserved'"
        )
    assert caught.value.diag.constraint_name == "posting_is_finished"


def test_the_record_time_is_the_databases_and_no_event_lies_ahead_of_it(connect: Connect) -> None:
    connection = connect("application")
    refused(connection, "posting_event_before_record", "reserved", OUT, IN, event_at="now() + interval '1 minute'")
    forged = posting(connection, "reserved", OUT, IN, event_at="now() - interval '1 day'")
    connection.commit()
    times = connection.execute(
        "SELECT recorded_at > now() - interval '1 minute', event_at < recorded_at FROM credits_posting WHERE id = %s",
        [forged],
    ).fetchone()
    assert times == (True, True)


def test_a_lot_is_minted_once_and_holds_a_number(connect: Connect) -> None:
    connection = connect("application")
    copy = (
        "INSERT INTO credits_lot (uuid, issuer_uuid, activity_uuid, holder_uuid, attempt, unit, amount, rule_hash,"
        " source_kind, source_uuid, facts, minted_at) SELECT gen_random_uuid(), issuer_uuid, activity_uuid,"
        " holder_uuid, attempt + %s, %s, %s, '', 'result', gen_random_uuid(), '{}', now() FROM credits_lot"
    )
    for values, constraint in [
        ((0, "credit_points", "1.00"), "lot_minted_once"),
        ((1, "stars", "1.00"), "lot_unit_known"),
        ((1, "credit_points", "0.00"), "lot_amount_positive"),
        ((1, "credit_points", "NaN"), "lot_amount_is_number"),
    ]:
        with pytest.raises(errors.IntegrityError) as caught:
            connection.execute(copy, values)
        connection.rollback()
        assert caught.value.diag.constraint_name == constraint


def test_python_and_the_database_know_the_same_moves_and_sources(connect: Connect) -> None:
    connection = connect("application")
    there = set(connection.execute("SELECT event, comes_in, kind FROM ledger_allowed_moves()").fetchall())
    here = {
        (event.value, comes_in, kind.value)
        for event, (sources, targets) in MOVES.items()
        for comes_in, kinds in ((False, sources), (True, targets))
        for kind in kinds
    }
    assert there == here
    assert {row[0] for row in connection.execute("SELECT * FROM ledger_irreversible()")} == set(IRREVERSIBLE)
    body = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'ledger_move_balances'").fetchone()
    assert body
    assert "IN (" + ", ".join(f"'{kind}'" for kind in SOURCE_KIND_VALUES) + ")" in body[0]


def test_the_application_is_what_it_should_be(connect: Connect) -> None:
    roles = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND NOT rolsuper AND NOT rolcreaterole"
    assert connect("application").execute(roles).fetchall() == [("guixue_app",)]
