"""erase_person: destroy what identifies somebody who has left and asked for it."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal
from edu.people.erasing import erase_person


class Command(BaseCommand):
    help = (
        "Erase a person who has left every institution: name, addresses, numbers, posts, answers, notices, the salt "
        "that opens their log entries. Results, ledger and issued certificates stay, as the law has schools keep "
        "them. It cannot be undone. Exit status 1 when it is refused; nothing is changed then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", type=UUID, help="the person's uuid, from the page about them")
        parser.add_argument("--basis", required=True, help="on what ground, for example the request's number; no name")
        parser.add_argument("--yes", action="store_true", help="do it; without this nothing happens")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError("Nothing was done. It cannot be undone: say --yes when the request was checked.")
        try:
            erase_person(person_uuid=options["uuid"], basis=options["basis"], acting=SYSTEM)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write("The person was erased.")
