"""log_health: does the transparency log go on, and who is late?"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from credits.log import health


class Command(BaseCommand):
    """Exit status 0 when all is well, 1 with what ails."""

    help = (
        "Say whether the transparency log goes on, whether entries wait too long, and which witnesses are late. Quick: "
        "for monitoring every minute. monitor_log compares everything and takes longer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the wish for JSON."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object for machines")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        """Look and say."""
        found = health.ailments()
        if as_json:
            listed = [{"code": ailment.code, "message": str(ailment.message)} for ailment in found]
            self.stdout.write(json.dumps({"ok": not found, "ailments": listed}, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(f"{a.code:20} {a.message}" for a in found) or "The log goes on.")
        if found:
            raise SystemExit(1)
