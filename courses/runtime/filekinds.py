"""Which files a learner may hand in, by what is in them: the name alone proves nothing. Pure functions."""

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

HEAD_BYTES = 4096
NAME_CHARS_MAX = 120
OTHER = "application/octet-stream"  # a browser stores it and opens nothing


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, and how it is known by its first bytes."""

    media_type: str
    fits: Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _is_film(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _is_mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _is_text(head: bytes) -> bool:
    """True for text in UTF-8 (a character may be cut off at the end), UTF-16 with its mark, or GB 18030."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4:
                continue
        return True
    return False


JPEG = Kind("image/jpeg", _begins(b"\xff\xd8\xff"))
ZIP = Kind(OTHER, _begins(b"PK\x03\x04"))
OLD_OFFICE = Kind(OTHER, _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
TEXT = Kind(OTHER, _is_text)
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "gif": Kind("image/gif", _begins(b"GIF87a", b"GIF89a")),
    **dict.fromkeys(("jpg", "jpeg", "jfif", "pjpeg", "pjp"), JPEG),
    "webp": Kind("image/webp", _riff(b"WEBP")),
    "wav": Kind("audio/wav", _riff(b"WAVE")),
    "mp3": Kind("audio/mpeg", _is_mp3),
    "mp4": Kind("video/mp4", _is_film),
    **dict.fromkeys(("m4a", "mov", "m4v"), Kind(OTHER, _is_film)),
    **dict.fromkeys(("ogg", "oga", "ogv"), Kind(OTHER, _begins(b"OggS"))),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "sb3"), ZIP),
    **dict.fromkeys(("doc", "xls", "ppt"), OLD_OFFICE),
    "rtf": Kind(OTHER, _begins(b"{\\rtf")),
    "7z": Kind(OTHER, _begins(b"7z\xbc\xaf\x27\x1c")),
    "rar": Kind(OTHER, _begins(b"Rar!\x1a\x07")),
    "gz": Kind(OTHER, _begins(b"\x1f\x8b")),
    **dict.fromkeys(("txt", "md", "csv", "tsv", "py", "r", "c", "h", "cpp", "java", "js", "tex", "json", "sql"), TEXT),
    **dict.fromkeys(("xml", "svg", "ipynb", "m", "go", "rs", "ts", "css", "srt", "yaml", "yml"), TEXT),
}
INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}  # what an archive of this name must hold
PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"dex\n")
IMAGES = frozenset({"image/png", "image/gif", "image/jpeg", "image/webp"})


def extension(name: str) -> str:
    """Return the ending of a name, in small letters, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """Return a name without folders and control characters, short enough to be shown; its ending stays."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    bare = "".join(sign for sign in bare if sign.isprintable() and sign not in '"<>|:*?').strip(" .")
    if len(bare) > NAME_CHARS_MAX:
        stem, _dot, end = bare.rpartition(".")
        bare = f"{stem[: NAME_CHARS_MAX - len(end) - 1]}.{end}" if len(end) < 10 else bare[:NAME_CHARS_MAX]
    return bare or "file"


def media_type_of(name: str, file: IO[bytes], allowed: Iterable[str], never: Iterable[str]) -> str | None:
    """Return the media type under which a file may be kept, None when it is not one of those that are allowed.

    Its ending must be allowed, and its bytes must be of the kind that the ending says. Programs are never taken.
    """
    end = extension(name)
    if end not in {one.lower() for one in allowed} or end in {one.lower() for one in never}:
        return None
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = KINDS.get(end)
    if head.startswith(PROGRAMS) or not head or (kind is not None and not kind.fits(head)):
        return None
    if end in INSIDE and not _holds(file, INSIDE[end]):
        return None
    return kind.media_type if kind else OTHER


def _holds(file: IO[bytes], folder: str) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.startswith(folder) for name in archive.namelist())
    except zipfile.BadZipFile:
        return False
    finally:
        file.seek(0)
