"""Addresses of a version's files under the frame's origin, and the files themselves."""

import re
from uuid import UUID

from django.urls import reverse

FRAME_URLS = "courses.runtime.frame_urls"
# /static/fig.png and static/fig.png in attributes, url(...) and JSON; asset-v1:… and /c4x/… are Studio's own forms.
STATIC_REFERENCE = re.compile(r"""(?P<before>["'(=]\s*|&quot;)/?static/(?P<path>[^"'()<>\s?#&]+)""")
STUDIO_REFERENCE = re.compile(
    r"""(?P<before>["'(])/?(?:asset-v1:[^"'()@]+@asset\+block@|c4x/[^"'()/]+/[^"'()/]+/asset/)(?P<path>[^"'()<>\s?#]+)"""
)


class AssetUrls:
    """Makes addresses of one version's files. The version's uuid in them is what only its learners know."""

    def __init__(self, version_uuid: UUID, prefix: str) -> None:
        self._version_uuid = version_uuid
        self._prefix = prefix

    def url(self, path: str) -> str:
        """Return the address of "/static/x.mp4", "static/x.mp4" or "x.mp4"."""
        return self._prefix + reverse("asset", FRAME_URLS, [self._version_uuid, bare(path)])

    def packed_url(self, path: str, name: str) -> str:
        """Return the address of a file inside an archive of the course."""
        return self._prefix + reverse("packed", FRAME_URLS, [self._version_uuid, path, name])

    def film_url(self, path: str, digest: str) -> str:
        """Return the address of a lighter copy of a film, named by the copy's hash."""
        return self._prefix + reverse("film", FRAME_URLS, [self._version_uuid, digest, bare(path)])

    def captions_url(self, path: str) -> str:
        """Return the address of a captions file as WebVTT, which is what browsers show."""
        return self._prefix + reverse("captions", FRAME_URLS, [self._version_uuid, bare(path)])

    def replace(self, text: str) -> str:
        """Return authors' text with the addresses of its files replaced."""
        if "static/" in text:
            text = STATIC_REFERENCE.sub(lambda found: found["before"] + self.url(found["path"]), text)
        if "asset-v1:" in text or "/c4x/" in text:
            text = STUDIO_REFERENCE.sub(lambda found: found["before"] + self.url(found["path"]), text)
        return text


def bare(path: str) -> str:
    """Return the path below the course's folder of files."""
    return path.removeprefix("/").removeprefix("static/")
