"""make_lti_key: another key with which this site signs for LTI tools and platforms."""

from typing import Any

from django.core.management.base import BaseCommand

from courses.lti import keys


class Command(BaseCommand):
    """Makes a key file."""

    help = (
        "Make a new RSA key for LTI 1.3; it signs from now on. The first one is made by itself. Older files in "
        "KEYS_DIR stay published under /lti/jwks until they are removed: remove one a day after its successor was made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key and name it."""
        self.stdout.write(f"{keys.make()} signs now.")
