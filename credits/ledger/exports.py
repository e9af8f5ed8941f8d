"""Handing credit to a party outside for recognition there, and taking it back by that party's signed release alone."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.data import LotInfo, Source
from credits.ledger import rules
from credits.ledger.access import lot_for_registrar
from credits.ledger.actions import positive_or_used, post
from credits.ledger.grounds import ForeignParty, ForeignPartyKey, LotExport, LotExportRelease
from credits.ledger.models import Lot
from credits.ledger.rules import AccountKind, PostingEvent, account
from credits.ledger.store import deed_columns, refusals_in_words
from edu.events import actions as outbox
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import canonical_bytes, content_hash
from edu.kernel.credit import canonical
from edu.kernel.errors import NotThere, Refusal

EXPORT_TYPE, RELEASE_TYPE, VERSION = "guixue.credit-export", "guixue.credit-release", "1"
RELEASE_BYTES_MAX = 20_000  # the document has eight short strings


def register_party(
    *, code: str, name_zh: str, acting: Actor, public_key: str = "", name_en: str = "", key_id: str = ""
) -> ForeignParty:
    """Register an outside institution, or give a known one its next Ed25519 key (base64).

    Without a key credit can come from there, but not be handed there. Refusal when the key is none, or the code
    belongs to another name.
    """
    if public_key:
        _public_key(public_key)
    with transaction.atomic():
        party, made = ForeignParty.objects.get_or_create(
            code=code, defaults={"name_zh": name_zh, "name_en": name_en, **deed_columns(acting)}
        )
        if party.name_zh != name_zh:
            raise Refusal("party-has-another-name", _("This code belongs to an institution of another name."))
        if made:
            outbox.record(announced.PARTY_REGISTERED, {"party_uuid": str(party.uuid)}, acting=acting)
        if not public_key or party.keys.filter(public_key=public_key).exists():
            return party
        ForeignPartyKey.objects.create(
            party=party,
            key_id=key_id or f"{code}-{party.keys.count() + 1}",
            public_key=public_key,
            from_at=clock.now(),
            **deed_columns(acting),
        )
        outbox.record(announced.PARTY_KEY_REGISTERED, {"party_uuid": str(party.uuid)}, acting=acting)
    return party


def export(*, lot_uuid: UUID, party_code: str, reason: str, acting: Actor) -> LotExport:
    """Hand all that is available of a lot to an outside party, as a registrar who may see the lot.

    Refusal without a reason, or when nothing is available.
    """
    info = lot_for_registrar(acting, lot_uuid)
    party = ForeignParty.objects.filter(code=party_code).first()
    if party is None:
        raise NotThere("no-such-party", _("This institution is not registered for outside credit. Ask the operator."))
    if not party.keys.exists():
        raise Refusal("party-without-key", _("This institution has no key, so it could never give the credit back."))
    if not reason.strip():
        raise Refusal("no-reason", _("Say what the credit is handed over for."))
    amount = positive_or_used(info.amount_in(AccountKind.AVAILABLE))
    with refusals_in_words(), transaction.atomic():
        made = LotExport(
            lot=Lot.objects.get(uuid=lot_uuid),
            party=party,
            amount=amount,
            reason=reason.strip(),
            **deed_columns(acting),
        )
        made.document = _export_document(made, info)
        made.document_hash = content_hash(made.document)
        made.save()
        lines = rules.moved(
            lot_uuid=lot_uuid,
            amount=amount,
            source=account(AccountKind.AVAILABLE, info.holder_uuid),
            target=_place(made),
        )
        key, cause = f"export:{made.uuid}", Source("export", made.uuid)
        post(event=PostingEvent.EXPORTED, lines=lines, idempotency_key=key, source=cause, acting=acting)
        outbox.record(announced.LOT_EXPORTED, _named(made), acting=acting)
    return made


def take_back(*, export_uuid: UUID, signed: str, acting: Actor) -> LotExportRelease:
    """Bring exported credit back by the recipient's signed release: {"release": document, "signature": base64}.

    Refusal when it is not signed by the key in force, is about something else, or the credit is back already.
    """
    found = LotExport.objects.select_related("party", "lot").filter(uuid=export_uuid).first()
    if found is None:
        raise NotThere("no-such-export", _("There is no such page."))
    info = lot_for_registrar(acting, found.lot.uuid)
    document, signature = _read(signed)
    key = found.party.keys.order_by("-from_at", "-id").first()
    fault = fault_of_release(document, signature, key.public_key if key else "", found)
    if fault or key is None:
        raise Refusal(fault, RELEASE_FAULTS[fault])
    with refusals_in_words(), transaction.atomic():
        if LotExportRelease.objects.filter(export=found).exists():
            raise Refusal("released-already", _("This credit is back already."))
        made = LotExportRelease.objects.create(
            export=found, key=key, document=document, signature=signature, **deed_columns(acting)
        )
        target = account(AccountKind.AVAILABLE, info.holder_uuid)
        lines = rules.moved(lot_uuid=info.uuid, amount=found.amount, source=_place(found), target=target)
        name, cause = f"return:{found.uuid}", Source("release", made.uuid)
        post(event=PostingEvent.RETURNED, lines=lines, idempotency_key=name, source=cause, acting=acting)
        outbox.record(announced.LOT_RETURNED, _named(found), acting=acting)
    return made


RELEASE_FAULTS = {
    "release-unsigned": _("The release is not signed by the key that is registered for the recipient."),
    "release-of-another": _("The release is about another export. Ask the recipient for one that names this export."),
    "release-unreadable": _('Paste the whole release: {"release": …, "signature": …}.'),
}


def fault_of_release(document: Mapping[str, Any], signature: str, public_key: str, found: LotExport) -> str:
    """Return why a release does not bring an export back, or "". The reconciliation asks this again of every one."""
    said = {"type": RELEASE_TYPE, "version": VERSION, "export": str(found.uuid), "export_hash": found.document_hash}
    try:
        message = canonical_bytes(document)
        _public_key(public_key).verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, Refusal):
        return "release-unsigned"
    return "" if {key: document.get(key) for key in said} == said else "release-of-another"


def release_document(found: LotExport, *, released_at: dt.datetime) -> dict[str, str]:
    """Return what a recipient signs to give an export back; shown on its page for the recipient to copy."""
    return {
        "type": RELEASE_TYPE,
        "version": VERSION,
        "export": str(found.uuid),
        "export_hash": found.document_hash,
        "released_at": clock.rfc3339(released_at),
    }


def _export_document(made: LotExport, info: LotInfo) -> dict[str, Any]:
    return {
        "type": EXPORT_TYPE,
        "version": VERSION,
        "export": str(made.uuid),
        "lot": str(info.uuid),
        "issuer": str(info.issuer_uuid),
        "recipient": made.party.code,
        "amount": canonical(made.amount),
        "unit": info.unit,
        "exported_at": clock.rfc3339(made.happened_at),
        "facts": dict(info.facts),
    }


def _place(made: LotExport) -> rules.AccountName:
    return account(AccountKind.EXPORTED, made.party.uuid, made.uuid)


def _read(signed: str) -> tuple[dict[str, Any], str]:
    try:
        outer = json.loads(signed[:RELEASE_BYTES_MAX])
        document, signature = outer["release"], outer["signature"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refusal("release-unreadable", RELEASE_FAULTS["release-unreadable"]) from None
    if not isinstance(document, dict) or not isinstance(signature, str):
        raise Refusal("release-unreadable", RELEASE_FAULTS["release-unreadable"])
    return document, signature[:88]


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        raise Refusal("not-a-key", _("This is no Ed25519 public key: 32 bytes in base64.")) from None


def _named(made: LotExport) -> dict[str, str]:
    return {"export_uuid": str(made.uuid), "lot_uuid": str(made.lot.uuid), "person_uuid": str(made.lot.holder_uuid)}
