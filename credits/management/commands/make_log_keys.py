"""make_log_keys: keys with which the transparency log signs, and the end of old ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.log import keys
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Makes key files and registers their public halves."""

    help = (
        "Make the Ed25519 and ML-DSA-44 keys with which the transparency log signs its checkpoints. The private halves "
        "are files in KEYS_DIR: back them up apart from the database. Run again for a change of keys: old and new sign "
        "side by side until `--end KEY_ID`, so that witnesses and checkers can be given the new ones first. What an "
        "ended key has signed stays good. The last line of each key is what witnesses need."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the key to end, or the wish not to make a second pair."""
        parser.add_argument("--end", metavar="KEY_ID", help="let this key sign no more; makes no new one")
        parser.add_argument("--first", action="store_true", help="do nothing when the log has keys")

    def handle(self, *args: Any, end: str | None, first: bool, **options: Any) -> None:
        """Make the keys or end one, and list those that sign."""
        try:
            if end:
                keys.end(end)
            elif not (first and keys.signing().exists()):
                keys.make()
        except Refusal as refusal:
            raise CommandError(f"{refusal.message}") from refusal
        for row in keys.signing():
            self.stdout.write(f"{row.key_id} signs; its file is {keys.path_of(row.key_id)}\n{row.public_key}")
