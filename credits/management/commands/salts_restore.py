"""salts_restore FILE: bring back the salts after a restore."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.log import salt_files
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Exit status 1 when the file is none of this log's."""

    help = "After restoring the database: bring back the salts that salts_backup wrote, but for people erased since."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Read and say how many."""
        try:
            count = salt_files.restore(file)
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message}") from refusal
        self.stdout.write(f"{count} salts came back.")
