"""Issues the certificates of a term, on several processes, with progress; run again after a kill it goes on."""

import multiprocessing
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from credits.batches import archives, queries, working
from credits.batches.actions import Order, request_batch
from credits.batches.models import Batch
from credits.batches.rules import Scope
from credits.batches.tasks import AT_WORK
from credits.certificates.kinds import CertificateKind
from credits.certificates.paper import document
from edu.institutions import api as institutions
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal

PAUSE_S = 1.0  # between looks at lines that wait for the log or lie with a worker that was killed
SAY_EVERY_S = 5.0


class Command(BaseCommand):
    """`manage.py issue_term 10593 2026-2027-1`."""

    help = "Issue the certificates of a term's credits that have none yet; go on with one that was interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("institution", help="its code, 10 or 5 digits")
        parser.add_argument("term", help="the term's code, as 2026-2027-1")
        parser.add_argument("--limit", type=int, help="at most so many, for a trial")
        parser.add_argument("--transcripts", action="store_true", help="a transcript for each person instead")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes, one a core by default")
        parser.add_argument("--no-archives", action="store_true", help="leave the ZIP files to the background worker")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            institution = institutions.institution_by_code(options["institution"])
            kind = CertificateKind.TRANSCRIPT if options["transcripts"] else CertificateKind.COURSE
            order = Order(scope=Scope.TERM, code=options["term"], kind=kind, limit=options["limit"])
            batch = _interrupted(institution.uuid, order) or request_batch(
                institution_uuid=institution.uuid, order=order, acting=SYSTEM
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"batch {batch.uuid}")
        begun = time.monotonic()
        document.warm()  # the fonts are read once, before the processes part
        connections.close_all()
        context = multiprocessing.get_context("fork")
        others = [
            context.Process(target=_work_alone, args=(batch.pk,)) for _number in range(max(options["workers"] - 1, 0))
        ]
        for process in others:
            process.start()
        self._work(batch, begun)
        for process in others:
            process.join()
        if not options["no_archives"]:
            archives.build_waiting()
        self._say(batch, begun)

    def _work(self, batch: Batch, begun: float) -> None:
        while working.work(batch.pk, SAY_EVERY_S):
            self._say(batch, begun)
            time.sleep(PAUSE_S if queries.nothing_free(batch) else 0)

    def _say(self, batch: Batch, begun: float) -> None:
        counts = queries.counts_of(batch)
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"{counts.ended} of {counts.total}: {counts.issued} issued, {counts.refused} refused, "
            f"{counts.failed} failed; {seconds:.0f} s, {counts.issued / max(seconds, 0.001):.1f} a second"
        )


def _interrupted(institution_uuid: Any, order: Order) -> Batch | None:
    same = Batch.objects.filter(institution__uuid=institution_uuid, scope=order.scope, scope_code=order.code)
    return same.filter(kind=order.kind, status__in=AT_WORK).first()


def _work_alone(batch_id: int) -> None:
    while working.work(batch_id, SAY_EVERY_S):
        time.sleep(PAUSE_S if queries.nothing_free(Batch.objects.get(pk=batch_id)) else 0)
