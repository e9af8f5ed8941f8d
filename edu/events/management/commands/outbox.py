"""Show how the outbox stands, deliver what is due, revive dead letters."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count

from edu.events.actions import deliver_all, revive
from edu.events.models import Delivery, DeliveryStatus
from edu.kernel.actor import SYSTEM


class Command(BaseCommand):
    """Exit status: 0 nothing is dead, 1 dead letters wait for an operator."""

    help = (
        "Show how many deliveries wait, are done or dead. Dead ones have failed too often; read why, mend the cause, "
        "then `outbox --revive all`. `--deliver` delivers what is due now, without a worker. "
        "Exit status 1 means that dead letters wait."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --deliver, --revive and --json."""
        parser.add_argument("--deliver", action="store_true", help="deliver what is due, here and now")
        parser.add_argument(
            "--revive", metavar="ID|all", help="give a dead delivery (or all) another round of attempts"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, then print the state."""
        dead = Delivery.objects.filter(status=DeliveryStatus.DEAD)
        if options["revive"]:
            chosen = dead if options["revive"] == "all" else dead.filter(pk=options["revive"])
            for delivery_id in list(chosen.values_list("pk", flat=True)):
                revive(delivery_id, acting=SYSTEM)
        if options["deliver"]:
            deliver_all()
        counts = dict(Delivery.objects.values_list("status").annotate(count=Count("pk")).order_by())
        letters = [
            {"id": row.pk, "event": row.event.name, "subscriber": row.subscriber, "error": row.last_error}
            for row in dead.select_related("event").order_by("pk")
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"counts": counts, "dead": letters}, ensure_ascii=False))
        else:
            for status in DeliveryStatus.values:
                self.stdout.write(f"{status:8} {counts.get(status, 0)}")
            for letter in letters:
                self.stdout.write("dead {id}: {event} for {subscriber}: {error}".format(**letter))
        if letters:
            sys.exit(1)
