"""The operator registers institutions outside and their keys."""

from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from credits.ledger.grounds import ForeignParty
from tests.factories.ledger_events import public_text

pytestmark = pytest.mark.django_db


def register(*arguments: str) -> str:
    out = StringIO()
    call_command("register_party", *arguments, stdout=out)
    return out.getvalue()


def test_an_institution_gets_its_key_from_the_operator() -> None:
    key = public_text(Ed25519PrivateKey.generate())
    assert "0 keys" in register("schac:uw.edu.pl", "华沙大学")
    assert "1 keys" in register("schac:uw.edu.pl", "华沙大学", "--key", key)
    for bad in (("schac:uw.edu.pl", "别的大学"), ("schac:new.pl", "新", "--key", "nonsense")):
        with pytest.raises(CommandError):
            register(*bad)
    assert ForeignParty.objects.count() == 1
