"""Sending a pack whole or from where a download broke off (RFC 9110 §14), in pieces that memory holds."""

from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from courses.content.sending import streamed
from courses.textbooks import rules


def answer(request: HttpRequest, stream: IO[bytes], *, size: int, sha256: str, name: str) -> HttpResponseBase:
    """Return the file or the part that is asked for; 416 for a part beyond its end. Closes the stream when done.

    The entity tag is the hash, so a download goes on only with the very bytes it began with.
    """
    tag = f'"{sha256}"'
    fits = request.headers.get("If-Range", tag) == tag
    part = rules.wanted_part(request.headers.get("Range", ""), size) if fits else None
    headers = {"Accept-Ranges": "bytes", "ETag": tag, "Cache-Control": "private, no-transform"}
    if part and part[0] >= size:
        stream.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    headers |= {
        "Content-Type": "application/zip",
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        stream.close()
        return HttpResponse(status=status, headers=headers)
    return streamed(request, stream, first=first, length=last - first + 1, status=status, headers=headers)
