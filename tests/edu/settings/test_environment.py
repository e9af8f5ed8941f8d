import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from edu.settings import environment

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "GUIXUE_SECRET_KEY": "k" * 50,
    "GUIXUE_ALLOWED_HOSTS": "guixue.example.org",
    "GUIXUE_BASE_URL": "https://guixue.example.org",
    "GUIXUE_BLOCKS_ORIGIN": "https://{course}.blocks.example.org",
    "DATABASE_URL": "postgresql://app:secret@db.example.org/guixue",
    "CELERY_BROKER_URL": "redis://broker.example.org/0",
    "REDIS_URL": "redis://broker.example.org/1",
}


def _start_production(**changes: str | None) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    command = [sys.executable, "-W", "ignore", "-c", "import edu.settings.production"]
    return subprocess.run(command, cwd=ROOT, env={**variables, "PATH": "/usr/bin"}, capture_output=True, text=True)


def test_production_starts_when_all_is_set() -> None:
    started = _start_production()
    assert started.returncode == 0, started.stderr


def test_cookies_of_production_are_bound_to_the_host() -> None:
    names = "from edu.settings import production as p; print(p.SESSION_COOKIE_NAME, p.CSRF_COOKIE_NAME)"
    command = [sys.executable, "-W", "ignore", "-c", names]
    done = subprocess.run(command, cwd=ROOT, env={**GOOD, "PATH": "/usr/bin"}, capture_output=True, text=True)
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"GUIXUE_SECRET_KEY": None}, "GUIXUE_SECRET_KEY"),
        ({"GUIXUE_SECRET_KEY": "demo-only-and-known-to-everyone-at-all"}, "GUIXUE_SECRET_KEY"),
        ({"GUIXUE_DEBUG": "1"}, "GUIXUE_DEBUG"),
        ({"GUIXUE_DEBUG": "perhaps"}, "neither yes nor no"),
        ({"GUIXUE_ALLOWED_HOSTS": ""}, "GUIXUE_ALLOWED_HOSTS"),
        ({"GUIXUE_BASE_URL": "http://guixue.example.org"}, "https"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "PostgreSQL"),
        ({"DATABASE_URL": "postgresql://guixue_app@/guixue?host=%2Ftmp%2Fguixue-pg-0-abc"}, "embedded"),
        ({"CELERY_BROKER_URL": None}, "CELERY_BROKER_URL"),
        ({"GUIXUE_BLOCKS_ORIGIN": ""}, "GUIXUE_BLOCKS_ORIGIN"),
    ],
)
def test_production_refuses_to_start_and_says_what_to_set(changes: dict[str, str | None], word: str) -> None:
    started = _start_production(**changes)
    assert started.returncode != 0
    assert "ImproperlyConfigured" in started.stderr
    assert word in started.stderr


def test_a_database_address_is_read_whole() -> None:
    read = environment.database("postgresql://a%40b:p%3Aw@db:5433/guixue")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("a@b", "p:w", "db", "5433")


def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIXUE_SOME_S", "ten")
    with pytest.raises(ImproperlyConfigured, match="GUIXUE_SOME_S"):
        environment.whole_number("GUIXUE_SOME_S", 1)
