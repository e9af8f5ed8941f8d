"""Reads of shares and of looks at them."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from credits.certificates.models import Certificate
from credits.checking import rules
from credits.checking.models import Share, ShareLook
from edu.kernel import clock
from edu.kernel.actor import Actor

TOKEN_LENGTH = 22
LOOKS_SHOWN = 20  # of each link; more are counted by nobody


def open_share(token: str) -> Share | None:
    """Return the share behind a link while it shows something; None for an unknown, ended or expired one."""
    if len(token) != TOKEN_LENGTH:
        return None
    rows = Share.objects.select_related("certificate__holder", "certificate__issuer", "certificate__key__institution")
    share = rows.filter(token=token).first()
    return share if share and is_open(share) else None


def is_open(share: Share) -> bool:
    """True while the share shows something."""
    return rules.is_open(expires_at=share.expires_at, ended_at=share.ended_at, at=clock.now())


def open_shares(row: Certificate) -> QuerySet[Share]:
    """Return the shares of a certificate that show something now."""
    return Share.objects.filter(certificate=row, ended_at__isnull=True, expires_at__gt=clock.now())


def shares_of(row: Certificate) -> list[Share]:
    """Return every share of a certificate, newest first, each with its latest looks, in two queries."""
    looks = ShareLook.objects.order_by("-happened_at", "-pk")[:LOOKS_SHOWN]
    rows = Share.objects.filter(certificate=row).prefetch_related(Prefetch("looks", queryset=looks, to_attr="shown"))
    return list(rows.order_by("-made_at", "-pk"))


def own_share(actor: Actor, uuid: UUID) -> Share | None:
    """Return a share that the acting person made, or None."""
    if actor.person_uuid is None:
        return None
    rows = Share.objects.select_related("certificate")
    return rows.filter(uuid=uuid, certificate__holder__uuid=actor.person_uuid).first()
