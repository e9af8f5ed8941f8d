"""Writing a textbook: one zip of pages and files with a manifest (RFC 8785) signed by the institution's key.

The same version, said to be the same edition, under the same key and with the same films, gives the same bytes: no
moment of packing is in it. `verify_textbook.py` checks a pack without a network and without this house.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.utils import translation

from courses.content.models import ContentVersion
from courses.content.storage import open_asset
from courses.media.storage import open_copy
from courses.textbooks import collecting, keys, pages
from courses.textbooks.collecting import Book, Source
from courses.textbooks.facts import Facts
from courses.textbooks.models import TextbookKey
from edu.kernel.canonical import canonical_bytes

LANGUAGE = "zh-hans"  # of a book's own words: the same whoever asks, or the bytes would differ
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can name
UNIX = 3
CHUNK = 1 << 20
Progress = Callable[[int, int], None]  # bytes done, bytes in all


class NothingToRead(Exception):
    """The version holds no text, document or film that everybody may see."""


class FileMissing(Exception):
    """A file of the course is not in the storage; its path is the argument."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    manifest: dict[str, Any]
    key: TextbookKey
    book: Book


def write_pack(
    version: ContentVersion, facts: Facts, out: IO[bytes], *, progress: Progress = lambda _done, _total: None
) -> Written:
    """Write the signed pack of a version; a Refusal when no key can sign, and as the exceptions above say."""
    with translation.override(LANGUAGE):
        book = collecting.collect(version)
        texts = pages.written(book, facts)
    if not book.chapters:
        raise NothingToRead
    signer = keys.signer(version.course.institution.uuid)
    listed: list[dict[str, str]] = []
    total = sum(source.size for source in book.files.values())
    done = 0

    def tick(more: int) -> None:
        progress(done + more, total)

    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted([*texts, *book.files]):
            if path in texts:
                listed.append(_put_text(archive, path, texts[path]))
                continue
            entry = _put_file(archive, path, book.files[path], tick)
            done += int(entry["bytes"])
            listed.append(entry)
        manifest = {
            **facts.document(),
            "key_id": signer.row.key_id,
            "public_key": signer.row.public_key,
            "files": listed,
        }
        data = canonical_bytes(manifest)
        archive.writestr(_named("manifest.json", deflated=True), data)
        archive.writestr(_named("manifest.sig"), signer.sign(data))
    return Written(manifest, signer.row, book)


def _put_text(archive: zipfile.ZipFile, path: str, data: bytes) -> dict[str, str]:
    archive.writestr(_named(path, deflated=True), data)
    return {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": str(len(data))}


def _put_file(archive: zipfile.ZipFile, path: str, source: Source, tick: Callable[[int], None]) -> dict[str, str]:
    """Copy a file as it is: pictures and films are packed already. It is hashed again: the pack vouches for it."""
    digest, size = hashlib.sha256(), 0
    entry = _named(path)
    entry.file_size = source.size  # so that the archive is ready for more than 2 GB where it is needed
    try:
        stream = open_copy(source.sha256) if source.is_copy else open_asset(source.sha256)
    except FileNotFoundError:
        raise FileMissing(source.path) from None
    with stream, archive.open(entry, "w") as target:
        while part := stream.read(CHUNK):
            digest.update(part)
            target.write(part)
            size += len(part)
            tick(size)
    if digest.hexdigest() != source.sha256:
        raise FileMissing(source.path)
    return {"path": path, "sha256": source.sha256, "bytes": str(size)}


def _named(path: str, *, deflated: bool = False) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, FIXED_TIME)
    entry.create_system = UNIX
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    return entry


def summary(manifest: dict[str, Any]) -> str:
    """Return what a command prints about a pack, as JSON."""
    files = manifest["files"]
    told = {name: value for name, value in manifest.items() if name != "files"}
    weighed = {**told, "files": len(files), "bytes": sum(int(one["bytes"]) for one in files)}
    return json.dumps(weighed, indent=2, ensure_ascii=False)
