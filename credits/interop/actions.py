"""Taking a record out of the house, and choosing a school's columns. The file is handed over; its row stays."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.interop import access, files, legal, queries, sheet
from credits.interop.countries import is_country
from credits.interop.files import MadeFile
from credits.interop.legal import LegalBasis
from credits.interop.limits import COLUMNS_MAX, HEAD_CHARACTERS_MAX
from credits.interop.loss import document_of
from credits.interop.models import HOME_COUNTRY, RecordExport, SheetLayout
from credits.interop.record import Format, Kind
from credits.interop.sheet import SheetColumn
from credits.ledger.access import registrar_of
from credits.ledger.grounds import NAME_LENGTH_MAX
from credits.ledger.store import deed_columns
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from edu.people import api as people


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a file, where they are, and on which ground if that is abroad; all blank for a copy one keeps."""

    name: str = ""
    country: str = HOME_COUNTRY
    legal_basis: str = ""
    reference: str = ""


@transaction.atomic
def export_record(
    *, holder_uuid: UUID, kind: Kind, format_: Format, recipient: Recipient, acting: Actor
) -> tuple[RecordExport, MadeFile]:
    """Make a file of a record, as its holder or a registrar of where the holder studies, and keep that it was made.

    Refusal when there is nothing to say, the recipient is abroad without a legal basis, or nobody can sign.
    """
    reach = access.reach(acting, holder_uuid)
    basis = _basis(recipient, by_holder=reach.by_holder)
    seen = queries.preview(reach, kind, format_)
    made = files.write(seen.record, kind, format_, seen.columns)
    row = RecordExport.objects.create(
        uuid=UUID(seen.record.uuid),
        holder_uuid=holder_uuid,
        kind=kind,
        format=format_,
        recipient=" ".join(recipient.name.split()),
        recipient_country=recipient.country,
        legal_basis=basis.key if basis else "",
        legal_document=basis.document() if basis else {},
        legal_reference=recipient.reference.strip(),
        columns=[{"path": one.path, "head": one.head} for one in seen.columns],
        loss_report=document_of(seen.report),
        row_count=made.rows,
        size_bytes=len(made.content),
        content_hash=hashlib.sha256(made.content).hexdigest(),
        **deed_columns(acting),
    )
    if not reach.by_holder:
        people.note_access(acting, holder_uuid, "record-file")
    payload = {"export_uuid": str(row.uuid), "person_uuid": str(holder_uuid)}
    outbox.record(announced.RECORD_EXPORTED, payload, acting=acting)
    return row, made


@transaction.atomic
def choose_columns(*, columns: Sequence[SheetColumn], acting: Actor) -> SheetLayout:
    """Choose, as a registrar, the columns of the institution's Excel files from now on.

    Refusal without a column, with too many, a head twice or missing, or a field that is none.
    """
    institution_uuid = registrar_of(acting)
    heads = [column.head for column in columns]
    if not columns:
        raise Refusal("no-columns", _("Choose at least one column."))
    if len(columns) > COLUMNS_MAX:
        raise Refusal("too-many-columns", _("Choose at most %(most)s columns.") % {"most": COLUMNS_MAX})
    if any(not head or len(head) > HEAD_CHARACTERS_MAX for head in heads):
        raise Refusal("no-head", _("Give each column a heading of up to 60 characters."))
    if len(set(heads)) != len(heads):
        raise Refusal("head-twice", _("Two columns have the same heading. Change one of them."))
    if any(column.path not in sheet.known_paths() for column in columns):
        raise Refusal("no-such-field", _("There is no such field."))
    said = [{"path": column.path, "head": column.head} for column in columns]
    return SheetLayout.objects.create(institution_uuid=institution_uuid, columns=said, **deed_columns(acting))


def _basis(recipient: Recipient, *, by_holder: bool) -> LegalBasis | None:
    """Return the ground of a file that goes abroad, None for one that stays in the country."""
    if not is_country(recipient.country):
        raise Refusal("no-such-country", _("Choose the recipient's country or region."))
    if max(len(recipient.name), len(recipient.reference)) > NAME_LENGTH_MAX:
        raise Refusal("too-long", _("Write recipient and reference with at most 200 characters each."))
    if not by_holder and not recipient.name.strip():
        raise Refusal("no-recipient", _("Write who gets the file."))
    if recipient.country == HOME_COUNTRY:
        return None
    if not recipient.name.strip():
        raise Refusal("no-recipient", _("Write who gets the file."))
    choices = {one.key: one for one in legal.choices(clock.today(), by_holder=by_holder)}
    basis = choices.get(recipient.legal_basis)
    if basis is None:
        raise Refusal("no-legal-basis", _("The recipient is outside the mainland. Choose the legal basis."))
    if basis.needs_reference and not by_holder and not recipient.reference.strip():
        raise Refusal("no-reference", _("Write where the consent, contract or order is kept."))
    return basis
