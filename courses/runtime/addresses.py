"""Where the frame lies: an origin of its own for each course, or an opaque origin on the site's host."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

FRAME_URLS = "courses.runtime.frame_urls"
OPAQUE = "opaque"
TOOL_SIGNATURE = "guixue.tool_signature"  # in META: what a tool on another server signed its result with
OPAQUE_PREFIX = "/blocks"  # where the frame's addresses begin when it has no host of its own
LABEL = r"(?P<course>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"


def is_opaque() -> bool:
    """True when the installation has one hostname only and the frame is sandboxed to an opaque origin."""
    return settings.GUIXUE_BLOCKS_ORIGIN in {"", OPAQUE}


def prefix() -> str:
    """Return what stands before the frame's paths."""
    return OPAQUE_PREFIX if is_opaque() else ""


def origin(course_label: str) -> str:
    """Return the origin of a course's frame without a slash; the site's own in opaque mode."""
    if is_opaque():
        return site_origin()
    return str(settings.GUIXUE_BLOCKS_ORIGIN).replace("{course}", course_label.lower().replace("_", "-")).rstrip("/")


def frames_of(course_label: str) -> list[str]:
    """Return where a frame of this course may go while it stands in a page of the site, as a policy writes it."""
    return [f"{origin(course_label)}{prefix()}/" if is_opaque() else origin(course_label)]


def site_origin() -> str:
    """Return the origin of the site's pages."""
    parts = urlsplit(settings.GUIXUE_BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def frame_path(name: str, *arguments: object) -> str:
    """Return a path under the frame's origin."""
    return prefix() + reverse(name, FRAME_URLS, list(arguments))


def is_frame_host(host: str) -> bool:
    """True when the request's host (with or without a port) belongs to the block origin."""
    return (
        not is_opaque()
        and _host_pattern(settings.GUIXUE_BLOCKS_ORIGIN).fullmatch(host.split(":")[0].lower()) is not None
    )


def is_home(host: str, course_label: str) -> bool:
    """True when a request's host is this course's own: what is a course's is served under no other course's origin."""
    return is_opaque() or host.split(":")[0].lower() == urlsplit(origin(course_label)).hostname


@lru_cache(maxsize=8)
def _host_pattern(template: str) -> re.Pattern[str]:
    host = re.escape(urlsplit(template.replace("{course}", "COURSE-LABEL")).hostname or "")
    return re.compile(host.replace(re.escape("course-label"), LABEL))
