"""Files whole or in parts (RFC 9110 §14), so that a video can be wound forward."""

import re
from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from courses.content.sending import streamed

PART_BYTES_MAX = 2 * 1024 * 1024  # a browser asks for the next part itself; a part is what one answer keeps in memory
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, stream: IO[bytes], *, size: int, media_type: str) -> HttpResponseBase:
    """Return the file, or the part that the request asks for; 416 for a part beyond its end. Closes the stream.

    A whole file goes out in pieces: a film that somebody downloads is larger than a process should become.
    """
    wanted = _wanted(request.headers.get("Range", ""), size)
    headers = {"Accept-Ranges": "bytes", "Content-Type": media_type}
    if wanted is None and request.method != "HEAD" and size > PART_BYTES_MAX:
        return streamed(request, stream, first=0, length=size, status=200, headers=headers)
    with stream:
        if wanted is None:
            body = b"" if request.method == "HEAD" else stream.read()
            return HttpResponse(body, headers={**headers, "Content-Length": str(size)})
        if wanted[0] >= size:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        first, last = wanted
        stream.seek(first)
        body = stream.read(last - first + 1)
        return HttpResponse(body, status=206, headers={**headers, "Content-Range": f"bytes {first}-{last}/{size}"})


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
