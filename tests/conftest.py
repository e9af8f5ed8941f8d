"""Real PostgreSQL for every test: an embedded cluster, a migrated template, a fresh clone a run."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.utils.translation import override
from hypothesis import HealthCheck
from pytest_django.fixtures import Settings

from edu.embedded.database import Cluster
from tests.template import cluster_of_tests, ensure_template, template_name

# A busy machine is slow at making examples and at running them; neither is a fault of what is tested.
hypothesis.settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any-machine")

ROOT = Path(__file__).resolve().parent.parent
FEWER_ROUNDS = 50_000, 20, 20  # of the garbage collector


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests; the others keep their order, so that a module's fixtures are made once."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Leave what was imported out of the collector's rounds: half a million objects that live to the end anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*FEWER_ROUNDS)


def _point_at(name: str) -> None:
    connections["default"].close()
    django_settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


@contextmanager
def _cloned(cluster: Cluster, name: str) -> Iterator[str]:
    cluster.drop(name)
    cluster.create(name, template=template_name())
    try:
        yield name
    finally:
        cluster.drop(name)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The running embedded cluster with a migrated template; it is left running for the next run."""
    cluster = cluster_of_tests()
    ensure_template(cluster)
    return cluster


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give pytest-django a clone of the template, reached as the application role."""
    name = f"run_{os.getpid()}"
    with _cloned(cluster, name), django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(name)
        yield
        connections["default"].close()


@pytest.fixture
def committed_database(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A clone of its own for a test that commits (threads, worker, browser); append-only tables refuse TRUNCATE."""
    before = str(django_settings.DATABASES["default"]["NAME"])
    name = f"own_{os.getpid()}_{os.urandom(3).hex()}"
    with _cloned(cluster, name), django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(name)
        yield name
        connections["default"].close()
        _point_at(before)


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data; without it the test is skipped loudly on a user's machine and fails in CI."""
    folder = Path(os.environ.get("GUIXUE_REFERENCE_DATA", str(ROOT.parent / "shared" / "data")))
    if not folder.is_dir():
        message = f"REFERENCE DATA IS MISSING: {folder} is not there; set GUIXUE_REFERENCE_DATA to its place."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(autouse=True)
def _own_log(settings: Settings, tmp_path: Path) -> None:
    """Each test has a log folder and keys of its own: a folder remembers more than a database that was rolled back."""
    settings.GUIXUE_LOG_DIR = tmp_path / "log"
    settings.GUIXUE_ERASURES_FILE = tmp_path / "erasures.txt"
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Each test begins in the site's default language: a view that an earlier test opened leaves its own behind."""
    with override(django_settings.LANGUAGE_CODE):
        yield
