"""An institution's templates for its papers, edited in Wagtail, and the versions that papers were made with."""

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from credits.designs import previews
from credits.designs.pictures import private_pictures, require_picture
from credits.designs.rules import LINE_LENGTH_MAX, SENTENCE_LENGTH_MAX, PaperKind, Tint
from credits.designs.words import KIND_WORDS, TINT_WORDS, message_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PICTURES = "paper-pictures"  # the folder of emblems and seals in the private store


class PaperTemplate(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """One row per issuer and kind of paper: how it words and adorns them. What is live is used for new ones."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+", verbose_name=_("Institution")
    )
    kind = models.CharField(_("Paper"), max_length=20, choices=list(KIND_WORDS.items()))
    sentence_zh = models.TextField(_("Sentence in Chinese"), max_length=SENTENCE_LENGTH_MAX)
    sentence_en = models.TextField(_("Sentence in English"), max_length=SENTENCE_LENGTH_MAX)
    signer_zh = models.CharField(_("Signer's office and name in Chinese"), max_length=LINE_LENGTH_MAX, blank=True)
    signer_en = models.CharField(_("Signer's office and name in English"), max_length=LINE_LENGTH_MAX, blank=True)
    tint = models.CharField(_("Colour"), max_length=20, choices=list(TINT_WORDS.items()), default=Tint.BLUE.value)
    logo = models.FileField(_("Emblem"), upload_to=PICTURES, storage=private_pictures, blank=True)
    seal = models.FileField(_("Seal"), upload_to=PICTURES, storage=private_pictures, blank=True)

    class Meta:
        verbose_name = _("paper template")
        verbose_name_plural = _("paper templates")
        constraints = [models.UniqueConstraint(fields=["institution", "kind"], name="one_template_per_issuer_and_kind")]

    def __str__(self) -> str:
        return f"{KIND_WORDS[self.kind]} {self.institution}" if self.institution_id else str(_("paper template"))

    def clean(self) -> None:
        """Refuse sentences that name unknown places or lack one, and pictures that are none or too large."""
        super().clean()
        faults: dict[str, ValidationError | str] = {}
        for name in ("sentence_zh", "sentence_en"):
            if message := message_of(getattr(self, name), PaperKind(self.kind)) if self.kind else None:
                faults[name] = message
        for name in ("logo", "seal"):
            try:
                require_picture(getattr(self, name))
            except ValidationError as error:
                faults[name] = error
        if faults:
            raise ValidationError(faults)

    @property
    def preview_modes(self) -> "list[tuple[str, StrOrPromise]]":
        """The paper inside a page for the editor's panel, or the PDF by itself."""
        return [("page", _("Beside the form")), ("pdf", "PDF")]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Return the paper with sample facts."""
        return previews.answer(self, request, mode_name)


class PaperDesign(models.Model):
    """One row per published version of a template that a paper was made with: its texts and pictures. Never changed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    template_uuid = models.UUIDField()
    revision = models.PositiveBigIntegerField(null=True)  # Wagtail's number of the version
    content_hash = models.CharField(max_length=64)  # over document and pictures
    document = models.JSONField()  # strings: kind, sentences, signer, tint, the pictures' SHA-256
    logo = models.BinaryField(default=bytes)
    seal = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template_uuid", "revision", "content_hash"], nulls_distinct=False, name="paper_design_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_uuid} {self.content_hash[:8]}"
