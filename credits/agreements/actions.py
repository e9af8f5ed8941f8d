"""Drafting, proposing, approving and ending agreements. Two registrars deciding at once meet at the version's row."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events
from credits.agreements import rules
from credits.agreements.models import OPEN_AGREEMENT, Agreement, AgreementApproval, AgreementText, AgreementVersion
from credits.agreements.rules import AgreementTerms, Party
from credits.agreements.states import AGREEMENT_MOVES, AgreementStatus
from credits.agreements.words import FIELD_WORDS, REFUSALS, change_lines, refusal
from edu.events.actions import record
from edu.events.history import move
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere, Stale

REGISTRAR = "registrar"
NUMBER_LENGTH_MAX = 30  # the column that holds it


@transaction.atomic
def draft_agreement(*, partner_uuid: UUID, terms: AgreementTerms, acting: Actor) -> AgreementVersion:
    """Begin an agreement with a partner, or the next version of the one there is; the draft is nobody's promise yet."""
    own = require_registrar(acting)
    if own == partner_uuid:
        raise refusal("same-institution")
    _require_sound(terms)
    agreement = _agreement_of(own, partner_uuid)
    if agreement.versions.filter(status__in=OPEN_AGREEMENT).exists():
        raise refusal("open-version-exists")
    edition = agreement.versions.count() + 1
    document = _document(agreement, edition, terms)
    version = AgreementVersion.objects.create(
        agreement=agreement, edition=edition, drafted_by_uuid=own, **_text_columns(document, terms)
    )
    _keep_text(version)
    _begin_history(version, acting)
    _announce(events.AGREEMENT_DRAFTED, version, acting)
    return version


@transaction.atomic
def edit_agreement(*, version_uuid: UUID, seen_hash: str, terms: AgreementTerms, acting: Actor) -> AgreementVersion:
    """Put other terms into a draft; either side may. Stale when the draft is no longer the text that was seen."""
    version = _locked(version_uuid, acting)
    if version.status != AgreementStatus.DRAFT:
        raise refusal("not-a-draft")
    _require_seen(version, seen_hash)
    _require_sound(terms)
    document = _document(version.agreement, version.edition, terms)
    columns = _text_columns(document, terms)
    AgreementVersion.objects.filter(pk=version.pk).update(**columns)
    for name, value in columns.items():
        setattr(version, name, value)
    _keep_text(version)
    _announce(events.AGREEMENT_EDITED, version, acting)
    return version


@transaction.atomic
def propose_agreement(*, version_uuid: UUID, seen_hash: str, acting: Actor) -> AgreementVersion:
    """Put a draft before both registrars; from here its text stands still."""
    version = _locked(version_uuid, acting)
    _require_seen(version, seen_hash)
    move(version, to=AgreementStatus.PROPOSED, table=AGREEMENT_MOVES, acting=acting, round=version.round + 1)
    _announce(events.AGREEMENT_PROPOSED, version, acting)
    return version


@transaction.atomic
def return_agreement(*, version_uuid: UUID, reason: str, acting: Actor) -> AgreementVersion:
    """Take a proposal back to a draft, with the reason; approvals given to it no longer count."""
    version = _locked(version_uuid, acting)
    move(version, to=AgreementStatus.DRAFT, table=AGREEMENT_MOVES, acting=acting, reason=reason)
    _announce(events.AGREEMENT_RETURNED, version, acting)
    return version


@transaction.atomic
def approve_agreement(*, version_uuid: UUID, seen_hash: str, acting: Actor) -> AgreementVersion:
    """Approve exactly the text with this hash for one's own side; with both approvals the version comes into force.

    Stale when the text is another one by now; refused when this side has approved already. The version that was
    in force until then ends in the same transaction.
    """
    version = _locked(version_uuid, acting)
    own = require_registrar(acting)
    _require_seen(version, seen_hash)
    if version.status not in {AgreementStatus.PROPOSED, AgreementStatus.APPROVED_BY_ONE}:
        raise Stale("decided-meanwhile", REFUSALS["not-proposed"])
    given = set(
        version.approvals.filter(round=version.round, content_hash=version.content_hash).values_list(
            "institution_uuid", flat=True
        )
    )
    if own in given:
        raise Stale("already-approved", REFUSALS["already-approved"])
    _write_approval(version, own, acting)
    if not given:
        move(version, to=AgreementStatus.APPROVED_BY_ONE, table=AGREEMENT_MOVES, acting=acting)
        _announce(events.AGREEMENT_APPROVED_BY_ONE, version, acting)
        return version
    _end_predecessor(version, acting)
    move(version, to=AgreementStatus.IN_FORCE, table=AGREEMENT_MOVES, acting=acting)
    _announce(events.AGREEMENT_IN_FORCE, version, acting)
    return version


@transaction.atomic
def end_agreement(*, version_uuid: UUID, reason: str, acting: Actor) -> AgreementVersion:
    """End a version in force, or discard a draft; accepted study plans keep what they were promised."""
    version = _locked(version_uuid, acting)
    move(version, to=AgreementStatus.ENDED, table=AGREEMENT_MOVES, acting=acting, reason=reason)
    _announce(events.AGREEMENT_ENDED, version, acting)
    return version


def require_registrar(acting: Actor) -> UUID:
    """Return the acting registrar's institution; NotPermitted for every other role."""
    if acting.role != REGISTRAR or acting.institution_uuid is None:
        raise NotPermitted("registrar-only", _("Only a registrar may do this."))
    return acting.institution_uuid


def stale_text(subject: Any, seen_hash: str, words: dict[str, Any]) -> Stale:
    """Return the refusal that tells how a row's text differs from the one with `seen_hash`."""
    seen = subject.texts.filter(content_hash=seen_hash).first()
    changes = rules.document_changes(seen.document, subject.document) if seen else ()
    return Stale("text-changed", REFUSALS["text-changed"], {"changes": change_lines(changes, words)})


def _require_seen(version: AgreementVersion, seen_hash: str) -> None:
    if version.content_hash != seen_hash:
        raise stale_text(version, seen_hash, FIELD_WORDS)


def _require_sound(terms: AgreementTerms) -> None:
    if fault := rules.fault_of_terms(terms):
        raise refusal(fault)


def _locked(version_uuid: UUID, acting: Actor) -> AgreementVersion:
    """Return the version with its row locked, for a registrar of one of the two parties; NotThere for others."""
    own = require_registrar(acting)
    version = (
        AgreementVersion.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .filter(uuid=version_uuid)
        .first()
    )
    if version is None or own not in {version.agreement.party_a_uuid, version.agreement.party_b_uuid}:
        raise NotThere("agreement-not-there", _("There is no such agreement."))
    return version


def _agreement_of(own: UUID, partner: UUID) -> Agreement:
    """Return the pair's agreement with its row locked, made on first use."""
    first, second = sorted([own, partner])
    institutions.institution(partner)  # NotThere for an unknown partner
    agreement, made = Agreement.objects.get_or_create(
        party_a_uuid=first, party_b_uuid=second, defaults={"number": uuid4().hex[:NUMBER_LENGTH_MAX]}
    )
    if made:  # the number is made of the row's own key, so that two first agreements never ask for the same one
        Agreement.objects.filter(pk=agreement.pk).update(number=f"HY{clock.today():%Y}-{agreement.pk:04d}")
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _document(agreement: Agreement, edition: int, terms: AgreementTerms) -> dict[str, Any]:
    first, second = (
        Party(info.uuid, info.code or "", info.name_zh)
        for info in map(institutions.institution, (agreement.party_a_uuid, agreement.party_b_uuid))
    )
    return rules.agreement_document(number=agreement.number, version=edition, parties=(first, second), terms=terms)


def _text_columns(document: dict[str, Any], terms: AgreementTerms) -> dict[str, Any]:
    return {
        "document": document,
        "content_hash": content_hash(document),
        "valid_from_on": terms.valid_from_on,
        "valid_to_on": terms.valid_to_on,
    }


def _keep_text(version: AgreementVersion) -> None:
    AgreementText.objects.get_or_create(
        subject=version, content_hash=version.content_hash, defaults={"document": version.document}
    )


def _write_approval(version: AgreementVersion, institution_uuid: UUID, acting: Actor) -> None:
    assert acting.person_uuid is not None
    AgreementApproval.objects.create(
        version=version,
        round=version.round,
        institution_uuid=institution_uuid,
        content_hash=version.content_hash,
        actor_person_uuid=acting.person_uuid,
        happened_at=clock.now(),
    )


def _end_predecessor(version: AgreementVersion, acting: Actor) -> None:
    current = version.agreement.versions.filter(status=AgreementStatus.IN_FORCE).first()
    if current:
        move(
            current, to=AgreementStatus.ENDED, table=AGREEMENT_MOVES, acting=acting,
            reason=f"superseded by version {version.edition}",
        )  # fmt: skip
        _announce(events.AGREEMENT_ENDED, current, acting)


def _begin_history(version: AgreementVersion, acting: Actor) -> None:
    begin_history(version, AgreementStatus.DRAFT, acting)


def begin_history(row: Any, status: str, acting: Actor) -> None:
    """Write the first history row of something that has moves: from nothing to its first status."""
    row.moves.create(
        source="",
        target=status,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )


def _announce(name: str, version: AgreementVersion, acting: Actor) -> None:
    payload = {"agreement_version_uuid": str(version.uuid), "content_hash": version.content_hash}
    record(name, payload, acting=acting)
