"""A log of its own for each test, so that seals have something to cut."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.factories.log import make_log


@pytest.fixture
def log_dir(db: None, settings: Settings, tmp_path: Path) -> Path:
    """The folder of an empty log that has its keys."""
    return make_log(settings, tmp_path)
