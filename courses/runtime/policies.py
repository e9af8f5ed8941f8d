"""What answers of the block origin allow: how long they are kept, and what their pages may do."""

from courses.runtime import addresses

FOREVER = "public, max-age=31536000, immutable"  # the address names what the file holds


def content_security_policy(own: str, *, ancestors: str = "") -> str:
    """Return what a page of blocks may do: run what it brings, talk to its own origin, stand in the site's pages.

    The origin is named, since 'self' says little in an opaque one.
    """
    rules_of_frame = {
        "default-src": "'none'",
        "script-src": f"{own} 'unsafe-inline' 'unsafe-eval'",  # problems bring inline scripts and templates
        "style-src": f"{own} 'unsafe-inline'",
        "img-src": f"{own} data: blob:",
        "media-src": f"{own} blob:",
        "font-src": f"{own} data:",
        "connect-src": own,
        "frame-src": own,
        "worker-src": own,  # keeps units for times without a network
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": own,
        "frame-ancestors": ancestors or addresses.site_origin(),
    }
    return "; ".join(f"{name} {value}" for name, value in rules_of_frame.items())
