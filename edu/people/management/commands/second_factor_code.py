"""`manage.py second_factor_code`: the demo's stand-in for an authenticator app."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edu.kernel.errors import Refusal
from edu.people.queries import person_by_identifier
from edu.people.rules import read_identifier
from edu.people.second_factor import current_code


class Command(BaseCommand):
    help = (
        "Print the current code of a demo account's second step, as its authenticator app would show it. "
        "Works in the demo only. Exit status 1 when there is no such account or no second step."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("identifier", help="e-mail, phone, or school code and number: 10593/T001")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        identifier = read_identifier(options["identifier"])
        person = person_by_identifier(identifier) if identifier else None
        if person is None:
            raise CommandError(f"No account has the identifier {options['identifier']}.")
        try:
            code, seconds = current_code(person.uuid)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({"code": code, "valid_s": seconds}))
        else:
            self.stdout.write(f"{code}  (for {seconds} more seconds)")
