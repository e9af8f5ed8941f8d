"""What answers of the block origin allow: how long they are kept, and what their pages may do."""

from django.http import HttpResponse

from courses.runtime import addresses

FOREVER = "public, max-age=31536000, immutable"  # the address names what the file holds
NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"  # of answers that are no pages: not one may become one
CONNECTIONS = "Connection-Allowlist"
ANYWHERE = "anywhere"  # a view says so of a page of ours that sends the learner on; browsers are not told
DENIED = (  # what no block needs and a browser would grant, ask for, or leave to the page around it
    "accelerometer", "browsing-topics", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope",
    "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock",
    "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip


def content_security_policy(own: str, *, ancestors: str = "") -> str:
    """Return what a page of blocks may do: run what it brings, talk to its own origin, stand in the site's pages.

    The origin is named, since 'self' says little in an opaque one; there the site's own addresses are left out.
    """
    files = f"{own}{addresses.OPAQUE_PREFIX}/ {own}/static/" if addresses.is_opaque() else own
    itself = f"{own}{addresses.OPAQUE_PREFIX}/" if addresses.is_opaque() else own
    rules_of_frame = {
        "default-src": "'none'",
        "script-src": f"{files} 'unsafe-inline' 'unsafe-eval'",  # problems bring inline scripts and templates
        "style-src": f"{files} 'unsafe-inline'",
        "img-src": f"{files} data: blob:",
        "media-src": f"{itself} blob:",
        "font-src": f"{files} data:",
        "connect-src": files,
        "frame-src": itself,
        "worker-src": itself,  # keeps units for times without a network
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": itself,
        "frame-ancestors": ancestors or addresses.site_origin(),
    }
    return "; ".join(f"{name} {value}" for name, value in rules_of_frame.items())


def harden(response: HttpResponse) -> None:
    """Add what every answer of the block origin carries; what a view has chosen stays.

    Without a policy of its own an answer could be put into a frame and written into: a page that may ask any host.
    """
    response.setdefault("Content-Security-Policy", NOTHING)
    if response.get(CONNECTIONS) == ANYWHERE:
        del response[CONNECTIONS]
    else:
        response[CONNECTIONS] = "(response-origin)"  # also WebRTC, preconnections and looking up names
    response["Permissions-Policy"] = ", ".join(f"{name}=()" for name in DENIED)
    response["X-DNS-Prefetch-Control"] = "off"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"  # a frame's address is a right to use it
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    if addresses.is_opaque():
        response["Access-Control-Allow-Origin"] = "*"  # an opaque origin is nobody; the token is the right
        response["Access-Control-Allow-Headers"] = "Content-Type, X-Guixue-Key, X-Guixue-View"
    else:
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Origin-Agent-Cluster"] = "?1"  # document.domain joins no two courses
