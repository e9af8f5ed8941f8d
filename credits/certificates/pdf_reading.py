"""Finds the machine record in a PDF that somebody brought: hostile bytes, so nothing of the PDF is believed or run.

No PDF library looks at the file: every stream object is taken as it lies, unpacked under a limit, and kept only if it
begins as a machine record does. That also finds it in a file that other programs saved again, added to or rebuilt;
an encrypted file, or one whose attachment was removed, has none.
"""

import re
import zlib

from credits.certificates.records import RECORD_SIZE_MAX_BYTES, TYPE, Unreadable

HEAD = b"%PDF-"
HEAD_WITHIN_BYTES = 1024  # readers accept some junk before it, and so do we
STREAMS_MAX = 5000  # ours has about thirty; scanned and signed copies some hundreds
_STREAM = re.compile(rb"stream\r?\n")
_MARK = f'"type":"{TYPE}"'.encode()


def is_pdf(data: bytes) -> bool:
    """True when the bytes say that they are a PDF."""
    return HEAD in data[:HEAD_WITHIN_BYTES]


def record_in(data: bytes) -> bytes:
    """Return the machine record that lies in a PDF; Unreadable when there is none, or two that differ."""
    found: set[bytes] = set()
    for count, match in enumerate(_STREAM.finditer(data)):
        if count >= STREAMS_MAX:
            raise Unreadable("too-many-streams")
        content = _content(data, match.end())
        if content.startswith(b"{") and _MARK in content:
            found.add(content)
    if not found:
        raise Unreadable("no-record-in-pdf")
    if len(found) > 1:
        raise Unreadable("several-records-in-pdf")
    return found.pop()


def _content(data: bytes, start: int) -> bytes:
    """Return what a stream holds, plain or deflated; b"" for anything larger than a record or otherwise packed."""
    if data[start : start + 1] == b"{":
        end = data.find(b"endstream", start, start + RECORD_SIZE_MAX_BYTES + 16)
        return data[start:end].rstrip(b"\r\n") if end > 0 else b""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data[start : start + 2 * RECORD_SIZE_MAX_BYTES], RECORD_SIZE_MAX_BYTES + 1)
    except zlib.error:
        return b""
    return content if len(content) <= RECORD_SIZE_MAX_BYTES else b""
