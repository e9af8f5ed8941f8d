"""Making and ending shares, and noting looks."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.certificates import access
from credits.certificates.evidence import evidence_of
from credits.certificates.models import Certificate
from credits.certificates.states import CertificateStatus
from credits.checking import queries, rules
from credits.checking.models import NOTE_LENGTH_MAX, Share, ShareLook
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal


@transaction.atomic
def share_certificate(
    *, certificate_uuid: UUID, scope: Iterable[str], days: int, note: str = "", acting: Actor
) -> Share:
    """Make a link that shows the picked fields of a certificate of one's own; Refusal when it cannot be."""
    row = access.own_certificate(acting, certificate_uuid)
    Certificate.objects.select_for_update(of=("self",)).get(pk=row.pk)  # two at once cannot pass the limit together
    chosen = rules.scope_of(scope)
    _require_sensible(chosen, days, note)
    if row.status != CertificateStatus.ISSUED:
        raise Refusal("not-in-force", _("Only a certificate that is in force can be shared."))
    if queries.open_shares(row).count() >= rules.SHARES_MAX:
        raise Refusal("too-many-shares", _("This certificate has many open links already. End one of them first."))
    if evidence_of(row) is None:
        raise Refusal("not-in-log", _("The log has not confirmed this certificate yet. Try again in some minutes."))
    now = clock.now()
    return Share.objects.create(
        certificate=row, scope=chosen, note=note.strip(), made_at=now, expires_at=now + dt.timedelta(days=days)
    )


def end_share(*, share_uuid: UUID, acting: Actor) -> Share:
    """End a link of one's own, from now on; ending it again changes nothing."""
    share = queries.own_share(acting, share_uuid)
    if share is None:
        raise NotThere("no-such-share", _("There is no such link."))
    Share.objects.filter(pk=share.pk, ended_at__isnull=True).update(ended_at=clock.now())
    return share


def note_look(share: Share, kind: str) -> None:
    """Keep that somebody looked; a second look of the same kind within ten minutes leaves no further row."""
    now = clock.now()
    since = now - dt.timedelta(seconds=rules.LOOK_AGAIN_S)
    if not ShareLook.objects.filter(share=share, kind=kind, happened_at__gt=since).exists():
        ShareLook.objects.create(share=share, kind=kind, happened_at=now)


def _require_sensible(scope: list[str], days: int, note: str) -> None:
    if not scope:
        raise Refusal("nothing-picked", _("Pick at least one thing to show."))
    if days not in rules.DAYS:
        raise Refusal("no-such-period", _("Pick one of the offered periods."))
    if len(note.strip()) > NOTE_LENGTH_MAX:
        raise Refusal("note-too-long", _("Write the note with at most 100 characters."))
