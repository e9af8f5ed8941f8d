"""A course as a digital textbook (数字教材): texts, pictures and films in one signed file for a school's LAN.

In it stand texts, documents and films with captions, and of files only those that they show. Problems, their keys,
policies and everything about people stay out. The manifest names the version and each file's SHA-256, and is signed
with the institution's key for textbooks; `verify_textbook.py` checks a pack without a network and without this house.
"""

import base64
import hashlib
import html
import json
import os
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from courses.content.data import AssetInfo
from courses.content.models import ContentBlock, ContentVersion
from courses.content.queries import assets
from courses.content.storage import open_asset
from courses.media.queries import bare, copies, named
from courses.media.storage import open_copy
from courses.runtime.captions import to_webvtt
from edu.kernel import clock
from edu.kernel.canonical import canonical_bytes

TYPE, VERSION = "guixue-textbook", "1"
SHOWN_TYPES = frozenset({"html", "video", "pdf"})  # what can be read without being answered
REFERENCE = re.compile(r"""(?P<before>["'(=]\s*)/?static/(?P<path>[^"'()<>\s?#&]+)""")
STYLE = "body{max-width:38em;margin:1em auto;padding:0 1em;line-height:1.75}img,video{max-width:100%}"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same version packed twice differs in the manifest alone


@dataclass(slots=True)
class Pack:
    """What goes into a pack: texts by path, and files of the course that they show."""

    texts: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, AssetInfo] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)  # path in the pack → hash of a light copy


def write_pack(version: ContentVersion, out: IO[bytes]) -> dict[str, Any]:
    """Write the signed pack of a version and return its manifest."""
    pack = _collect(version)
    course = version.course
    listed: list[dict[str, str]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(_contents(pack)):
            archive.writestr(zipfile.ZipInfo(path, FIXED_TIME), data, zipfile.ZIP_DEFLATED)
            listed.append({"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": str(len(data))})
        key = signing_key(course.institution.uuid)
        manifest = {
            "type": TYPE,
            "version": VERSION,
            "course_uuid": str(course.uuid),
            "course_code": course.code,
            "title": version.title or course.name_zh,
            "institution_code": course.institution.code or "",
            "content_version": str(version.number),
            "content_digest": version.digest,
            "made_at": clock.rfc3339(clock.now()),
            "public_key": public_text(key),
            "files": listed,
        }
        data = canonical_bytes(manifest)
        archive.writestr(zipfile.ZipInfo("manifest.json", FIXED_TIME), data)
        archive.writestr(zipfile.ZipInfo("manifest.sig", FIXED_TIME), base64.b64encode(key.sign(data)))
    return manifest


def signing_key(institution_uuid: UUID) -> Ed25519PrivateKey:
    """Return the institution's key for textbooks, made at its first pack; its file is the service's alone."""
    file = Path(settings.KEYS_DIR) / f"textbook-{institution_uuid}.pem"
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except FileNotFoundError:
        return _new_key(file)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half as schools are given it."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def _new_key(file: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(pem)
    return key


def _contents(pack: Pack) -> list[tuple[str, bytes]]:
    read: dict[str, bytes] = dict(pack.texts)
    for path, asset in pack.files.items():
        with open_asset(asset.sha256) as stream:
            read[path] = stream.read()
    for path, sha256 in pack.copies.items():
        with open_copy(sha256) as stream:
            read[path] = stream.read()
    return list(read.items())


def _collect(version: ContentVersion) -> Pack:
    pack = Pack()
    units: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for block in ContentBlock.objects.filter(version=version).defer("olx").order_by("ordinal"):
        settings_ = {**block.inherited, **block.fields.get("settings", {})}
        if settings_.get("visible_to_staff_only"):
            continue
        if block.level == "unit":
            names[block.usage_id], units[block.usage_id] = block.display_name, []
        if block.unit_usage_id in units and block.level in {"unit", "block"}:
            units[block.unit_usage_id].extend(_piece(version, block, pack))
    pages = [(f"unit-{n}.html", names[unit], parts) for n, (unit, parts) in enumerate(units.items(), start=1) if parts]
    for path, name, parts in pages:
        pack.texts[path] = _page(name, f'<p><a href="index.html">{_("Contents")}</a></p>' + "".join(parts))
    lines = "".join(f'<li><a href="{path}">{html.escape(name)}</a></li>' for path, name, _parts in pages)
    pack.texts["index.html"] = _page(version.title or version.course.name_zh, f"<ol>{lines}</ol>")
    return pack


def _piece(version: ContentVersion, block: ContentBlock, pack: Pack) -> list[str]:
    """Return what a block gives to its page; nothing for what is answered rather than read."""
    if block.block_type not in SHOWN_TYPES or block.support != "supported":
        return []
    title = f"<h2>{html.escape(block.display_name)}</h2>" if block.block_type != "html" and block.display_name else ""
    if block.block_type == "html":
        return [_text(version, str(block.fields.get("content", {}).get("data", "")), pack)]
    if block.block_type == "pdf":
        fields = {**block.fields.get("settings", {}), **block.fields.get("content", {})}
        path = _file(version, bare(str(fields.get("url") or "")), pack)
        return [f'{title}<p><a href="{path}">{html.escape(block.display_name or path)}</a></p>'] if path else []
    return _film(version, block, pack, title)


def _film(version: ContentVersion, block: ContentBlock, pack: Pack, title: str) -> list[str]:
    source = next(iter(named(block.fields)), "")
    asset = assets(version.pk, [source]).get(source) if source else None
    if asset is None:
        return []
    made = copies(version.pk, version.uuid).get(asset.sha256, ())
    light = next((copy for copy in made if copy.quality == "light"), None)
    path = f"files/{source}"
    if light is None:
        pack.files[path] = asset
    else:
        pack.copies[path] = light.sha256
    tracks = ""
    for language, name in (block.fields.get("settings", {}).get("transcripts") or {}).items():
        found = assets(version.pk, [bare(str(name))]).get(bare(str(name)))
        if found is None:
            continue
        with open_asset(found.sha256) as stream:
            pack.texts[f"files/{bare(str(name))}.vtt"] = to_webvtt(stream.read()).encode()
        tracks += f'<track kind="captions" srclang="{html.escape(language)}" src="files/{bare(str(name))}.vtt">'
    return [f'{title}<video controls preload="none" src="{html.escape(path)}">{tracks}</video>']


def _text(version: ContentVersion, text: str, pack: Pack) -> str:
    def moved(found: re.Match[str]) -> str:
        path = _file(version, found["path"], pack)
        return found["before"] + path if path else found[0]

    return REFERENCE.sub(moved, text)


def _file(version: ContentVersion, source: str, pack: Pack) -> str:
    """Put a file of the course into the pack; returns its path there, "" when there is none."""
    asset = assets(version.pk, [source]).get(source) if source else None
    if asset is None or ".." in source.split("/"):
        return ""
    pack.files[f"files/{source}"] = asset
    return f"files/{source}"


def _page(title: str, body: str) -> bytes:
    name = html.escape(title)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title>'
    return f"<!doctype html><html>{head}<style>{STYLE}</style><h1>{name}</h1>{body}</html>".encode()


def summary(manifest: dict[str, Any]) -> str:
    """Return what a command prints about a pack, as JSON."""
    files = manifest["files"]
    told = {name: value for name, value in manifest.items() if name != "files"}
    return json.dumps({**told, "files": len(files), "bytes": sum(int(one["bytes"]) for one in files)}, indent=2)
