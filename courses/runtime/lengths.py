"""How long the videos of a version are, read from the files themselves: a browser's word would be a learner's word."""

import logging
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any
from urllib.parse import urlsplit
from uuid import UUID

from courses.content.models import ContentBlock
from courses.content.queries import assets
from courses.content.storage import open_asset

log = logging.getLogger(__name__)

VERSIONS_MAX = 256  # versions never change
BOXES_MAX = 200  # a file of more top-level boxes is a fragmented stream, whose header says nothing
CONTAINER = b"moov"
HEADER = b"mvhd"


@lru_cache(maxsize=VERSIONS_MAX)
def videos_of(version_id: int, version_uuid: UUID) -> dict[str, int | None]:
    """Return the videos learners meet by usage id with their seconds, None where no file tells; two queries, kept."""
    rows = ContentBlock.objects.met_by_learners().filter(version_id=version_id, block_type="video")
    shown = rows.filter(support="supported").values_list("usage_id", "fields")
    sources = {usage_id: _source(fields) for usage_id, fields in shown}
    known = assets(version_id, [path for path in sources.values() if path])
    return {
        usage_id: _length(known[path].sha256, usage_id) if path in known else None for usage_id, path in sources.items()
    }


def _source(fields: dict[str, dict[str, Any]]) -> str:
    """Return the path of the first file in the course that a video block names, or ""."""
    for scope in fields.values():
        for source in scope.get("html5_sources") or []:
            if source and not urlsplit(source).netloc:
                return str(source).removeprefix("/static/").removeprefix("static/")
    return ""


def _length(sha256: str, usage_id: str) -> int | None:
    try:
        with open_asset(sha256) as stream:
            return mp4_seconds(stream)
    except OSError:
        log.warning("the file of %s cannot be read", usage_id)
        return None


def mp4_seconds(stream: IO[bytes]) -> int | None:
    """Return the whole seconds of an MP4 file (ISO/IEC 14496-12, movie header), or None when it is none."""
    try:
        for kind, start, end in _boxes(stream, 0, _size_of(stream)):
            if kind != CONTAINER:
                continue
            for inner, at, _end in _boxes(stream, start, end):
                if inner == HEADER:
                    return _movie_header(stream, at)
    except struct.error:
        return None
    return None


def _size_of(stream: IO[bytes]) -> int:
    return stream.seek(0, 2)


def _boxes(stream: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, first byte of the body and end of each box between two places."""
    for _number in range(BOXES_MAX):
        if start + 8 > end:
            return
        stream.seek(start)
        size, kind = struct.unpack(">I4s", stream.read(8))
        body = start + 8
        if size == 1:
            (size,) = struct.unpack(">Q", stream.read(8))
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start:
            return
        yield kind, body, min(start + size, end)
        start += size


def _movie_header(stream: IO[bytes], start: int) -> int | None:
    stream.seek(start)
    (version,) = struct.unpack(">B3x", stream.read(4))
    if version == 1:
        _made, _changed, scale, units = struct.unpack(">QQIQ", stream.read(28))
    else:
        _made, _changed, scale, units = struct.unpack(">IIII", stream.read(16))
    return -(-units // scale) if scale and units else None
