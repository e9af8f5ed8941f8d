"""Files whole or in parts (RFC 9110 §14), so that a video can be wound forward."""

import re
from typing import IO

from django.http import HttpRequest, HttpResponse

PART_BYTES_MAX = 2 * 1024 * 1024  # a browser asks for the next part itself; a part is what one answer keeps in memory
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, stream: IO[bytes], *, size: int, media_type: str) -> HttpResponse:
    """Return the file, or the part that the request asks for; 416 for a part beyond its end."""
    wanted = _wanted(request.headers.get("Range", ""), size)
    if wanted is None:
        response = HttpResponse(b"" if request.method == "HEAD" else stream.read(), content_type=media_type)
        response["Content-Length"] = str(size)
    elif wanted[0] >= size:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        first, last = wanted
        stream.seek(first)
        response = HttpResponse(stream.read(last - first + 1), status=206, content_type=media_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte, or None when the whole file is wanted."""
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        first = max(0, size - int(found[2]))
        return first, min(size - 1, first + PART_BYTES_MAX - 1)
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if last < first < size:
        return None  # no range at all: the RFC lets it be ignored
    return first, min(last, size - 1, first + PART_BYTES_MAX - 1)
