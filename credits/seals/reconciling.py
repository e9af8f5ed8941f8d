"""Recomputing every seal from the posting lines: where does what was sealed differ from what the rows say today?

Trusts neither the seal's rows nor the triggers: the tree is grown again, the log's entry opened, the guards looked at.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from credits.ledger.reconciliation import ROWS_MAX, Difference
from credits.log import commitments
from credits.log import queries as log_queries
from credits.seals import building, leaves, logged, queries, tree
from credits.seals.models import SealedPerson, TermSeal
from credits.seals.proofs import SEAL_KIND
from credits.seals.tree import Digest, SealFault

PEOPLE, TREE, LOGGED = "seal-people-equal-postings", "seal-follows-from-its-people", "seal-is-what-was-logged"
LATE, GUARDS, PRIVILEGES = "late-correction-names-its-seals", "seal-guard-in-place", "seal-application-privileges"
ALL_CHECKS = (PEOPLE, TREE, LOGGED, LATE, GUARDS, PRIVILEGES)
TABLES = ("credits_termseal", "credits_termsealwindow", "credits_sealedperson", "credits_latecorrection")

# Which corrections came after which seal, asked of the log's places and not of the rows that say so.
LATE_ROWS = """
    WITH should AS (
        SELECT r.id AS posting_id, s.id AS seal_id
        FROM credits_posting r
        JOIN credits_logentry n ON n.kind = 'posting' AND n.subject_uuid = r.uuid
        JOIN credits_posting p ON p.id = r.reverses_id
        JOIN credits_logentry e ON e.kind = 'posting' AND e.subject_uuid = p.uuid
        JOIN credits_termseal s ON e.index < s.log_size AND (n.index IS NULL OR n.index >= s.log_size)
        WHERE EXISTS (
            SELECT 1 FROM credits_postingline l
            JOIN credits_lot t ON t.id = l.lot_id
            JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id)
            LEFT JOIN credits_termsealwindow w ON w.seal_id = s.id AND w.institution_uuid = o.issuer_uuid
            WHERE l.posting_id = p.id
                AND coalesce(nullif(o.facts->>'ends_on', ''),
                    to_char(o.minted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))
                    <= to_char(coalesce(w.ends_on, s.ends_on), 'YYYY-MM-DD')))
    SELECT 'posting ' || p.uuid || ' seal ' || s.term_code,
        CASE WHEN c.id IS NULL THEN 'no reference' ELSE 'a reference' END,
        CASE WHEN w.seal_id IS NULL THEN 'none' ELSE 'a reference' END
    FROM should w
    FULL JOIN credits_latecorrection c ON c.posting_id = w.posting_id AND c.seal_id = w.seal_id
    JOIN credits_posting p ON p.id = coalesce(w.posting_id, c.posting_id)
    JOIN credits_termseal s ON s.id = coalesce(w.seal_id, c.seal_id)
    WHERE c.id IS NULL OR w.seal_id IS NULL
"""
GUARD_ROWS = """
    SELECT 'trigger ' || wanted.name || ' on ' || wanted.place, coalesce(t.tgenabled::text, 'missing'), 'always on'
    FROM (SELECT unnest(%s::text[]) AS place, 'seal_guard' AS name UNION ALL SELECT 'credits_posting', 'seal_refers')
        AS wanted
    LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgrelid = wanted.place::regclass
    WHERE t.tgenabled IS DISTINCT FROM 'A'
"""
PRIVILEGE_ROWS = """
    SELECT 'role guixue_app on ' || place, right_name, 'not granted'
    FROM unnest(%s::text[]) AS place, (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS rights(right_name)
    WHERE (right_name <> 'INSERT' OR place = 'credits_latecorrection')
        AND has_table_privilege('guixue_app', place, right_name)
"""


def differences() -> list[Difference]:
    """Return where seals differ from what the rows say today, from one snapshot; empty when all is well."""
    with transaction.atomic():
        if not connection.savepoint_ids:  # our own transaction, not one inside a test's
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = [difference for seal in queries.seals() for difference in _of_seal(seal)]
        for check, sql, parameters in (
            (LATE, LATE_ROWS, []),
            (GUARDS, GUARD_ROWS, [list(TABLES)]),
            (PRIVILEGES, PRIVILEGE_ROWS, [list(TABLES)]),
        ):
            found += _asked(check, sql, parameters)
    return found


def _of_seal(seal: TermSeal) -> Iterator[Difference]:
    rows = SealedPerson.objects.filter(seal=seal).order_by("key")
    known = {bytes(row.key): (bytes(row.lots_root), bytes(row.sums)) for row in rows.iterator(chunk_size=5_000)}
    yield from _tree_differences(seal, known)
    yield from _people_differences(seal, known)
    yield from _log_differences(seal)


def _tree_differences(seal: TermSeal, known: dict[bytes, tuple[bytes, bytes]]) -> Iterator[Difference]:
    """Grow the tree of people from their rows, and compare root, crown, sums and counts."""
    place = f"seal {seal.term_code}"
    try:
        items = [building.item_of(key, Digest(root, tree.unpacked(sums))) for key, (root, sums) in known.items()]
        crown = tree.crown_of(items)
        root = crown.root()
    except SealFault as fault:
        yield Difference(TREE, place, str(fault), "a tree")
        return
    for what, says, should in (
        ("root", bytes(seal.root).hex(), root.hash.hex()),
        ("sums", str(logged.sums_of(seal)), str(root.sums)),
        ("crown", bytes(seal.crown).hex()[:40], crown.packed().hex()[:40]),
        ("people", str(seal.person_count), str(len(items))),
    ):
        if says != should or (what == "crown" and bytes(seal.crown) != crown.packed()):
            yield Difference(TREE, f"{place} {what}", says, should)


def _people_differences(seal: TermSeal, known: dict[bytes, tuple[bytes, bytes]]) -> Iterator[Difference]:
    """Compute everybody's lots from the postings again; erased people together, since nobody knows their rows."""
    rest = dict(known)
    erased, erased_total, lots, shown = 0, tree.NOTHING, 0, 0
    for person in building.people(queries.cut_of(seal)):
        lots += len(person.documents)
        if person.salt is None:
            erased += 1
            erased_total = tree.added(erased_total, leaves.total_of(person.documents))
            continue
        found = building.placed(person, seal.uuid)
        should = (found.lots.hash, tree.packed(found.lots.sums))
        says = rest.pop(found.key, None)
        if says != should and (shown := shown + 1) <= ROWS_MAX:
            yield Difference(PEOPLE, f"seal {seal.term_code} holder {person.holder_uuid}", _said(says), _said(should))
    nobodys = tree.NOTHING
    for _root, sums in rest.values():
        nobodys = tree.added(nobodys, _sums(sums))
    if (len(rest), nobodys) != (erased, erased_total):
        place = f"seal {seal.term_code} erased people"
        yield Difference(PEOPLE, place, f"{len(rest)} people {nobodys}", f"{erased} people {erased_total}")
    if lots != seal.lot_count:
        yield Difference(PEOPLE, f"seal {seal.term_code} lots", str(seal.lot_count), str(lots))


def _log_differences(seal: TermSeal) -> Iterator[Difference]:
    """Open the log's entry with the rows of the seal."""
    entry, salt = log_queries.entry_of(SEAL_KIND, seal.uuid), logged.entry_salt_of(seal)
    says = entry["commitment"] if entry else "no entry"
    should = commitments.commitment(salt, logged.document_of(seal)) if salt else "a salt"
    if says != should:
        yield Difference(LOGGED, f"seal {seal.term_code}", should, f"{says} in the log")


def _asked(check: str, sql: str, parameters: list[Any]) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {ROWS_MAX}", parameters)
        return [Difference(check, *row) for row in cursor.fetchall()]


def _said(row: tuple[bytes, bytes] | None) -> str:
    return f"root {row[0].hex()[:16]}, sums {_sums(row[1])}" if row else "no row"


def _sums(packed: bytes) -> tree.Sums:
    try:
        return tree.unpacked(packed)
    except SealFault:
        return tree.NOTHING
