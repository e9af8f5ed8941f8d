"""Credit that comes in as a file: read in by one registrar, valued line by line, taken over by another.

Nothing of a refused file is kept. No ratio from ECTS or anything else is applied: a person types what each line is
worth here and why.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.agreements.locks import one_at_a_time
from credits.interop import reading
from credits.interop.elmo import CODE_TYPE
from credits.interop.incoming_access import file_for_registrar, student_with
from credits.interop.limits import CREDIT_COURSE_MAX
from credits.interop.models import IncomingChoice, IncomingFile, IncomingProposal, IncomingRow, IncomingVerdict
from credits.interop.reading import Fault, Incoming, Issuer, Line
from credits.interop.record import Format
from credits.ledger.access import registrar_of
from credits.ledger.entry import import_credit, positive
from credits.ledger.grounds import NAME_LENGTH_MAX, REASON_LENGTH_MAX, ForeignParty
from credits.ledger.models import Lot
from credits.ledger.rules import Unit
from credits.ledger.store import deed_columns
from edu.events import actions as outbox
from edu.institutions import api as institutions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale


@dataclass(frozen=True, slots=True)
class Valued:
    """What a line is worth here, and why."""

    amount: Decimal
    reason: str


@transaction.atomic
def upload(*, content: bytes, file_name: str, student_number: str, acting: Actor) -> IncomingFile:
    """Read a file for a student of the registrar's institution and keep its lines; nothing is posted.

    Refusal when the file cannot be read, an issuer is not registered, or no line of it can be taken over.
    """
    institution_uuid = registrar_of(acting)
    holder_uuid = student_with(institution_uuid, student_number)
    _require_not_own(holder_uuid, acting)
    said = reading.read(content)
    file_hash = hashlib.sha256(content).hexdigest()
    waiting = IncomingFile.objects.filter(file_hash=file_hash, holder_uuid=holder_uuid, verdict=None)
    if waiting.filter(institution_uuid=institution_uuid).exists():
        raise Refusal("file-is-waiting", _("This file was read in for this student already and waits in the list."))
    rows = _rows(said, holder_uuid)
    _require_something(rows)
    file = IncomingFile.objects.create(
        institution_uuid=institution_uuid,
        holder_uuid=holder_uuid,
        format=Format.ELMO,
        file_name=file_name[:NAME_LENGTH_MAX],
        file_hash=file_hash,
        learner_name=said.learner,
        without_credit=said.without_credit,
        **deed_columns(acting),
    )
    for row in rows:
        row.file = file
    IncomingRow.objects.bulk_create(rows)
    outbox.record(announced.INCOMING_UPLOADED, _named(file), acting=acting)
    return file


@transaction.atomic
def propose(*, file_uuid: UUID, values: Mapping[UUID, Valued], acting: Actor) -> IncomingProposal:
    """Say, as a registrar, what each line is worth here; lines that are not named stay out.

    Refusal without a line, or for an amount without a reason, above 40, or of a line that cannot be taken over.
    """
    file = file_for_registrar(acting, file_uuid)
    _require_not_own(file.holder_uuid, acting)
    one_at_a_time("incoming", file.uuid)
    _require_undecided(file)
    if IncomingProposal.objects.filter(file=file).exists():
        raise Stale("proposed-meanwhile", _("A colleague has entered the amounts meanwhile."))
    if not values:
        raise Refusal("nothing-taken", _("Enter an amount for at least one line, or put the file aside."))
    rows = {row.uuid: row for row in file.rows.all()}
    choices = [_choice(rows.get(uuid), value) for uuid, value in values.items()]
    proposal = IncomingProposal.objects.create(file=file, **deed_columns(acting))
    for choice in choices:
        choice.proposal = proposal
    IncomingChoice.objects.bulk_create(choices)
    outbox.record(announced.INCOMING_PROPOSED, _named(file), acting=acting)
    return proposal


@transaction.atomic
def take_over(*, file_uuid: UUID, acting: Actor) -> int:
    """Enter every proposed line into the ledger, all or none, as another registrar; returns how many.

    NotPermitted for who uploaded or proposed; Refusal when a line has come in by another file meanwhile.
    """
    file = file_for_registrar(acting, file_uuid)
    _require_not_own(file.holder_uuid, acting)
    one_at_a_time("incoming", file.uuid)
    _require_undecided(file)
    proposal = IncomingProposal.objects.filter(file=file).first()
    if proposal is None:
        raise Refusal("not-proposed", _("Nobody has entered the amounts yet."))
    if acting.person_uuid in {file.actor_person_uuid, proposal.actor_person_uuid}:
        raise NotPermitted("own-file", _("You read in this file or entered its amounts. A colleague takes it over."))
    choices = list(proposal.choices.select_related("row__party").order_by("row__number"))
    for party_uuid in sorted({choice.row.party.uuid for choice in choices if choice.row.party}):
        one_at_a_time("incoming-party", party_uuid)
    for choice in choices:
        _enter(choice, file, acting)
    IncomingVerdict.objects.create(file=file, confirmed=True, **deed_columns(acting))
    outbox.record(announced.INCOMING_TAKEN_OVER, _named(file), acting=acting)
    return len(choices)


@transaction.atomic
def put_aside(*, file_uuid: UUID, reason: str, acting: Actor) -> None:
    """Put a file aside with a reason, as any registrar of the institution; nothing is posted."""
    file = file_for_registrar(acting, file_uuid)
    one_at_a_time("incoming", file.uuid)
    _require_undecided(file)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the file is put aside."))
    said = reason.strip()[:REASON_LENGTH_MAX]
    IncomingVerdict.objects.create(file=file, confirmed=False, reason=said, **deed_columns(acting))
    outbox.record(announced.INCOMING_PUT_ASIDE, _named(file), acting=acting)


def _rows(said: Incoming, holder_uuid: UUID) -> list[IncomingRow]:
    issuers = {line.issuer for line in said.lines}
    own = {issuer for issuer in issuers if _is_one_of_ours(issuer)}
    parties = {issuer: _party(issuer) for issuer in issuers - own}
    seen = Counter(
        (_whose(line, parties), line.foreign_id) for line in said.lines if line.foreign_id and not line.fault
    )
    if any(times > 1 for times in seen.values()):
        raise Refusal("line-twice", _("Two lines of the file have the same identifier and day. Ask for a new file."))
    rows = []
    for line in said.lines:
        party = parties.get(line.issuer)
        fault = Fault.IN_THE_LEDGER if line.issuer in own else line.fault
        if not fault and party is None:
            raise _not_registered(line.issuer)
        if not fault and party is not None and _is_here(line.foreign_id, party, holder_uuid):
            fault = Fault.IMPORTED_BEFORE
        rows.append(_row(line, party, fault))
    return rows


def _whose(line: Line, parties: Mapping[Issuer, ForeignParty | None]) -> object:
    """Return whose line it is: one institution may stand in a file twice."""
    party = parties.get(line.issuer)
    return party.pk if party else line.issuer


def _row(line: Line, party: ForeignParty | None, fault: str) -> IncomingRow:
    return IncomingRow(
        number=line.number,
        party=party,
        issuer_name=line.issuer.name.zh,
        foreign_id=line.foreign_id,
        course_code=line.course_code,
        course_name_zh=line.name.zh,
        course_name_en=line.name.en,
        kind=line.kind,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        credit=line.credit,
        grade=line.grade,
        scale=line.scale,
        fault=fault,
    )


def _is_one_of_ours(issuer: Issuer) -> bool:
    for kind, value in issuer.identifiers:
        if kind != CODE_TYPE:
            continue
        try:
            institutions.institution_by_code(value)
        except NotThere:
            continue
        return True
    return False


def _party(issuer: Issuer) -> ForeignParty | None:
    found = list(ForeignParty.objects.filter(code__in=issuer.codes)[:2])
    if len(found) > 1:
        raise Refusal("issuer-is-two", _("The issuer's identifiers belong to two registered institutions."))
    return found[0] if found else None


def _not_registered(issuer: Issuer) -> Refusal:
    codes = ", ".join(issuer.codes)
    message = _("%(name)s is not registered for outside credit (%(codes)s). Register it first, then upload again.")
    return Refusal(
        "issuer-not-registered",
        message % {"name": issuer.name.zh, "codes": codes},
        {"code": issuer.codes[0] if issuer.codes else "", "name": issuer.name.zh, "name_en": issuer.name.en},
    )


def _is_here(foreign_id: str, party: ForeignParty, holder_uuid: UUID) -> bool:
    """True when this credit is in the ledger: under its number, or the same course and day of the same person."""
    issued = Lot.objects.filter(issuer_uuid=party.uuid)
    same_day = f"{foreign_id.rpartition('~')[0]}~"
    known = issued.filter(holder_uuid=holder_uuid, foreign_id__startswith=same_day)
    return known.exists() or issued.filter(foreign_id=foreign_id).exists()


def _require_something(rows: Iterable[IncomingRow]) -> None:
    faults = {row.fault for row in rows}
    if "" in faults:
        return
    if Fault.IMPORTED_BEFORE in faults:
        raise Refusal("imported-before", _("Every credit in this file was taken over before."))
    if Fault.IN_THE_LEDGER in faults:
        raise Refusal("in-the-ledger", _("The credit in this file is in the ledger already: it was issued here."))
    raise Refusal("nothing-to-take", _("The file has no credit that was passed and carries an identifier."))


def _choice(row: IncomingRow | None, value: Valued) -> IncomingChoice:
    if row is None or row.fault:
        raise Refusal("line-not-there", _("One of these lines cannot be taken over. Reload the page."))
    amount = positive(value.amount)
    if amount > CREDIT_COURSE_MAX:
        raise Refusal("amount-too-large", _("Line %(row)d: no course has more than 40 credits.") % {"row": row.number})
    reason = value.reason.strip()
    if not reason or len(reason) > REASON_LENGTH_MAX:
        raise Refusal(
            "no-reason", _("Line %(row)d: say in up to 500 characters why it is worth this much.") % {"row": row.number}
        )
    return IncomingChoice(row=row, amount=amount, reason=reason)


def _enter(choice: IncomingChoice, file: IncomingFile, acting: Actor) -> None:
    row, party = choice.row, choice.row.party
    assert party is not None  # a line without a fault has one; the database holds that
    if _is_here(row.foreign_id, party, file.holder_uuid):
        raise Refusal(
            "imported-before", _("Line %(row)d was taken over from another file meanwhile.") % {"row": row.number}
        )
    import_credit(
        party_code=party.code,
        foreign_id=row.foreign_id,
        holder_uuid=file.holder_uuid,
        unit=Unit.CREDIT_POINTS,
        amount=choice.amount,
        evidence=f"ELMO {file.file_hash} · {party.code} · {row.foreign_id}",
        facts={
            "course_code": row.course_code,
            "course_name_zh": row.course_name_zh,
            "course_name_en": row.course_name_en,
            "starts_on": row.starts_on.isoformat() if row.starts_on else "",
            "ends_on": row.ends_on.isoformat() if row.ends_on else "",
            "grade": row.grade,
            "scale": row.scale,
            "foreign_credit": row.credit,
            "reason": choice.reason,
        },
        acting=acting,
    )


def _require_undecided(file: IncomingFile) -> None:
    if IncomingVerdict.objects.filter(file=file).exists():
        raise Stale("decided-meanwhile", _("A colleague has decided about this file meanwhile."))


def _require_not_own(holder_uuid: UUID, acting: Actor) -> None:
    if acting.person_uuid == holder_uuid:
        raise NotPermitted("own-credit", _("This is about your own credit. A colleague has to do it."))


def _named(file: IncomingFile) -> dict[str, str]:
    return {"file_uuid": str(file.uuid), "person_uuid": str(file.holder_uuid)}
