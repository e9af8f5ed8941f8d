"""Sending files in pieces that memory holds, however large they are."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

CHUNK = 256 * 1024


def streamed(
    request: HttpRequest, stream: IO[bytes], *, first: int, length: int, status: int, headers: Mapping[str, str]
) -> StreamingHttpResponse:
    """Return `length` bytes of a stream from `first` on; the stream is closed when they are sent or nobody reads on."""
    stream.seek(first)
    pieces = _async_pieces(stream, length) if isinstance(request, ASGIRequest) else _pieces(stream, length)
    response = StreamingHttpResponse(pieces, status=status, headers={**headers, "Content-Length": str(length)})
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
