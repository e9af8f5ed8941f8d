"""Writes the lines of a batch: who gets which certificate, and which numbers lead to nobody."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses import api as courses
from credits.batches.models import Batch, BatchLine
from credits.batches.rules import LINES_MAX, Scope
from credits.batches.states import BATCH_MOVES, BatchStatus, LineStatus
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate
from credits.certificates.states import LIVE
from credits.ledger import queries as ledger
from edu.events.history import move
from edu.institutions import api as institutions
from edu.kernel.actor import SYSTEM
from edu.people import api as people

AT_ONCE = 1000  # rows an INSERT


def collect(batch_id: int) -> None:
    """Write the lines of a waiting batch and set it running, in one transaction; safe to repeat and at once."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("institution").get(pk=batch_id)
        if batch.status != BatchStatus.WAITING:
            return
        with translation.override(batch.language):
            lines = list(_lines(batch))[: min(batch.limit or LINES_MAX, LINES_MAX)]
        for position, line in enumerate(lines, start=1):
            line.position = position
        BatchLine.objects.bulk_create(lines, batch_size=AT_ONCE)
        move(batch, to=BatchStatus.RUNNING, table=BATCH_MOVES, acting=SYSTEM)


def _lines(batch: Batch) -> Iterator[BatchLine]:
    issuer = batch.institution.uuid
    if batch.scope == Scope.NUMBERS:
        yield from _of_numbers(batch, issuer)
        return
    runs = [UUID(batch.scope_code)] if batch.scope == Scope.RUN else _runs_of_term(issuer, batch.scope_code)
    yield from _of_lots(batch, ledger.achievements_of_issuer(issuer, activity_uuids=runs))


def _runs_of_term(issuer_uuid: UUID, code: str) -> list[UUID]:
    """Return the runs that ended in a term."""
    term = next(term for term in institutions.terms_of(issuer_uuid) if term.code == code)
    runs = courses.runs_of_institution(issuer_uuid)
    return [run.uuid for run in runs if term.starts_on <= run.ends_on <= term.ends_on]


def _of_lots(batch: Batch, lots: tuple[tuple[UUID, UUID], ...]) -> Iterator[BatchLine]:
    """Yield a line for each credit without a certificate in force, or one for each holder of some."""
    if batch.kind == CertificateKind.TRANSCRIPT:
        for holder in dict.fromkeys(holder for _lot, holder in lots):
            yield BatchLine(batch=batch, person_uuid=holder)
        return
    wanted = [lot for lot, _holder in lots]
    live = Certificate.objects.filter(lot_uuid__in=wanted, status__in=LIVE).values_list("lot_uuid", flat=True)
    certified = set(live)
    for lot, holder in lots:
        if lot not in certified:
            yield BatchLine(batch=batch, person_uuid=holder, lot_uuid=lot)


def _of_numbers(batch: Batch, issuer_uuid: UUID) -> Iterator[BatchLine]:
    """Yield the lines of pasted numbers: the institution's own students, and others as 10594/2026001."""
    own = {info.number: info.person_uuid for info in people.people_of(issuer_uuid, people.Role.STUDENT)}
    found: dict[str, UUID | None] = {}
    for number in batch.numbers:
        guest = people.find_person(number) if "/" in number else None
        found[number] = guest.uuid if guest else own.get(number)
    lots = ledger.achievements_of_issuer(issuer_uuid, holder_uuids=[uuid for uuid in found.values() if uuid])
    lines: dict[UUID | None, list[BatchLine]] = {}
    for line in _of_lots(batch, lots):
        lines.setdefault(line.person_uuid, []).append(line)
    for number, person_uuid in found.items():
        mine = lines.pop(person_uuid, [])
        for line in mine:
            line.number = number
        yield from mine or [_nothing(batch, number, person_uuid)]


def _nothing(batch: Batch, number: str, person_uuid: UUID | None) -> BatchLine:
    if person_uuid is None:
        code, message = "no-such-student", _("No student has this number today.")
    else:
        code, message = "nothing-to-certify", _("There is no credit here that lacks a certificate.")
    return BatchLine(batch=batch, number=number[:60], status=LineStatus.REFUSED, error_code=code, error=message)
