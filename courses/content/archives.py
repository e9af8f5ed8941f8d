"""Opening what a stranger sent: everything is checked while it is read, nothing is trusted, nothing is followed.

`open_course` gives a folder of plain files below the course's root, or raises a Refusal that says what to do.
"""

import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from django.utils.translation import gettext_lazy as _

from courses.content import limits
from edu.kernel.errors import Refusal

CHUNK = 64 * 1024
JUNK = {
    "__MACOSX",
    ".DS_Store",
    "Thumbs.db",
    ".git",
    "__pycache__",
}  # left by the machine that packed, no part of a course
BROKEN = (EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, lzma.LZMAError)


def _say_nothing() -> None:
    return


@contextmanager
def open_course(source: Path, *, work: Path, alive: Callable[[], None] = _say_nothing) -> Iterator[Path]:
    """Yield the folder that holds course.xml, for an archive (unpacked below `work`) or a folder (read in place).

    `alive` is called with every piece that is unpacked, so that a long one is not taken for a dead worker.
    """
    if source.is_symlink() or not source.exists():
        raise Refusal("no-such-file", _("There is no file or folder of this name. Check the path."))
    if source.is_dir():
        check_folder(source)
        yield course_root(source)
        return
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="unpack-", dir=work) as place:
        unpack(source, Path(place), alive=alive)
        yield course_root(Path(place))


def unpack(archive: Path, into: Path, *, alive: Callable[[], None] = _say_nothing) -> None:
    """Write the archive's plain files below `into`; a Refusal for anything unsafe, broken or too large."""
    size = archive.stat().st_size
    if size > limits.ARCHIVE_BYTES_MAX:
        raise _too_large("archive-too-large", size, limits.ARCHIVE_BYTES_MAX)
    with archive.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        try:
            if magic[:2] == b"\x1f\x8b":
                _unpack_tar(file, _Meter(size, alive), into)
            elif magic[:4] == b"PK\x03\x04":
                _unpack_zip(file, _Meter(size, alive), into)
            else:
                raise Refusal(
                    "not-an-archive",
                    _("This is neither a .tar.gz nor a .zip file. Export the course again and upload that."),
                )
        except BROKEN as error:
            raise Refusal(
                "archive-broken",
                _("The archive ends too early or is damaged. Download or pack it again and upload it again."),
                {"error": type(error).__name__},
            ) from None


class _Meter:
    """Counts what has been unpacked, against the size of the archive; refuses while the harm is still small."""

    def __init__(self, archive_size: int, alive: Callable[[], None]) -> None:
        self.archive_size = max(archive_size, 1)
        self.alive = alive
        self.total = 0
        self.files = 0

    def add(self, count: int) -> None:
        self.total += count
        self.alive()
        if self.total > limits.UNPACKED_BYTES_MAX:
            raise _too_large("unpacked-too-large", self.total, limits.UNPACKED_BYTES_MAX)
        if self.total > limits.RATIO_FREE_BYTES and self.total / self.archive_size > limits.RATIO_MAX:
            raise Refusal(
                "archive-bomb",
                _("The archive grows more than %(limit)s times when unpacked. Pack only the course's own files.")
                % {"limit": limits.RATIO_MAX},
            )

    def add_file(self) -> None:
        self.files += 1
        if self.files > limits.FILES_MAX:
            raise Refusal(
                "too-many-files",
                _("The archive holds more than %(limit)s files. Pack only the course's own files.")
                % {"limit": limits.FILES_MAX},
            )


class _MeteredGzip(io.RawIOBase):
    """A gzip stream that counts every byte it gives out, so that no header of a tar can hide a bomb."""

    def __init__(self, file: IO[bytes], meter: _Meter) -> None:
        self._gzip = gzip.GzipFile(fileobj=file)
        self._meter = meter

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        left = size if size >= 0 else None
        while left is None or left > 0:
            part = self._gzip.read(CHUNK if left is None else min(CHUNK, left))
            if not part:
                break
            self._meter.add(len(part))
            parts.append(part)
            left = None if left is None else left - len(part)
        return b"".join(parts)


def _unpack_tar(file: IO[bytes], meter: _Meter, into: Path) -> None:
    stream = _MeteredGzip(file, meter)
    seen: set[str] = set()
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            name = _safe_name(member.name)
            if name is None or member.isdir():
                continue
            if not member.isreg():
                raise _not_plain(member.name)
            meter.add_file()
            content = tar.extractfile(member)
            assert content is not None  # a regular file has content
            _write(content, into, name, seen, member.size)
    while stream.read(CHUNK):  # the checksum stands at the end: a truncated stream shows itself only there
        pass


def _unpack_zip(file: IO[bytes], meter: _Meter, into: Path) -> None:
    seen: set[str] = set()
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            name = _safe_name(info.filename)
            if name is None or info.is_dir():
                continue
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise _not_plain(info.filename)
            if info.flag_bits & 0x1:
                raise Refusal("encrypted", _("The archive is protected by a password. Pack it without one."))
            meter.add_file()
            with archive.open(info) as content:
                _write(_Metered(content, meter), into, name, seen, info.file_size)


class _Metered:
    """A reader that counts what it gives out."""

    def __init__(self, file: IO[bytes], meter: _Meter) -> None:
        self._file, self._meter = file, meter

    def read(self, size: int) -> bytes:
        part = self._file.read(size)
        self._meter.add(len(part))
        return part


def _write(content: "IO[bytes] | _Metered", into: Path, name: str, seen: set[str], size: int) -> None:
    if size > limits.FILE_BYTES_MAX:
        raise _too_large("file-too-large", size, limits.FILE_BYTES_MAX, name)
    if name in seen:
        raise Refusal("file-twice", _("The archive holds %(name)s twice. Pack it again.") % {"name": name})
    seen.add(name)
    target = into / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            while part := content.read(CHUNK):
                out.write(part)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise Refusal("file-twice", _("The archive holds %(name)s twice. Pack it again.") % {"name": name}) from None


def _safe_name(name: str) -> str | None:
    """Return a relative path without surprises, or None for what the packing machine left behind."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise Refusal(
            "name-not-utf8",
            _("A file name in the archive is not UTF-8. Rename it or pack the course on another machine."),
        ) from None
    path = PurePosixPath(name)
    if (
        name.startswith(("/", "\\"))
        or ".." in path.parts
        or "\\" in name
        or "\0" in name
        or path.drive
        or ":" in name[1:2]
    ):
        raise Refusal(
            "path-escapes",
            _("The archive names a place outside its own folder: %(name)s. Pack the course's folder only.")
            % {"name": name[:200]},
        )
    parts = [part for part in path.parts if part != "."]
    if not parts or JUNK & set(parts) or parts[-1].startswith("._"):
        return None
    if len(name) > limits.PATH_CHARACTERS_MAX or any(len(part.encode()) > limits.NAME_BYTES_MAX for part in parts):
        raise Refusal("name-too-long", _("A file name is too long: %(name)s. Shorten it.") % {"name": name[:80]})
    return "/".join(parts)


def check_folder(folder: Path) -> None:
    """Walk a folder as if it were an archive: no links, no devices, nothing too large or too many."""
    files = total = 0
    for path, entry in walk(folder):
        size = entry.stat(follow_symlinks=False).st_size
        if size > limits.FILE_BYTES_MAX:
            raise _too_large("file-too-large", size, limits.FILE_BYTES_MAX, path)
        files, total = files + 1, total + size
        if files > limits.FILES_MAX:
            raise Refusal(
                "too-many-files",
                _("The folder holds more than %(limit)s files. Keep only the course's own files.")
                % {"limit": limits.FILES_MAX},
            )
        if total > limits.UNPACKED_BYTES_MAX:
            raise _too_large("unpacked-too-large", total, limits.UNPACKED_BYTES_MAX)


def walk(folder: Path, below: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield (relative path, entry) of each plain file in order; a Refusal for links, devices and bad names."""
    with os.scandir(folder / below) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if _safe_name(path) is None:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(folder, path)
        elif entry.is_file(follow_symlinks=False):
            yield path, entry
        else:
            raise _not_plain(path)


def course_root(folder: Path) -> Path:
    """Return the folder with course.xml: this one, or the only one inside (archives of Studio hold one folder)."""
    candidates = [folder, *sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())]
    roots = [place for place in candidates if (place / "course.xml").is_file()]
    if len(roots) == 1 or (roots and roots[0] == folder):
        return roots[0]
    if roots:
        raise Refusal("several-courses", _("The archive holds several courses. Pack one course and upload that."))
    if any((place / "library.xml").is_file() for place in candidates):
        raise Refusal(
            "is-a-library",
            _("This is a content library, not a course. Export the course that uses it and upload that."),
        )
    raise Refusal(
        "no-course", _("There is no course.xml in the archive or its first folder. Upload an OLX export of a course.")
    )


def _not_plain(name: str) -> Refusal:
    return Refusal(
        "not-a-plain-file",
        _("%(name)s is a link or a device, not a plain file. Replace it by the file it stands for.")
        % {"name": name[:200]},
    )


def _too_large(code: str, size: int, limit: int, name: str = "") -> Refusal:
    return Refusal(
        code,
        _("Too large: %(size)s MB where at most %(limit)s MB are taken. Move long videos to the media server.")
        % {"size": size // 1_000_000, "limit": limit // 1_000_000},
        {"name": name, "size": size, "limit": limit},
    )
