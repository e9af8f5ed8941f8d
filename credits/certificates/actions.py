"""Making keys; issuing, re-issuing and revoking certificates. Drawing the paper is in drawing.py."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events as announced
from credits.certificates import drafts, facts, keys, logged, queries, rules, status_list
from credits.certificates import statement as statements
from credits.certificates.drafts import Draft
from credits.certificates.models import Certificate, CertificateLot, NumberSeries, SigningKey
from credits.certificates.paper import fonts
from credits.certificates.states import CERTIFICATE_MOVES, LIVE, CertificateStatus
from credits.data import CertificateInfo
from credits.designs.queries import design_for
from edu.events import actions as outbox
from edu.events.history import move
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import canonical_bytes
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.kernel.identifiers import certificate_number, new_token, short_institution_code

PURPOSE = "certificate"
REASON_MAX = 500  # the column of the history
KEY_MAKERS = frozenset({"system", "operator"})
REGISTRAR = "registrar"


def make_signing_key(*, institution_uuid: UUID, acting: Actor, purpose: str = PURPOSE) -> rules.PublicKey:
    """Make an institution's new key and close the period of the old one; certificates signed before stay good.

    The file comes first: a row without its file could sign nothing, a file without a row harms nobody.
    """
    if acting.role not in KEY_MAKERS:
        raise NotPermitted("not-operator", _("Only the operator of this service makes signing keys."))
    info = institutions_api.institution(institution_uuid)
    if not info.code:
        raise Refusal(
            "institution-without-code", _("An institution without an official code cannot issue certificates.")
        )
    now = clock.now()
    private = Ed25519PrivateKey.generate()
    public = keys.raw_public(private)
    key_id = rules.key_id(
        short_code=short_institution_code(info.code), purpose=purpose, year=now.year, public_key=public
    )
    keys.store(key_id, private)
    try:
        with transaction.atomic():
            row = _replace_key(institution_uuid, purpose, key_id, keys.text_of(public), now, acting)
    except BaseException:
        keys.discard(key_id)
        raise
    return queries.key_value(row)


def issue_certificate(*, lot_uuid: UUID, acting: Actor) -> CertificateInfo:
    """Number, sign and register a certificate about a lot; its paper is drawn in the background.

    Asking again returns the certificate that is there. The holder may ask, and a registrar of the issuer; for others
    the lot is not there. Refusal when the credit was taken back, a character cannot be printed or no key can sign.
    """
    lot = facts.certifiable(lot_uuid)
    require_holder_or_registrar(lot.holder_uuid, lot.issuer_uuid, acting)
    with transaction.atomic():
        series = locked_series(lot.issuer_uuid)
        live = Certificate.objects.filter(lot_uuid=lot_uuid, status__in=LIVE).order_by("-pk").first()
        if live is None:
            live = register(drafts.of_course(lot), series, acting=acting)
    return queries.info(queries.rows().get(pk=live.pk))


def reissue_certificate(*, certificate_uuid: UUID, reason: str, acting: Actor) -> CertificateInfo:
    """Register a new certificate for the same lot, with today's names; the old one is good until the new one is drawn.

    Refusal when it is not in force or nothing changed is no reason: a reason is always given.
    """
    _require_reason(reason)
    with transaction.atomic():
        old = _locked(certificate_uuid, acting)
        if old.status != CertificateStatus.ISSUED:
            raise Refusal(
                "certificate-not-in-force", _("Only a certificate in force is replaced. Reload the page to see it now.")
            )
        draft = drafts.again(old)
        series = locked_series(draft.issuer_uuid)
        pending = queries.pending_successor_of(old)
        row = pending or register(draft, series, acting=acting, supersedes=old, reason=reason)
    return queries.info(queries.rows().get(pk=row.pk))


def revoke_certificate(*, certificate_uuid: UUID, reason: str, acting: Actor) -> CertificateInfo:
    """Revoke a certificate for good, and what is being made to replace it; a registrar of its issuer, with a reason."""
    _require_reason(reason)
    with transaction.atomic():
        row = _locked(certificate_uuid, acting)
        if row.status not in LIVE:
            raise Refusal("certificate-not-in-force", _("This certificate is not in force any more."))
        _revoke(row, reason, acting)
        for pending in queries.beside(row).select_for_update(of=("self",)).filter(status=CertificateStatus.REQUESTED):
            _revoke(pending, reason, acting)
    return queries.info(queries.rows().get(pk=row.pk))


def revoke_for_reversed_lot(*, lot_uuid: UUID, reason: str, acting: Actor) -> int:
    """Revoke what certifies a lot whose credit was taken back in the ledger, transcripts too; safe to repeat.

    Returns how many were revoked.
    """
    about = CertificateLot.objects.filter(lot_uuid=lot_uuid).values("certificate_id")
    with transaction.atomic():
        live = list(Certificate.objects.select_for_update().filter(pk__in=about, status__in=LIVE).order_by("pk"))
        for row in live:
            _revoke(row, reason, acting)
    return len(live)


def suspend_certificate(*, certificate_uuid: UUID, reason: str, acting: Actor) -> CertificateInfo:
    """Suspend a certificate in force for the time of an inquiry; a registrar of its issuer, with a reason."""
    return _turn(certificate_uuid, CertificateStatus.ISSUED, CertificateStatus.SUSPENDED, reason, acting)


def restore_certificate(*, certificate_uuid: UUID, reason: str, acting: Actor) -> CertificateInfo:
    """Put a suspended certificate into force again; a registrar of its issuer, with a reason."""
    return _turn(certificate_uuid, CertificateStatus.SUSPENDED, CertificateStatus.ISSUED, reason, acting)


TURNED = {
    CertificateStatus.SUSPENDED: announced.CERTIFICATE_SUSPENDED,
    CertificateStatus.ISSUED: announced.CERTIFICATE_RESTORED,
}


def _turn(
    certificate_uuid: UUID, source: CertificateStatus, target: CertificateStatus, reason: str, acting: Actor
) -> CertificateInfo:
    _require_reason(reason)
    with transaction.atomic():
        row = _locked(certificate_uuid, acting)
        if row.status != source:
            raise Refusal(
                "certificate-not-in-that-state",
                _("The certificate has changed meanwhile. Reload the page to see it now."),
            )
        move(row, to=target, table=CERTIFICATE_MOVES, acting=acting, reason=reason.strip())
        logged.append_status(row)
        outbox.record(TURNED[target], payload_of(row), acting=acting)
    return queries.info(queries.rows().get(pk=row.pk))


def _revoke(row: Certificate, reason: str, acting: Actor) -> None:
    was_issued = row.status != CertificateStatus.REQUESTED
    move(
        row,
        to=CertificateStatus.REVOKED,
        table=CERTIFICATE_MOVES,
        acting=acting,
        reason=reason.strip(),
        leased_until=None,
    )
    if was_issued:
        logged.append_status(row)
    outbox.record(announced.CERTIFICATE_REVOKED, payload_of(row), acting=acting)


def register(
    draft: Draft, series: NumberSeries, *, acting: Actor, supersedes: Certificate | None = None, reason: str = ""
) -> Certificate:
    """Write the signed row in the caller's transaction; a refusal gives the number back."""
    key = _current_key(draft.issuer_uuid)
    now, token = clock.now(), new_token()
    document = draft.statement(
        statements.Paper(
            number=_next_number(series, draft.issuer_code),
            address=f"{settings.GUIXUE_BASE_URL.rstrip('/')}/v/{token}",
            key_id=key.key_id,
            issued_at=now,
            supersedes=supersedes.number if supersedes else "",
        ),
    )
    design = design_for(key.institution_id, draft.paper_kind)
    _require_printable(document, design.document if design else {})
    row = Certificate.objects.create(
        number=document["number"],
        token=token,
        kind=draft.kind,
        lot_uuid=draft.lot_uuid,
        issuer_id=key.institution_id,
        holder_id=_key_of(Certificate, "holder", draft.holder_uuid),
        design=design,
        statement=document,
        signature=keys.sign(key.key_id, key.public_key, canonical_bytes(document)),
        key=key,
        supersedes=supersedes,
        reissue_reason=reason.strip(),
        requested_at=now,
    )
    CertificateLot.objects.bulk_create(CertificateLot(certificate=row, lot_uuid=uuid) for uuid in draft.lot_uuids)
    row.moves.create(
        source="",
        target=CertificateStatus.REQUESTED,
        reason=reason.strip(),
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=now,
    )
    logged.append(row, key)
    status_list.assign(row)
    outbox.record(announced.CERTIFICATE_REQUESTED, payload_of(row), acting=acting)
    return row


def payload_of(row: Certificate) -> dict[str, Any]:
    """Return what every event about a certificate carries."""
    return {
        "certificate_uuid": str(row.uuid),
        "lot_uuid": str(row.lot_uuid or ""),
        "person_uuid": str(row.holder.uuid),
    }


def _replace_key(
    institution_uuid: UUID, purpose: str, key_id: str, public_key: str, now: dt.datetime, acting: Actor
) -> SigningKey:
    institution_id = _key_of(SigningKey, "institution", institution_uuid)
    old = (
        SigningKey.objects.select_for_update()
        .filter(institution_id=institution_id, purpose=purpose, to_at__isnull=True)
        .first()
    )
    if old:
        SigningKey.objects.filter(pk=old.pk).update(to_at=now)
    row = SigningKey.objects.create(
        institution_id=institution_id, purpose=purpose, key_id=key_id, public_key=public_key, from_at=now
    )
    payload = {
        "key_id": key_id,
        "institution_uuid": str(institution_uuid),
        "replaced_key_id": old.key_id if old else "",
    }
    outbox.record(announced.SIGNING_KEY_MADE, payload, acting=acting)
    return SigningKey.objects.select_related("institution").get(pk=row.pk)


def _current_key(institution_uuid: UUID) -> SigningKey:
    """Return the key that signs now, locked against a rotation that would date the signature outside its period."""
    row = (
        SigningKey.objects.select_for_update(of=("self",))
        .filter(institution__uuid=institution_uuid, purpose=PURPOSE, to_at__isnull=True)
        .first()
    )
    if row is None:
        raise Refusal(
            "no-signing-key",
            _("This institution has no signing key yet, so it cannot issue certificates. Its operator makes one."),
        )
    return row


def locked_series(institution_uuid: UUID) -> NumberSeries:
    """Return this year's series of an issuer under its row lock: two requests for one lot meet here."""
    institution_id = _key_of(NumberSeries, "institution", institution_uuid)
    series, _made = NumberSeries.objects.get_or_create(institution_id=institution_id, year=clock.today().year)
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def _next_number(series: NumberSeries, issuer_code: str) -> str:
    series.last_serial += 1
    series.save(update_fields=["last_serial"])
    return certificate_number(issuer_code=issuer_code, year=series.year, serial=series.last_serial)


def _locked(certificate_uuid: UUID, acting: Actor) -> Certificate:
    """Return the row for a deed of its issuer's registrar, locked; for everybody else it is not there."""
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("issuer", "holder")
        .filter(uuid=certificate_uuid)
        .first()
    )
    if row is None or not (acting.is_system or _is_registrar_of(acting, row.issuer.uuid)):
        raise NotThere("no-such-certificate", _("There is no such certificate."))
    return row


def require_holder_or_registrar(holder_uuid: UUID, issuer_uuid: UUID, acting: Actor) -> None:
    """Raise NotThere for everybody but the holder, a registrar of the issuer and the system."""
    if acting.is_system or acting.person_uuid == holder_uuid or _is_registrar_of(acting, issuer_uuid):
        return
    raise NotThere("no-such-lot", _("There is no such credit."))


def _is_registrar_of(acting: Actor, institution_uuid: UUID) -> bool:
    return acting.role == REGISTRAR and acting.institution_uuid == institution_uuid


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("reason-missing", _("Write the reason: the holder and the register keep it."))
    if len(reason.strip()) > REASON_MAX:
        raise Refusal("reason-too-long", _("Write the reason in at most 500 characters."))


def _require_printable(document: dict[str, Any], design: Mapping[str, str]) -> None:
    missing = fonts.missing_characters(statements.printed_words(document) + statements.printed_words(design))
    if missing:
        raise Refusal(
            "character-not-printable",
            _("The certificate's font lacks %(characters)s. Ask the registrar's office to record another form.")
            % {"characters": "、".join(f"{character}（U+{ord(character):04X}）" for character in missing)},
            {"characters": list(missing)},
        )


def _key_of(model: Any, relation: str, uuid: UUID) -> int:
    """Return the primary key behind a uuid: the neighbour's door gives values, a foreign key wants a row."""
    target = model._meta.get_field(relation).related_model
    found: int | None = target._default_manager.filter(uuid=uuid).values_list("pk", flat=True).first()
    if found is None:
        raise NotThere("not-there", _("There is no such page."))
    return found
