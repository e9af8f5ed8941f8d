"""add_witness: who cosigns the log's checkpoints."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.log import witnesses
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Registers a witness, or ends one."""

    help = (
        "Register a witness of the transparency log by the key that it shows at its first start and by its address. "
        "From then on every checkpoint is shown to it. With `--end NAME` it is asked no more and counts no longer. "
        "Example: manage.py add_witness witness.example.edu.cn/guixue+1a2b3c4d+BA… https://witness.example.edu.cn"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take key and address, or the name of a witness to end."""
        parser.add_argument("key", nargs="?", metavar="KEY", help="name+hash+base64")
        parser.add_argument("address", nargs="?", metavar="ADDRESS", help="what stands before /add-checkpoint")
        parser.add_argument("--operator", default="", help="who runs it, for the page /log/")
        parser.add_argument("--end", metavar="NAME", help="ask this witness no more")

    def handle(
        self, *args: Any, key: str | None, address: str | None, operator: str, end: str | None, **options: Any
    ) -> None:
        """Do it and say so."""
        try:
            if end:
                witnesses.end(end)
                self.stdout.write(f"{end} is asked no more.")
            elif key and address:
                row = witnesses.add(public_key=key, address=address, operator=operator)
                self.stdout.write(f"{row.name} is asked for every checkpoint.")
            else:
                raise CommandError("Give KEY and ADDRESS, or --end NAME.")
        except Refusal as refusal:
            raise CommandError(f"{refusal.message}") from refusal
