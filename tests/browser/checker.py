"""The check page as its host serves it, without the product: pages from the views, scripts from the build, a list of
the test's own keys. Stopping it is the network going away."""

import json
import mimetypes
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.test import Client

from credits.certificates.compact import encode, to_digits
from tests.factories.proofs import BOOK, TOKEN, Proof, statement, trust_list

STATIC = Path(__file__).resolve().parents[2] / "edu" / "static"
PASSED_ON = ("Content-Security-Policy", "Service-Worker-Allowed", "Content-Type", "Cache-Control")


class Checker:
    """A host of the check page on a free port."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://localhost:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def proof(self) -> Proof:
        """A certificate whose address is here."""
        return Proof(statement(address=f"{self.origin}/v/{TOKEN}"))

    @property
    def code(self) -> str:
        """What a scanner reads from its large code."""
        return f"{self.origin}/v/{TOKEN}#{to_digits(encode(self.proof.proven(), BOOK))}"

    @property
    def trust(self) -> dict[str, Any]:
        """The list that is served here."""
        return trust_list(check_page=f"{self.origin}/check/offline/")

    def stop(self) -> None:
        """Take the network away; safe to call again."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return what is at an address."""
        if path == "/trust/list.json":
            return 200, {"Content-Type": "application/json"}, json.dumps(self.trust).encode()
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/").split("?")[0]
            if not file.is_file():
                return 404, {}, b""
            kind = "application/wasm" if file.suffix == ".wasm" else mimetypes.guess_type(file.name)[0]
            return 200, {"Content-Type": kind or "text/plain"}, file.read_bytes()
        if not path.startswith("/check/"):
            return 404, {}, b""
        page = Client().get(path)
        return page.status_code, {name: page[name] for name in PASSED_ON if name in page}, page.content

    def _handler(checker) -> type[BaseHTTPRequestHandler]:  # noqa: N805  (the handler's own self is another one)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = checker.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing: a test speaks when it fails."""

        return Handler
