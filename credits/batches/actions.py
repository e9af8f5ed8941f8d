"""Ordering a batch of certificates and calling it off."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses import api as courses
from credits.batches import rules
from credits.batches.models import Batch
from credits.batches.rules import Scope
from credits.batches.states import BATCH_MOVES, BatchStatus
from credits.certificates import queries as certificates
from credits.certificates.kinds import CertificateKind
from edu.events.history import move
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class Order:
    """What a registrar orders: the certificates of a term or a run, or of the people with some numbers."""

    scope: Scope
    code: str = ""  # the term's code, or the run's uuid
    numbers: tuple[str, ...] = ()
    kind: CertificateKind = CertificateKind.COURSE
    limit: int | None = None


def request_batch(*, institution_uuid: UUID, order: Order, acting: Actor) -> Batch:
    """Queue a batch; the caller hints to workers after commit. Its lines are written by the first worker.

    Refusal without a signing key, for a term or run that is not the institution's, for no or too many numbers, and
    while another batch of the same is at work.
    """
    _require_registrar(institution_uuid, acting)
    if not any(key.to_at is None for key in certificates.keys_of(institution_uuid)):
        raise Refusal(
            "no-signing-key",
            _("This institution has no signing key yet, so it cannot issue certificates. Its operator makes one."),
        )
    chinese, english = _named(institution_uuid, order)
    batch = Batch(
        institution_id=institutions.institution_id(institution_uuid),
        kind=order.kind,
        scope=order.scope,
        scope_code=order.code,
        scope_zh=chinese,
        scope_en=english,
        numbers=list(order.numbers),
        limit=order.limit,
        language=get_language() or "zh-hans",
        requested_by_uuid=acting.person_uuid,
        requested_role=acting.role,
        requested_at=clock.now(),
    )
    try:
        with transaction.atomic():
            batch.save()
            _begin(batch, acting)
    except IntegrityError as error:
        raise Refusal(
            "batch-at-work", _("A batch of the same is at work. Wait until it has ended, or call it off.")
        ) from error
    return batch


def cancel_batch(*, batch_uuid: UUID, acting: Actor) -> Batch:
    """Call a batch off: what is issued stays, what is not begun is left alone. Refusal when it has ended."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("institution").filter(uuid=batch_uuid)
        row = batch.first()
        if row is None:
            raise NotThere("no-such-batch", _("There is no such page."))
        _require_registrar(row.institution.uuid, acting)
        if row.status not in (BatchStatus.WAITING, BatchStatus.RUNNING):
            raise Refusal("batch-ended", _("The batch has ended already. Reload the page to see it now."))
        return move(row, to=BatchStatus.CANCELLED, table=BATCH_MOVES, acting=acting, ended_at=clock.now())


def _begin(batch: Batch, acting: Actor) -> None:
    batch.moves.create(
        source="",
        target=BatchStatus.WAITING,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=batch.requested_at,
    )


def _require_registrar(institution_uuid: UUID, acting: Actor) -> None:
    if acting.is_system or (acting.role == REGISTRAR and acting.institution_uuid == institution_uuid):
        return
    raise NotThere("no-such-batch", _("There is no such page."))


def _named(institution_uuid: UUID, order: Order) -> tuple[str, str]:
    """Return what the order covers, in both languages."""
    if order.scope is Scope.TERM:
        term = next((term for term in institutions.terms_of(institution_uuid) if term.code == order.code), None)
        if term is None:
            raise Refusal("no-such-term", _("The institution has no such term. Choose one from the list."))
        return term.name("zh-hans"), term.name("en")
    if order.scope is Scope.RUN:
        run = courses.run(UUID(order.code))
        if run.course.institution_uuid != institution_uuid:
            raise NotThere("no-such-run", _("There is no such page."))
        return f"{run.course.name('zh-hans')} {run.code}", f"{run.course.name('en')} {run.code}"
    if not order.numbers:
        raise Refusal("no-numbers", _("Paste at least one student number."))
    if len(order.numbers) > rules.NUMBERS_MAX:
        raise Refusal(
            "too-many-numbers",
            _("A list takes at most %(most)s numbers. Order the whole term, or paste them in parts.")
            % {"most": rules.NUMBERS_MAX},
        )
    return f"{len(order.numbers)}个学号", f"{len(order.numbers)} student numbers"
