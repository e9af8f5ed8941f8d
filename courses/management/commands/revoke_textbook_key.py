"""revoke_textbook_key KEY_ID: a key of textbooks that somebody else may hold counts no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.textbooks import revoking
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Revokes a key in the public key file and has the current packs made anew."""

    help = (
        "Revoke a key with which digital textbooks were signed, after a leak. The institution's key file then names it "
        "as revoked, with the SHA-256 of every pack that was made here: these stay good, others of the key do not. "
        "A new key signs, and the packs that schools are pointed to are made again by the worker. "
        "Example: manage.py revoke_textbook_key 4145010593-textbook-2026-1f3a9c5e"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the key."""
        parser.add_argument("key_id", metavar="KEY_ID", help="its id, the first word of its line in the key file")

    def handle(self, *args: Any, key_id: str, **options: Any) -> None:
        """Revoke it and say what follows."""
        try:
            asked = revoking.revoke(key_id=key_id, acting=SYSTEM)
        except Refusal as refusal:
            raise CommandError(f"{key_id}: {refusal.message}") from refusal
        self.stdout.write(f"Key {key_id} is revoked; {len(asked)} packs are being made anew.")
        self.stdout.write("Tell schools to fetch the key file again: the copies that they keep do not know it yet.")
