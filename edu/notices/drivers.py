"""Short messages leave through a driver: one that only notes them, one that hands them to a relay on this machine.

No vendor's key or address is known here. The relay (docs/deployment.md) holds both: it listens on this machine's own
loopback address and speaks with the vendor of SMS, or with WeChat's official account.
"""

import ipaddress
import json
import logging
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

log = logging.getLogger(__name__)

TIMEOUT_S = 5  # the relay is on the same machine and only queues
FORMAT = {"type": "guixue.short-message", "version": "1"}


@dataclass(frozen=True, slots=True)
class Message:
    """What a driver sends. `to` is a phone number (E.164) for SMS, the person's uuid for WeChat; no names anywhere."""

    id: str  # the same for every attempt, so that a relay sends it once
    channel: str
    to: str
    language: str
    text: str
    url: str


class NotTaken(Exception):
    """The driver did not take the message; `final` when another attempt would end the same way."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class Driver(Protocol):
    """Takes one message or raises NotTaken; taking it twice under the same id sends it once."""

    def send(self, message: Message) -> None: ...


class LogDriver:
    """Notes that a message would have gone out, without number, name or text."""

    def send(self, message: Message) -> None:
        log.info("a short message by %s was noted and not sent: %s", message.channel, message.id)


class RelayDriver:
    """Hands messages to a relay by HTTP: POST, JSON, 2xx means taken, 4xx never, anything else later."""

    def __init__(self, address: str) -> None:
        self.address = loopback(address)

    def send(self, message: Message) -> None:
        body = json.dumps({**FORMAT, **asdict(message)}, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310  (loopback() has seen to scheme and host)
            self.address, data=body, headers={"Content-Type": "application/json"}, method="POST"
        )
        try:
            with _opener.open(request, timeout=TIMEOUT_S):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise NotTaken(f"http-{error.code}", final=400 <= error.code < 500) from None
        except OSError:
            raise NotTaken("relay-away") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A relay answers itself: a redirect could carry a phone number away from this machine."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def loopback(address: str) -> str:
    """Return the address when it is HTTP on this machine; ValueError otherwise, since phone numbers go there."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if parts.scheme != "http" or not here:
        raise ValueError("The relay of short messages must be http:// on this machine.")
    return address


def driver_for(channel: str) -> Driver | None:
    """Return the driver that settings name for "sms" or "wechat"; None when the channel is off."""
    word = str(getattr(settings, f"GUIXUE_{channel.upper()}_DRIVER", ""))
    if not word:
        return None
    return LogDriver() if word == "log" else RelayDriver(word)
