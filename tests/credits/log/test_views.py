"""The page of the log: what it says to anybody, and what to the operator alone."""

import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from credits.log import health, keys, notes, witnesses
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import Cosignature
from edu.kernel import clock
from tests.factories.log import ORIGIN, appended, sequenced

LATER = dt.timedelta(minutes=20)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "见证方"), ("en", "Witnesses")])
def test_anybody_reads_it_in_both_languages(log_dir: Path, client: Client, language: str, word: str) -> None:
    sequenced(3)
    page = client.get(f"/{language}/log/").content.decode()
    assert ORIGIN in page
    assert word in page
    assert bytes(CheckpointRow.objects.get().root).hex() in page
    assert keys.signing().get(algorithm="ed25519").public_key in page
    assert "notice" not in page


def test_an_empty_log_says_so(log_dir: Path, client: Client) -> None:
    assert "Nothing has been logged yet" in client.get("/en/log/").content.decode()


def test_the_address_without_language_leads_there(log_dir: Path, client: Client) -> None:
    assert client.get("/log/", follow=True).status_code == 200


def test_the_page_costs_few_queries(log_dir: Path, client: Client, django_assert_max_num_queries: object) -> None:
    sequenced(1)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        assert client.get("/en/log/").status_code == 200


def test_health_names_who_is_late_and_what_waits(log_dir: Path, settings: Settings) -> None:
    assert health.ailments() == []
    sequenced(1)
    private = Ed25519PrivateKey.generate()
    public = notes.PublicKey("w.example/w", notes.COSIGNATURE, private.public_key().public_bytes_raw())
    late = witnesses.add(public_key=public.text, address="http://127.0.0.1:9")
    settings.GUIXUE_LOG_QUORUM = 1
    assert health.ailments() == []
    appended(1)
    with clock.at(clock.now() + LATER):
        assert [ailment.code for ailment in health.ailments()] == ["entries-waiting", "witness-late", "quorum-not-met"]
        with pytest.raises(SystemExit):
            call_command("log_health")
    row = CheckpointRow.objects.get()
    line = notes.cosign(row.note, public, private, time=1).line
    Cosignature.objects.create(checkpoint=row, witness=late, line=line, cosigned_at=clock.now())
    settings.GUIXUE_LOG_QUORUM = 0
    with clock.at(clock.now() + LATER):
        assert [ailment.code for ailment in health.ailments()] == ["entries-waiting"]
