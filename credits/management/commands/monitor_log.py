"""monitor_log: do database, tiles and subjects say the same?"""

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from credits.log import monitoring


class Command(BaseCommand):
    """Exit status 0 when all is well, 1 with what differs."""

    help = (
        "Compare the transparency log's files with the database and with what the entries commit to: every tile, every "
        "signature, every entry, every posting. Says at which index which posting differs from what was logged, what "
        "is missing on either side, and which guard of the database is off. Changes nothing; run it hourly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the wish for JSON."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object for machines")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        """Look and say."""
        began = time.monotonic()
        found = monitoring.findings()
        if as_json:
            answer = {"ok": not found, "findings": [asdict(finding) for finding in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for finding in found:
                self.stdout.write(f"{finding.code:24} {finding.place}: {finding.detail}")
            self.stdout.write(f"{len(found)} findings; {time.monotonic() - began:.1f} s")
        if found:
            raise SystemExit(1)
