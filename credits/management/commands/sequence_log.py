"""sequence_log: place what is pending, sign, publish; what the worker does by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credits.log import sequencer
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Exit status 1 when the log must not go on."""

    help = (
        "Give the waiting entries of the transparency log their places, write the tiles, sign a checkpoint, ask the "
        "witnesses and publish. The worker does this every five seconds; run it by hand to see why it does not go on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once and say what happened."""
        try:
            done = sequencer.sequence()
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code} {refusal.details or ''})") from refusal
        if done is None:
            self.stdout.write("Another sequencer is at work.")
        elif done.tree is None:
            self.stdout.write("The log is empty.")
        else:
            self.stdout.write(f"{done.placed} entries placed; {done.tree.size} in all, root {done.tree.root.hex()}")
