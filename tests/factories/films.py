"""Tiny films made by the product's own ffmpeg, and putting one into a version as an import would."""

import hashlib
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses.content.models import ContentAsset, ContentVersion
from courses.content.rules import asset_key
from courses.content.storage import name_of
from courses.media import ffmpeg
from tests.factories.blocks import UNIT, block, make_unit

NOISE = (
    "testsrc2=size={size}:rate=10:duration={seconds},noise=alls=60:allf=t"  # noise costs bits, so copies are worth it
)


@lru_cache(maxsize=8)
def film(*, size: str = "640x480", seconds: int = 2, sound: bool = True, picture: bool = True) -> bytes:
    """An MP4 of test patterns, a tone with it; heavier than its light copy."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        command = [ffmpeg.program(), "-y", "-loglevel", "error"]
        command += ["-f", "lavfi", "-i", NOISE.format(size=size, seconds=seconds)] if picture else []
        command += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"] if sound else []
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1"]
        subprocess.run([*command, "-c:a", "aac", str(target)], check=True)
        return target.read_bytes()


def put_film(version: ContentVersion, data: bytes, *, name: str = "film.mp4", media_type: str = "video/mp4") -> str:
    """Give a version a unit with one video whose file holds `data`; returns the file's hash."""
    make_unit(version, [block("video@v", html5_sources=[f"/static/{name}"], youtube_id_1_0="", display_name="短片")])
    return put_file(version, data, name=name, media_type=media_type)


def put_file(version: ContentVersion, data: bytes, *, name: str, media_type: str = "video/mp4") -> str:
    """Keep a file of a version and return its hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(name_of(sha256)):
        default_storage.save(name_of(sha256), ContentFile(data))
    path = f"static/{name}"
    ContentAsset.objects.create(
        version=version, path=path, key=asset_key(path), sha256=sha256, size=len(data), media_type=media_type
    )
    return sha256


__all__ = ["UNIT", "film", "put_file", "put_film"]
