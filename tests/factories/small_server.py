"""A small HTTP server of the tests' own on 127.0.0.1: answers what it is told, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answering = Callable[[Asked], tuple[int, Any]]


@dataclass
class SmallServer:
    """Its address, what it answers under which path, and what it was asked."""

    address: str
    answers: dict[str, Answering] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def of(self, path: str) -> list[Asked]:
        """What was asked under a path."""
        return [one for one in self.asked if one.path == path]


@contextmanager
def small_server() -> Iterator[SmallServer]:
    """Serve until the block ends."""
    made: list[SmallServer] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, urlsplit(self.path).path, headers, body)
            made[0].asked.append(asked)
            answering = made[0].answers.get(asked.path)
            status, said = answering(asked) if answering else (404, {})
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    made.append(SmallServer(f"http://127.0.0.1:{server.server_port}"))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
