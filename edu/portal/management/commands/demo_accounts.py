"""Print the demo's address, accounts and walk, with the second factors as they are now."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from edu.portal.story import accounts
from edu.portal.story.cast import PASSWORD


class Command(BaseCommand):
    """Exit status 1 when no story was told here."""

    help = "Print where the demo is, who may log in, and what to try. --codes prints only the second factors of now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --codes and --json."""
        parser.add_argument("--codes", action="store_true", help="print only the current codes of the registrars")
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was asked for."""
        if not settings.GUIXUE_DEMO:
            raise CommandError("This is no demo.")
        if options["codes"]:
            for account in accounts.accounts():
                if account.secret:
                    self.stdout.write(f"{account.email} {accounts.current_code(account.secret)}")
            return
        try:
            left = accounts.left_behind()
        except FileNotFoundError:
            raise CommandError("No story was told here yet: run `make demo`.") from None
        if options["json"]:
            known = [{**asdict(account), "password": PASSWORD} for account in accounts.accounts()]
            self.stdout.write(json.dumps({"accounts": known, **left}, ensure_ascii=False))
            return
        for line in accounts.lines(settings.GUIXUE_BASE_URL + "/"):
            self.stdout.write(line)
