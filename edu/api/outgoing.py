"""Asking other servers over HTTP: only public addresses, no redirects, a short wait, a small answer.

An address that an institution typed in may point into our own network. So the name is resolved here, every address
must be a public one, and the connection goes to the very address that was checked. Hosts of the operator's own
network are named in `GUIXUE_PRIVATE_HOSTS`.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from edu.kernel.errors import Refusal

TIMEOUT_S = 10.0  # a worker waits this long for a partner's server; the outbox tries again
ANSWER_BYTES_MAX = 512 * 1024  # a key set has a few kilobytes
PORTS = {"https": 443, "http": 80}


class NoAnswer(Exception):
    """The other server could not be asked, or did not answer as it should; trying later may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What another server said."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; NoAnswer when it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise NoAnswer("The answer is no JSON.") from error


def check_address(url: str) -> str:
    """Return an address that may be asked or opened; Refusal "address-refused" for what is none.

    Only https, but for hosts of the operator's own network; no user names and no fragments.
    """
    place = _split(url)
    allowed = place.scheme == "https" or (place.scheme == "http" and place.hostname in _private_hosts())
    if not (place.hostname and allowed) or place.username or place.password or place.fragment:
        raise Refusal("address-refused", _("Write the whole address, beginning with https://."))
    return url


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return the answer of another server, whatever its status; NoAnswer or Refusal when it cannot be asked."""
    place = _split(check_address(url))
    connection = _connection(place)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        connection.request(method, target, body=body, headers={"Accept": "application/json", **(headers or {})})
        response = connection.getresponse()
        content = response.read(ANSWER_BYTES_MAX + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"{place.hostname} does not answer: {type(error).__name__}") from error
    finally:
        connection.close()
    if len(content) > ANSWER_BYTES_MAX:
        raise NoAnswer(f"{place.hostname} answers too much.")
    return Answer(response.status, response.headers.get_content_type(), content)


def _split(url: str) -> SplitResult:
    try:
        place = urlsplit(url.strip())
        place.port  # noqa: B018  (raises ValueError for a port that is none)
    except ValueError:
        raise Refusal("address-refused", _("Write the whole address, beginning with https://.")) from None
    return place


def _private_hosts() -> frozenset[str]:
    return frozenset(settings.GUIXUE_PRIVATE_HOSTS)


def _address(host: str, port: int) -> str:
    """Return the address to connect to; NoAnswer unless every one that the name has may be asked."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"There is no {host}.") from error
    if host not in _private_hosts() and not all(_is_public(one) for one in found):
        raise NoAnswer(f"{host} is not a public address.")
    return found[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None  # ::ffff:10.0.0.1
    return (inner or found).is_global and not (inner or found).is_multicast


def _connection(place: SplitResult) -> http.client.HTTPConnection:
    host = place.hostname or ""
    port = place.port or PORTS[place.scheme]
    address = _address(host, port)
    if place.scheme == "https":
        return _Secure(host, port, address)
    return _Plain(host, port, address)


class _Plain(http.client.HTTPConnection):
    """Speaks to the address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.checked = address

    def connect(self) -> None:
        """Connect to the checked address."""
        self.sock = socket.create_connection((self.checked, self.port), TIMEOUT_S)


class _Secure(http.client.HTTPSConnection):
    """The same by TLS; the certificate must be the name's."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self.context = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_S, context=self.context)
        self.checked = address

    def connect(self) -> None:
        """Connect to the checked address and prove the name."""
        plain = socket.create_connection((self.checked, self.port), TIMEOUT_S)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)
