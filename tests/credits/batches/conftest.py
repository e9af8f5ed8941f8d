"""Keys, log and papers in a folder of the test's own."""

from tests.credits.certificates.conftest import *  # noqa: F403
