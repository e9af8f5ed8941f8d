"""replay_erasures: after a restore, erase again whoever was erased."""

from typing import Any

from django.core.management.base import BaseCommand

from credits.log import erasures


class Command(BaseCommand):
    """Safe to run at any time."""

    help = (
        "After restoring a backup: destroy again the salts of all on the list of erasures (GUIXUE_ERASURES_FILE), "
        "which is kept outside the database. Until then the transparency log does not go on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many."""
        self.stdout.write(f"{erasures.replay()} people were erased again.")
