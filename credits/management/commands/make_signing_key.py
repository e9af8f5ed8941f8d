"""make_signing_key INSTITUTION_CODE: a new key for an institution's certificates."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits.certificates import keys
from credits.certificates.actions import PURPOSE, make_signing_key
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Makes the key file and registers its public half."""

    help = (
        "Make a new Ed25519 signing key for an institution's certificates and close the period of its old one. "
        "The private half is a file in KEYS_DIR that only this service's user may read: back it up apart from the "
        "database. Certificates signed with older keys stay good, so never delete a key's row. "
        "Example: manage.py make_signing_key 10593"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the institution and the wish for JSON."""
        parser.add_argument("code", metavar="INSTITUTION_CODE", help="10-digit code, or the 5-digit one inside it")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object for machines")

    def handle(self, *args: Any, code: str, as_json: bool, **options: Any) -> None:
        """Make the key and say where its file is."""
        try:
            institution = institutions_api.institution_by_code(code)
            key = make_signing_key(institution_uuid=institution.uuid, purpose=PURPOSE, acting=SYSTEM)
        except Refusal as refusal:
            raise CommandError(f"{code}: {refusal.message}") from refusal
        report = {
            "key_id": key.key_id,
            "institution_code": key.issuer_code,
            "public_key": key.public_key,
            "from_at": clock.rfc3339(key.from_at),
            "file": str(keys.path_of(key.key_id)),
        }
        if as_json:
            self.stdout.write(json.dumps(report, indent=2))
            return
        self.stdout.write(f"Key {key.key_id} for {institution.name_zh} signs from now on; its file is {report['file']}")
