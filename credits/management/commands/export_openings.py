"""export_openings FILE: what entries commit to, for an auditor's verifier."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.log import monitoring


class Command(BaseCommand):
    """Exit status 1 when the file is there already."""

    help = (
        "Write every posting that can still be opened, with its place in the log and its entry's salt, to a new file "
        "that only this user may read. It holds personal data: for an auditor with a right to it, who runs "
        "`python -m credits.log.verify_log … --openings FILE` on another machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write and say how many."""
        count = 0
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                for count, opening in enumerate(monitoring.openings(), 1):  # noqa: B007  (counted, and said below)
                    opened.write(opening.line + "\n")
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} openings are in {file}.")
