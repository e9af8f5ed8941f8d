"""ZIP files of a batch's papers: planned when the batch ends, built in the background, deleted after two weeks."""

import datetime as dt
import logging
import tempfile
import zipfile
from typing import Any

from django.core.files import File
from django.db.models import Prefetch, Q
from django.utils import timezone

from credits.batches.models import Batch, BatchArchive, BatchLine
from credits.batches.rules import spans
from credits.batches.states import LineStatus
from credits.certificates.models import Paper

log = logging.getLogger(__name__)

LEASE_S = 600  # a thousand papers are copied in seconds, from far storage in minutes
KEPT = dt.timedelta(days=14)  # the papers themselves stay; a copy of a thousand of them need not


def plan(batch: Batch) -> None:
    """Write down which archives a batch will have, in the caller's transaction."""
    last = batch.lines.order_by("-position").values_list("position", flat=True).first() or 0
    BatchArchive.objects.bulk_create(
        BatchArchive(batch=batch, number=number, from_position=first, to_position=end)
        for number, (first, end) in enumerate(spans(last), start=1)
    )


def build_waiting() -> int:
    """Build every archive that is planned and that nobody is building; returns how many."""
    built = 0
    for pk in _waiting().order_by("pk").values_list("pk", flat=True):
        built += build(pk)
    return built


def build(archive_id: int) -> bool:
    """Build one archive under a lease; False when it is there, or another worker has it. Safe after a kill."""
    until = timezone.now() + dt.timedelta(seconds=LEASE_S)
    if not _waiting().filter(pk=archive_id).update(leased_until=until):
        return False
    archive = BatchArchive.objects.select_related("batch").get(pk=archive_id)
    with tempfile.TemporaryFile() as kept:
        papers = _write(archive, kept)
        size = kept.tell()
        kept.seek(0)
        name = f"batches/{archive.batch.uuid}-{archive.number}.zip"
        storage = archive.file.storage
        storage.delete(name)  # of a run that was killed between filing and writing it down
        name = storage.save(name, File(kept)) if papers else ""
    BatchArchive.objects.filter(pk=archive_id).update(
        file=name, papers=papers, size=size if papers else 0, made_at=timezone.now(), leased_until=None
    )
    return True


def forget() -> int:
    """Delete the files of archives that have lain for two weeks; returns how many."""
    old = BatchArchive.objects.filter(made_at__lt=timezone.now() - KEPT, removed_at__isnull=True)
    for archive in old:
        if archive.file and archive.file.name:
            archive.file.storage.delete(archive.file.name)
        BatchArchive.objects.filter(pk=archive.pk).update(file="", removed_at=timezone.now())
    return len(old)


def _waiting() -> Any:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return BatchArchive.objects.filter(free, made_at__isnull=True)


def _write(archive: BatchArchive, kept: Any) -> int:
    """Write the papers, named by their numbers, as they lie: a PDF is packed already."""
    lines = BatchLine.objects.filter(
        batch=archive.batch,
        status=LineStatus.ISSUED,
        position__range=(archive.from_position, archive.to_position),
    )
    witnessed_first = Paper.objects.order_by("quorum_met", "pk")  # the last one is the best
    rows = lines.order_by("position").select_related("certificate")
    count = 0
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as zipped:
        for line in rows.prefetch_related(Prefetch("certificate__papers", witnessed_first, to_attr="in_order")):
            certificate: Any = line.certificate
            pdf = certificate.in_order[-1].pdf if certificate.in_order else certificate.pdf
            with pdf.open("rb") as file:
                zipped.writestr(f"{certificate.number}.pdf", file.read())
            count += 1
    return count
