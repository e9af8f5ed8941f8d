"""Which template an issuer's new papers follow, frozen into a version that never changes."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from credits.designs.models import PaperDesign, PaperTemplate
from credits.designs.pictures import png_of
from credits.designs.rules import TINTS, PaperKind, Tint
from edu.kernel.canonical import content_hash


@dataclass(frozen=True, slots=True)
class Design:
    """How a paper is worded and adorned; without one it looks as the platform's own does."""

    sentence_zh: str
    sentence_en: str
    signer_zh: str
    signer_en: str
    tint: Tint
    logo: bytes  # PNG, b"" without one
    seal: bytes

    @property
    def colour(self) -> str:
        """The colour of border and rules."""
        return TINTS[self.tint]


def design_for(institution_id: int, kind: PaperKind) -> PaperDesign | None:
    """Return the version that an issuer's new papers follow, written down when it is first used; None without one."""
    template = PaperTemplate.objects.filter(institution_id=institution_id, kind=kind, live=True).first()
    if template is None:
        return None
    revision = template.live_revision_id
    used = PaperDesign.objects.filter(template_uuid=template.uuid, revision=revision).first() if revision else None
    return used or _written_down(template)


def _written_down(template: PaperTemplate) -> PaperDesign:
    document, logo, seal = frozen(template)
    row, _made = PaperDesign.objects.get_or_create(
        template_uuid=template.uuid,
        revision=template.live_revision_id,
        content_hash=content_hash(document),
        defaults={"document": document, "logo": logo, "seal": seal},
    )
    return row


def frozen(template: PaperTemplate) -> tuple[dict[str, str], bytes, bytes]:
    """Return what a template says as a document of strings, and its two pictures."""
    logo, seal = png_of(template.logo), png_of(template.seal)
    document = {
        "type": "guixue.paper-design",
        "version": "1",
        "kind": template.kind,
        "sentence_zh": template.sentence_zh.strip(),
        "sentence_en": template.sentence_en.strip(),
        "signer_zh": template.signer_zh.strip(),
        "signer_en": template.signer_en.strip(),
        "tint": template.tint,
        "logo_sha256": hashlib.sha256(logo).hexdigest() if logo else "",
        "seal_sha256": hashlib.sha256(seal).hexdigest() if seal else "",
    }
    return document, logo, seal


def value_of(row: PaperDesign | None) -> Design | None:
    """Return the value of a frozen version."""
    return value(row.document, bytes(row.logo), bytes(row.seal)) if row else None


def value(document: Mapping[str, str], logo: bytes, seal: bytes) -> Design:
    """Return the value of a template's document and pictures."""
    return Design(
        sentence_zh=document["sentence_zh"],
        sentence_en=document["sentence_en"],
        signer_zh=document["signer_zh"],
        signer_en=document["signer_en"],
        tint=Tint(document["tint"]),
        logo=logo,
        seal=seal,
    )


def data_url(png: bytes) -> str:
    """Return a picture as an address that carries it."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii") if png else ""
