"""Files inside an archive of the course (a SCORM package), read where they lie; nothing is ever unpacked."""

import mimetypes
import posixpath
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from courses.content import queries as content
from courses.content.data import AssetInfo
from courses.content.storage import open_asset
from edu.kernel.errors import NotThere, Refusal

MANIFEST = "imsmanifest.xml"
MEMBER_BYTES_MAX = 100 * 1024 * 1024  # the film of a package; beyond it the package belongs into the course as files
MEMBERS_MAX = 20_000  # what a list of names may cost a request


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    body: bytes
    media_type: str
    etag: str


def package(version_id: int, path: str) -> AssetInfo | None:
    """Return the archive at a path of a version, or None when the course has none there."""
    try:
        return content.asset(version_id, path)
    except NotThere:
        return None


def member(version_id: int, path: str, name: str) -> Member:
    """Return a file of an archive of a version; NotThere when there is no such archive or file."""
    return member_of(content.asset(version_id, path).sha256, name)


def member_of(sha256: str, name: str) -> Member:
    """Return a file of the archive with this hash; NotThere when it has none of that name or is no archive."""
    with open_asset(sha256) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                found = _find(archive, name)
                body = archive.read(found)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):  # damaged, or locked by a password
            raise NotThere("no-such-file") from None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Member(body, media_type, f"{sha256[:24]}-{found.CRC:08x}")


def _find(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return a file by its path below the folder of the manifest."""
    infos = archive.infolist()
    if len(infos) > MEMBERS_MAX:
        raise NotThere("no-such-file")
    by_name = {info.filename: info for info in infos if not info.is_dir()}
    manifests = [path for path in by_name if posixpath.basename(path) == MANIFEST]
    manifests.sort(key=lambda path: path.count("/"))
    top = posixpath.dirname(manifests[0]) if manifests else ""
    found = by_name.get(posixpath.join(top, name)) or by_name.get(name)
    if found is None:
        raise NotThere("no-such-file")
    if found.file_size > MEMBER_BYTES_MAX:
        raise Refusal("member-too-large", _("This file of the package is too large to be shown."))
    return found
