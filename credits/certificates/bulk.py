"""Checking many certificates in one call: the same answers as the check page gives, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from credits.certificates import checks, queries, rules
from credits.certificates.checks import Check
from credits.certificates.models import Certificate, CertificateMove
from credits.certificates.records import Record, Unreadable
from credits.certificates.rules import Outcome
from credits.certificates.states import CertificateStatus
from edu.api.limits import Limit, take
from edu.kernel.canonical import canonical_bytes

ITEMS_MAX = 200  # a personnel office's stack; an answer stays under 500 KB
ITEMS_BY_CLIENT = Limit("certificate-bulk", times=2000, seconds=3600)
BY_NUMBER = Limit("certificate-number", times=10, seconds=3600)  # shared with the check page: names are not guessed


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of one certificate: number and name."""

    number: str
    name: str


def by_numbers(claims: Sequence[Claim]) -> list[Check | None]:
    """Check claims in three queries; None for one whose number was asked for too often, whether it exists or not."""
    plain = [rules.plain_number(claim.number) for claim in claims]
    rows = _rows(plain)
    ended = _moves(row for row in rows.values() if row.status != CertificateStatus.ISSUED)
    return [_checked(claim, number, rows, ended) for claim, number in zip(claims, plain, strict=True)]


def of_record(document: dict[str, Any]) -> Check:
    """Check a machine record; one that cannot be read is not genuine."""
    try:
        return checks.of_file(canonical_bytes(document))
    except (Unreadable, ValueError, RecursionError):
        return Check(Outcome.NOT_GENUINE)


def _rows(numbers: Iterable[str]) -> dict[str, Certificate]:
    found = queries.rows().filter(number__in=set(numbers), issued_at__isnull=False)
    return {row.number: row for row in found.exclude(status=CertificateStatus.REQUESTED)}


def _moves(rows: Iterable[Certificate]) -> dict[tuple[int, str], CertificateMove]:
    found = CertificateMove.objects.filter(subject__in=[row.pk for row in rows]).order_by("pk")
    return {(move.subject_id, move.target): move for move in found}


def _checked(
    claim: Claim, number: str, rows: dict[str, Certificate], ended: dict[tuple[int, str], CertificateMove]
) -> Check | None:
    if take(BY_NUMBER, number):
        return None
    row = rows.get(number)
    if row is None or not rules.same_name(claim.name, row.statement):
        return checks.UNKNOWN
    record = Record(statement=row.statement, signature=row.signature, key_id=row.key.key_id)
    if rules.fault_of(record, queries.key_value(row.key)):
        return Check(Outcome.UNAVAILABLE)
    move = ended.get((row.pk, row.status))
    outcome = rules.OUTCOME_OF_STATUS[CertificateStatus(row.status)]
    return Check(outcome, statement=row.statement, certificate=row, ended_at=move.happened_at if move else None)
