"""make_textbook_key INSTITUTION_CODE: another key with which an institution's textbooks are signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.textbooks import keys
from edu.institutions import api as institutions
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Makes the key file and registers its public half."""

    help = (
        "Make a new Ed25519 key for an institution's digital textbooks and close the period of its old one. The first "
        "is made by itself at the first pack. The private half is a file in KEYS_DIR: back it up apart from the "
        "database. Packs signed with older keys stay good and their public keys stay published; the old private file "
        "may be removed. Example: manage.py make_textbook_key 4145010593"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the institution."""
        parser.add_argument("code", metavar="INSTITUTION_CODE", help="10-digit code, or the 5-digit one inside it")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Make the key and say where its file is."""
        try:
            institution = institutions.institution_by_code(code)
            key = keys.rotate(institution_uuid=institution.uuid, acting=SYSTEM)
        except Refusal as refusal:
            raise CommandError(f"{code}: {refusal.message}") from refusal
        self.stdout.write(f"Key {key.key_id} for {institution.name_zh} signs from now on.")
        self.stdout.write(f"Public key {key.public_key}; its file is {keys.path_of(key.key_id)}")
