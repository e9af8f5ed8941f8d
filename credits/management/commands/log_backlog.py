"""log_backlog: append entries for what was written before the log was there."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from credits.log import actions, subjects
from credits.log.models import LogEntry


class Command(BaseCommand):
    """Safe to run twice."""

    help = (
        "Append an entry for every posting that has none, once, after the update that brought the transparency log. "
        "From its place in the log on nobody can change it unseen; of the time before the log says nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Append and say how many."""
        count = 0
        for kind, keeper in subjects.keepers().items():
            logged = set(LogEntry.objects.filter(kind=kind).values_list("subject_uuid", flat=True).iterator())
            for subject in keeper():
                if kind == "certificate" or subject.uuid in logged:
                    continue  # a certificate's entry is signed when it is issued
                with transaction.atomic():
                    actions.append(
                        kind=kind, subject_uuid=subject.uuid, owner_uuid=subject.owner_uuid, subject=subject.document
                    )
                count += 1
        self.stdout.write(f"{count} entries were appended.")
