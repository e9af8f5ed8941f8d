"""salts_backup FILE: a short-lived backup of the salts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.log import salt_files


class Command(BaseCommand):
    """Exit status 1 when the file is there already."""

    help = (
        "Write the salts of the transparency log's owners to a new file that only this user may read. The database's "
        "own backups leave them out (pg_dump --exclude-table-data=credits_ownersalt). Keep these files a few days and "
        "then destroy them: a salt in an old backup undoes an erasure. Keep them on an encrypted disk."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write and say how many."""
        try:
            count = salt_files.backup(file)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} salts are in {file}; destroy it when a newer one is good.")
