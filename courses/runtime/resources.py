"""Scripts and styles that blocks bring: each is sent once, under an address that names what it holds."""

import hashlib
import mimetypes
from functools import lru_cache
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from xblock.exceptions import DisallowedFileError

from courses.content.blocktypes import load_block_class
from courses.runtime import addresses
from edu.kernel.errors import NotThere

FOLDER = "blocks"  # in the storage of files, so that every web process can serve what another has rendered
ENDINGS = {"text/css": "css", "application/javascript": "js", "text/javascript": "js"}
INLINE_MAX = 512  # different inline texts remembered by a process; blocks of ours have a dozen


def package_url(block_type: str, uri: str) -> str:
    """Return the address of a file that comes with the package of a block type."""
    return addresses.frame_path("package-file", block_type, _package_digest(block_type, uri), uri)


def package_file(block_type: str, uri: str) -> tuple[bytes, str]:
    """Return bytes and media type of a file that a package lets be served; NotThere for any other."""
    try:
        block_class: Any = load_block_class(block_type)
        with block_class.open_local_resource(uri) as file:
            return file.read(), mimetypes.guess_type(uri)[0] or "application/octet-stream"
    except (LookupError, OSError, ValueError, DisallowedFileError):
        raise NotThere("no-such-file") from None


@lru_cache(maxsize=INLINE_MAX)
def _package_digest(block_type: str, uri: str) -> str:
    return hashlib.sha256(package_file(block_type, uri)[0]).hexdigest()[:12]


@lru_cache(maxsize=INLINE_MAX)
def inline_url(text: str, media_type: str) -> str:
    """Keep a text that a block would repeat in every answer as a file, and return its address."""
    name = f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.{ENDINGS[media_type]}"
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(text.encode()))
    return addresses.frame_path("resource", name)


def inline_file(name: str) -> tuple[bytes, str]:
    """Return bytes and media type of a kept text; NotThere for any other name."""
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        raise NotThere("no-such-file")
    with default_storage.open(path) as file:
        return file.read(), "text/css" if name.endswith(".css") else "text/javascript"
