"""Tell the demo's story in an empty database."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from edu.people.models import Person
from edu.portal.story import accounts, scenes


class Command(BaseCommand):
    """Exit status 1 when the database holds people already, or outside the demo."""

    help = (
        "Tell the demo's story: Guangxi's institutions, two universities that agree, one student's credit from a "
        "course to a certificate, a second student half-way. Every deed is done by the action that the screens call. "
        "Works once, in an empty database, and never in production."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the story in one transaction: all of it is there, or nothing."""
        if not settings.GUIXUE_DEMO:
            raise CommandError("This is no demo: the story's accounts have a password that everybody knows.")
        if Person.objects.exists():
            raise CommandError("There are people already. `make clean` begins anew.")
        port = urlsplit(settings.GUIXUE_BASE_URL).port or 80
        with transaction.atomic():
            told = scenes.tell(port)
        scenes.close_terms()
        accounts.note(told)
        self.stdout.write("The story is told.")
