"""Where the papers lie: never under MEDIA, which a web server may hand to anybody."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

PRIVATE = "private"


def private_storage() -> Storage:
    """Return the storage called "private" in STORAGES, or a folder of that name in DATA_DIR."""
    if PRIVATE in settings.STORAGES:
        return storages[PRIVATE]
    return FileSystemStorage(location=settings.DATA_DIR / PRIVATE, base_url=None)
