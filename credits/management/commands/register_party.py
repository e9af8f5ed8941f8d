"""register_party CODE NAME: an institution outside from which credit may come, and with a key, to which it may go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.ledger import exports
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Exit status 1 when the key is none or the code belongs to another name."""

    help = (
        "Register an institution outside under an identifier that its ELMO files carry, such as schac:uw.edu.pl. "
        "With --key (Ed25519, 32 bytes in base64, checked with the institution on another way) credit can be handed "
        "to it; a later key takes the place of the earlier one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take code, names and key."""
        parser.add_argument("code")
        parser.add_argument("name_zh", metavar="NAME")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--key", default="")

    def handle(self, *args: Any, code: str, name_zh: str, name_en: str, key: str, **options: Any) -> None:
        """Register and say what is known now."""
        try:
            party = exports.register_party(code=code, name_zh=name_zh, name_en=name_en, public_key=key, acting=SYSTEM)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{party.code} is registered with {party.keys.count()} keys.")
