"""Keys in a folder of the test's own; a scene in which a certificate can be issued."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from credits.certificates.models import Certificate
from tests.factories.certificates import Scene, issued, make_scene


@pytest.fixture(autouse=True)
def keys_dir(settings: Settings, tmp_path: Path) -> Path:
    """A folder for private keys that nobody else uses."""
    settings.KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def scene(db: None) -> Scene:
    """A university that signs, and a student who passed a course there."""
    return make_scene()


@pytest.fixture
def certificate(scene: Scene) -> Certificate:
    """An issued certificate with its paper."""
    return issued(scene)
