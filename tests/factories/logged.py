"""Issued certificates that stand in a log of the test's own."""

from pathlib import Path

from pytest_django.fixtures import Settings

from credits.certificates import keys
from credits.certificates.models import Certificate
from credits.log import actions, commitments, sequencer
from credits.log import queries as log
from tests.factories.certificates import Scene, issued
from tests.factories.log import make_log


def make_checked_log(settings: Settings, folder: Path) -> Path:
    """Make an empty log with keys."""
    return make_log(settings, folder)


def logged_certificate(scene: Scene) -> Certificate:
    """Issue the scene's certificate and see to it that a checkpoint has it."""
    row = issued(scene)
    if log.index_of(commitments.CERTIFICATE, row.uuid) is None:
        key = row.key

        def sign(message: bytes) -> tuple[str, str]:
            return key.key_id, keys.sign(key.key_id, key.public_key, message)

        actions.append_certificate(
            certificate_uuid=row.uuid, owner_uuid=row.holder.uuid, statement=row.statement, sign=sign
        )
        sequencer.sequence()
    return row
