"""Hosts that courses load from elsewhere, and what is known of them. Pure; dated, since the network changes."""

import re

CHECKED_ON = "2026-11-28"  # the day on which the table was last gone through; findings name it

VIDEO, GOOGLE, CDN, SOCIAL, OPEN_EDX, STORE = "video", "google", "cdn", "social", "open-edx", "store"

# Kind → domains. A host below a domain counts as the domain. What is not here is "elsewhere": just as little
# loads from it, since pages of blocks ask no other origin than their own (courses/runtime/policies.py).
_DOMAINS = {
    VIDEO: (
        "youtube.com youtu.be youtube-nocookie.com ytimg.com googlevideo.com vimeo.com vimeocdn.com "
        "dailymotion.com wistia.com wistia.net brightcove.com brightcove.net kaltura.com bilibili.com "
        "youku.com qq.com iqiyi.com ted.com"
    ),
    GOOGLE: (
        "google.com googleapis.com gstatic.com googleusercontent.com google-analytics.com "
        "googletagmanager.com googlesyndication.com doubleclick.net ggpht.com blogspot.com"
    ),
    CDN: (
        "cloudflare.com jsdelivr.net unpkg.com bootstrapcdn.com cloudfront.net mathjax.org jquery.com "
        "aspnetcdn.com fontawesome.com typekit.net polyfill.io bootcdn.net bootcss.com staticfile.org "
        "baomitu.com akamaihd.net fastly.net rawgit.com githubusercontent.com"
    ),
    SOCIAL: (
        "facebook.com facebook.net fbcdn.net twitter.com x.com twimg.com instagram.com linkedin.com "
        "pinterest.com reddit.com disqus.com t.co telegram.org"
    ),
    OPEN_EDX: "edx.org edx-cdn.org openedx.org edx-static.org",
    STORE: (
        "amazonaws.com dropbox.com dropboxusercontent.com onedrive.com sharepoint.com box.com slideshare.net "
        "scribd.com soundcloud.com flickr.com imgur.com wikimedia.org wikipedia.org archive.org github.io"
    ),
}
KNOWN: dict[str, str] = {domain: kind for kind, domains in _DOMAINS.items() for domain in domains.split()}
# Of these a link is worth a word too: from a school's line in Guangxi it leads nowhere.
OUT_OF_REACH = frozenset(
    {"youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com", "blogspot.com", "dropbox.com"}
    | {"facebook.com", "twitter.com", "x.com", "instagram.com", "reddit.com", "t.co", "telegram.org", "wikipedia.org"}
    | {name for name, kind in KNOWN.items() if kind == GOOGLE}
)
ELSEWHERE = "elsewhere"

_FOREIGN = re.compile(r"^[\s\x00-\x20]*(?:(?:https?|ftp|wss?):)?[/\\]{2,}([^/\\?#\s]+)", re.IGNORECASE)


def host_of(address: str) -> str:
    """Return the host that an address names, in small letters and without user and port; "" for one of the course."""
    match = _FOREIGN.match(address)
    if not match:
        return ""
    return match.group(1).rpartition("@")[2].partition(":")[0].strip(".").lower()


def domain_of(host: str) -> str:
    """Return the domain of the table that a host stands below, or ""."""
    parts = host.split(".")
    return next((name for at in range(len(parts) - 1) if (name := ".".join(parts[at:])) in KNOWN), "")


def kind_of(host: str) -> str:
    """Return what a host is: a word of the table, or "elsewhere"."""
    return KNOWN.get(domain_of(host), ELSEWHERE)


def is_out_of_reach(host: str) -> bool:
    """True for hosts that a school's line does not reach."""
    return domain_of(host) in OUT_OF_REACH
