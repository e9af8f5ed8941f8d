"""log_replay_tail: after restoring an older backup, bring the log's entries back from its files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credits.log import replaying
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Exit status 1 when the files do not fit."""

    help = (
        "After restoring an older backup of the database: bring back the entries of the transparency log that its "
        "files hold and the database lacks, so that the log goes on where the world saw it last. Entries whose "
        "subject is lost stay in the log without it, and monitor_log names them. Stop the worker first. "
        "Order: salts_restore, replay_erasures, log_replay_tail, monitor_log."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how much came back."""
        try:
            done = replaying.replay_tail()
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code} {refusal.details or ''})") from refusal
        self.stdout.write(f"{done.found} waiting entries got their place back; {done.lost} came back without subject.")
