"""Write the check page as one HTML file with today's trust list inside, for a stick or an intranet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from credits.checking.public_views import alone_html


class Command(BaseCommand):
    help = "Write the check page as one HTML file with today's trust list inside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it, for instance guixue-check.html")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; a Refusal when the log has no key to sign the list with."""
        with translation.override("zh-hans"):
            text = alone_html()
        options["file"].write_text(text, encoding="utf-8")
        self.stdout.write(f"{options['file']}: {len(text.encode()) // 1024} KB\n")
