"""Writing a version as OLX again, in the layout of Studio's exports; what was imported comes out, known or not.

The same version gives the same bytes: names are sorted, times are zero.
"""

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lxml import etree

from courses.content import storage, xmlsafe
from courses.content.blocktypes import COMPOSITES, CONTAINERS, FILED_LEAVES
from courses.content.models import ContentAsset, ContentBlock, ContentVersion
from edu.kernel.errors import NotThere, Refusal

TOP = "course"  # the one folder of Studio's archives
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an export: its text, or the hash under which its bytes are kept."""

    path: str
    data: bytes = b""
    sha256: str = ""
    size: int = 0


def entries(version_id: int) -> Iterator[Entry]:
    """Yield every file of the export of a version, sorted by path; NotThere when there is no such version."""
    version = ContentVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotThere("no-such-version")
    files = {entry.path: entry for entry in _definitions(version)}
    for asset in ContentAsset.objects.filter(version=version):
        files.setdefault(asset.path, Entry(asset.path, sha256=asset.sha256, size=asset.size))
    for path in sorted(files):
        yield files[path]


def export_folder(version_id: int, folder: Path) -> int:
    """Write a version below `folder`/course; returns the number of files. Refusal when the folder is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal("not-empty", "The folder exists and is not empty. Name a new one.")
    count = 0
    for entry in entries(version_id):
        target = folder / TOP / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out, _opened(entry) as source:
            shutil.copyfileobj(source, out)
        count += 1
    return count


def export_archive(version_id: int, out: IO[bytes]) -> int:
    """Write a version as .tar.gz to an open file; returns the number of files."""
    count = 0
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for entry in entries(version_id):
            info = tarfile.TarInfo(f"{TOP}/{entry.path}")
            info.size, info.mode = entry.size or len(entry.data), 0o644
            with _opened(entry) as source:
                tar.addfile(info, source)
            count += 1
    return count


def _opened(entry: Entry) -> IO[bytes]:
    return storage.open_asset(entry.sha256) if entry.sha256 else io.BytesIO(entry.data)


def _definitions(version: ContentVersion) -> Iterator[Entry]:
    inline = _inline_blocks(version)
    for block in ContentBlock.objects.filter(version=version).order_by("ordinal").iterator(ROWS_AT_ONCE):
        if block.level == "course":
            yield _root_pointer(version, block)
        if is_filed(block):
            yield from _files_of(block, inline)
    for name, policy in (("policy", version.course_policy), ("grading_policy", version.grading_policy)):
        if policy:
            text = json.dumps(policy, ensure_ascii=False, indent=4) + "\n"
            yield Entry(f"policies/{version.source_run}/{name}.json", text.encode())


def is_filed(block: ContentBlock) -> bool:
    """True when a block's definition goes into a file of its own; the others stand inside their parent."""
    return block.block_type in CONTAINERS or block.block_type in FILED_LEAVES


def _inline_blocks(version: ContentVersion) -> dict[str, str]:
    """Return the elements of the blocks that stand inside their parents."""
    rows = ContentBlock.objects.filter(version=version).exclude(block_type__in=CONTAINERS | FILED_LEAVES)
    return dict(rows.values_list("usage_id", "olx"))


def _root_pointer(version: ContentVersion, block: ContentBlock) -> Entry:
    pointer = etree.Element("course", url_name=block.url_name)
    pointer.set("org", version.source_org)
    pointer.set("course", version.source_course)
    return Entry("course.xml", etree.tostring(pointer, encoding="utf-8") + b"\n")


def _files_of(block: ContentBlock, inline: dict[str, str]) -> Iterator[Entry]:
    """Yield the definition file of a block, and the text beside it when its definition names one."""
    name = block.url_name.replace(":", "/")
    path = f"{block.block_type}/{name}.xml"
    if block.reason.startswith("bad-xml"):
        yield Entry(path, block.olx.encode())
        return
    element = xmlsafe.xml_of(block.olx.encode(), path)
    filename = element.get("filename") if block.block_type == "html" else None
    if block.reason.startswith("no-file") and not filename:
        return  # it came without a file, and goes without one
    if block.block_type in CONTAINERS:
        _put_inline(element, inline)
    yield Entry(path, etree.tostring(element, encoding="utf-8") + b"\n")
    text = block.fields.get("content", {}).get("data")
    if filename and text is not None:
        folder = f"html/{name}".rpartition("/")[0]
        yield Entry(f"{folder}/{filename}.html", str(text).encode())


def _put_inline(element: etree._Element, inline: dict[str, str]) -> None:
    """Replace the pointers to blocks that have no file of their own by the blocks themselves."""
    for child in list(element):
        text = inline.get(f"{child.tag}@{child.get('url_name')}") if isinstance(child.tag, str) else None
        if text is not None:
            whole = xmlsafe.xml_of(text.encode(), str(child.tag))
            if child.tag in COMPOSITES:
                _put_inline(whole, inline)
            whole.tail = child.tail
            element.replace(child, whole)
