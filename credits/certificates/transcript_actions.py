"""Issuing transcripts: one in force for each holder and issuer; a newer one takes the place of the older."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.certificates import actions, drafts, queries
from credits.certificates import statement as statements
from credits.certificates.models import Certificate
from credits.certificates.states import LIVE, CertificateStatus
from credits.data import CertificateInfo
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal

NEWER = "学习记录有更新，已另发新成绩单"  # the reason that holder and verifier of the older one read


def issue_transcript(
    *, holder_uuid: UUID, issuer_uuid: UUID, acting: Actor, lot_uuids: Iterable[UUID] | None = None
) -> CertificateInfo:
    """Number, sign and register a transcript over a holder's whole record at an issuer, or over chosen credits.

    Asking again for the same credits under the same names returns the one that is there; otherwise a newer one is
    made, and the older one is good until its paper is drawn. The holder may ask, and a registrar of the issuer.
    """
    actions.require_holder_or_registrar(holder_uuid, issuer_uuid, acting)
    lots = drafts.record_at(holder_uuid, issuer_uuid, lot_uuids)
    with transaction.atomic():
        series = actions.locked_series(issuer_uuid)
        draft = drafts.of_transcript(lots)
        live = queries.transcripts(holder_uuid, issuer_uuid).filter(status__in=LIVE).first()
        if live is None or not _says(live, draft):
            if live and live.status == CertificateStatus.SUSPENDED:
                raise Refusal(
                    "transcript-suspended",
                    _("The transcript there is suspended. A new one is issued when the inquiry has ended."),
                )
            if live and live.status == CertificateStatus.REQUESTED:
                raise Refusal(
                    "transcript-being-made", _("Another transcript is just being made. Ask again when it is ready.")
                )
            reason = NEWER if live else ""
            live = actions.register(draft, series, acting=acting, supersedes=live, reason=reason)
    return queries.info(queries.rows().get(pk=live.pk))


def _says(row: Certificate, draft: drafts.Draft) -> bool:
    """True when a transcript in force says what a new one would, but for number, key and moment."""
    own = {"number", "address", "key_id", "issued_at", "supersedes"}
    paper = statements.Paper(row.number, "", "", row.requested_at)
    wanted, said = draft.statement(paper), row.statement
    return {k: v for k, v in wanted.items() if k not in own} == {k: v for k, v in said.items() if k not in own}
