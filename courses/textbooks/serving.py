"""Sending a pack whole or from where a download broke off (RFC 9110 §14), in pieces that memory holds."""

from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from courses.textbooks import rules

CHUNK = 256 * 1024


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
    stream.seek(first)
    length = last - first + 1
    pieces = _async_pieces(stream, length) if isinstance(request, ASGIRequest) else _pieces(stream, length)
    response = StreamingHttpResponse(pieces, status=status, headers=headers)
    response._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # also when the reader goes away
    return response


def _pieces(stream: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (piece := stream.read(min(CHUNK, length))):
        length -= len(piece)
        yield piece


async def _async_pieces(stream: IO[bytes], length: int) -> AsyncIterator[bytes]:
    """As `_pieces`, for the server that would otherwise read the whole file before it sends a byte."""
    read = sync_to_async(stream.read, thread_sensitive=False)
    while length > 0 and (piece := await read(min(CHUNK, length))):
        length -= len(piece)
        yield piece
