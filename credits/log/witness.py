"""A witness that another university runs: no database, no Django, one folder and one port.

    python -m credits.log.witness --state FOLDER --name NAME --log KEY [--log KEY …] [--host ADDRESS] [--port N]

NAME is the witness's own for ever, such as witness.example.edu.cn/guixue. KEY is the log's, as its page /log/ shows
it (name+hash+base64); give the old and the new one while the log changes keys. At the first start the witness makes
its key in FOLDER; the line that begins with the name is what the log's operator registers. Keep FOLDER: a witness
that forgets what it has seen is none. TLS is the business of a proxy in front.
"""

import argparse
import sys
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from credits.log import notes
from credits.log.faults import Fault
from credits.log.witnessing import REQUEST_SIZE_MAX, TEXT_TYPE, Answer, Witness

TIMEOUT_S = 10  # a log sends its request at once


class Handler(BaseHTTPRequestHandler):
    """POST /add-checkpoint for logs; GET / says for people whose witness this is."""

    protocol_version = "HTTP/1.1"
    server_version = "guixue-witness"
    timeout = TIMEOUT_S

    def __init__(self, witness: Witness, *arguments: object) -> None:
        self.witness = witness
        super().__init__(*arguments)  # type: ignore[arg-type]  # what the server hands over

    def do_POST(self) -> None:
        """Read a request of known length and answer it."""
        if not self.path.endswith("/add-checkpoint"):
            return self._send(Answer(404, "POST to /add-checkpoint\n"))
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > REQUEST_SIZE_MAX:
            self.close_connection = True
            return self._send(Answer(413, "too large, or of unknown length\n"))
        return self._send(self.witness.add_checkpoint(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        """Say the key and what was seen."""
        if self.path != "/":
            return self._send(Answer(404, "not here\n"))
        seen = "".join(f"{origin} {size}\n" for origin, size in sorted(self.witness.sizes().items()))
        return self._send(Answer(200, f"{self.witness.key.text}\n\n{seen}"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
        """Say nothing here: the witness itself logs what it decides."""

    def _send(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind or TEXT_TYPE)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server for one witness, not yet serving."""
    return ThreadingHTTPServer((host, port), partial(Handler, witness))


def say(line: str) -> None:
    """Log a line with its time."""
    sys.stderr.write(time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime()) + line + "\n")


def main() -> int:
    """Serve until stopped; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m credits.log.witness", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--state", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--name", required=True)
    parser.add_argument("--log", action="append", required=True, metavar="KEY", dest="logs")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8404)
    chosen = parser.parse_args()
    try:
        logs = [notes.parse_key(text) for text in chosen.logs]
        witness = Witness(chosen.state, chosen.name, logs, clock=time.time, log=say)
    except (Fault, OSError, ValueError) as error:
        say(str(error))
        return 1
    with server(witness, chosen.host, chosen.port) as serving:
        say(f"{witness.key.text} listens on {chosen.host}:{serving.server_port}")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
