"""Recomputing the ledger from its posting lines, and looking whether its guards still stand.

Trusts no balance and no trigger: every invariant is asked again in plain SQL over the rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from credits.ledger.exports import fault_of_release
from credits.ledger.grounds import LotExportRelease
from credits.ledger.invariants import CHECKS

ROWS_MAX = 1000  # per check: enough to see the pattern, and a broken ledger of millions still answers


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as it must be."""

    check: str
    row: str
    says: str
    should: str


SIGNATURES = "release-signature-verifies"  # asked in Python: PostgreSQL knows no Ed25519
ALL_CHECKS = (*CHECKS, SIGNATURES)


def differences() -> list[Difference]:
    """Return every row that breaks an invariant, from one snapshot of the database; empty when all is well."""
    found: list[Difference] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # our own transaction, not one inside a test's
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for check, sql in CHECKS.items():
            cursor.execute(f"{sql} LIMIT {ROWS_MAX}")
            found.extend(Difference(check, *row) for row in cursor.fetchall())
        found.extend(_unsigned_releases())
    return found


def _unsigned_releases() -> Iterator[Difference]:
    """Verify every release again: credit that came back without its recipient's signature came back wrongly."""
    releases = LotExportRelease.objects.select_related("key", "export__party")
    for release in releases.iterator(chunk_size=ROWS_MAX):
        known = release.key if release.key.party_id == release.export.party_id else None
        public_key = known.public_key if known else ""
        if fault := fault_of_release(release.document, release.signature, public_key, release.export):
            yield Difference(SIGNATURES, f"release {release.uuid}", fault, "signed by the recipient")


def sizes() -> dict[str, int]:
    """Return how many rows were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM credits_lot), (SELECT count(*) FROM credits_posting),"
            " (SELECT count(*) FROM credits_postingline), (SELECT count(*) FROM credits_balance)"
        )
        lots, postings, lines, balances = cursor.fetchone()
    return {"lots": lots, "postings": postings, "lines": lines, "balances": balances}
