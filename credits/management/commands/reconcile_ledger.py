"""`manage.py reconcile_ledger`: is every balance what its postings say, and do the guards stand?"""

import json
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from credits.ledger import reconciliation
from credits.ledger.reconciliation import sizes
from credits.seals import reconciling

ALL_CHECKS = (*reconciliation.ALL_CHECKS, *reconciling.ALL_CHECKS)


class Command(BaseCommand):
    help = """Recomputes every balance of the credit ledger from its posting lines and checks every invariant:
postings sum to zero for every lot, balances have their sign, reversals mirror, nothing is minted or
reversed twice, no event lies after its record, degrees, handings over, releases (their signatures too) and
opening lists stand behind their postings, every seal of a term follows from the postings before its cut
and is what the log committed to, corrections after a seal name it, and the triggers and privileges that
guard the tables are in place. Reads one snapshot and changes nothing, so it may run while people work.

Exit status 0 when all is well, 1 with the differing rows otherwise.

    manage.py reconcile_ledger            a line for each check
    manage.py reconcile_ledger --json     {"ok": …, "rows": {…}, "checks": […], "differences": […]}"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, **options: Any) -> None:
        began = time.monotonic()
        rows, found = sizes(), reconciliation.differences() + reconciling.differences()
        if options["json"]:
            answer = {
                "ok": not found,
                "rows": rows,
                "checks": sorted(ALL_CHECKS),
                "differences": [asdict(difference) for difference in found],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for check in ALL_CHECKS:
                wrong = [difference for difference in found if difference.check == check]
                self.stdout.write(f"{check:46} {'ok' if not wrong else f'{len(wrong)} differ'}")
                for difference in wrong:
                    self.stdout.write(f"    {difference.row}: {difference.says}, should be {difference.should}")
            counted = ", ".join(f"{number} {name}" for name, number in rows.items())
            self.stdout.write(f"{counted}; {time.monotonic() - began:.1f} s")
        if found:
            raise SystemExit(1)
