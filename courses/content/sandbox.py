"""Whether authors' Python can run: in a sandbox that the operator named, or not at all."""

from django.conf import settings


def is_there() -> bool:
    """True when the installation has a sandbox for scripts (`GUIXUE_SANDBOX_URL`)."""
    return bool(settings.GUIXUE_SANDBOX_URL)
