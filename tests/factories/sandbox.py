"""A sandbox for authors' scripts that answers as the codejail service does (API v0), made of the same library.

It runs in a process of its own. The confinement around it (AppArmor, another user) this machine cannot give, so it runs
only what the tests send it: never name it in an installation.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import webob
from codejail.safe_exec import SafeExecException, not_safe_exec

from edu.embedded.run import free_port

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 8900
START_S = 60


@contextmanager
def running() -> Iterator[str]:
    """Start the sandbox; yields its address."""
    port = free_port(FIRST_PORT)
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "tests.factories.sandbox", str(port)], cwd=ROOT)
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while True:
        assert process.poll() is None, "the sandbox of the tests did not start"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            assert time.monotonic() < deadline, "the sandbox of the tests does not answer"
            time.sleep(0.1)


def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Run the script of one request."""
    request = webob.Request(environ)
    if request.path != "/api/v0/code-exec" or request.method != "POST":
        return _said(webob.Response(status=404), environ, start)
    asked = json.loads(request.POST["payload"])
    files = [(name, file.file.read()) for name, file in request.POST.items() if hasattr(file, "file")]
    variables = asked["globals_dict"]
    told: dict[str, Any] = {"globals_dict": variables}
    try:
        not_safe_exec(asked["code"], variables, python_path=asked.get("python_path") or [], extra_files=files)
    except SafeExecException as error:
        told = {"emsg": str(error)}
    return _said(webob.Response(json=told), environ, start)


def _said(response: Any, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    parts: Iterable[bytes] = response(environ, start)
    return parts


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), answer) as server:
        server.serve_forever()
