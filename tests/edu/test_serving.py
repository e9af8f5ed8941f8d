"""Processes that share what was loaded: they answer, are replaced when they end, and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60.0
APPLICATION = """
import os
loaded_in = 0
def load():
    global loaded_in
    loaded_in = os.getpid()
async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    body = f"{os.getpid()} {loaded_in}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A tiny application served by two processes; its port and the process that keeps them."""
    (tmp_path / "tiny.py").write_text(APPLICATION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "edu.serving", "--port", str(port), "--workers", "2", "--log-level", "warning"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    keeper = subprocess.Popen([*command, "--app", "tiny:application", "--preload", "tiny:load"], env=environment)
    try:
        yield port, keeper
    finally:
        keeper.kill()
        keeper.wait()


def ask(port: int) -> tuple[int, int]:
    """Return which process answers, and in which the application was loaded."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                own, loaded = answer.read().split()
                return int(own), int(loaded)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def seen(port: int, wanted: int, without: int = 0) -> set[int]:
    """Return the processes that answer, once there are so many."""
    deadline, found = time.monotonic() + WITHIN_S, set[int]()
    while len(found) < wanted and time.monotonic() < deadline:
        found |= {ask(port)[0]} - {without}
    return found


def test_they_share_what_one_process_loaded(served: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, keeper = served

    assert ask(port)[1] == keeper.pid
    assert keeper.pid not in seen(port, 2)


def test_one_that_ends_is_replaced_and_all_end_with_the_first(
    served: tuple[int, "subprocess.Popen[bytes]"],
) -> None:
    port, keeper = served
    before = seen(port, 2)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)

    after = seen(port, 2, without=killed)
    assert len(after) == 2

    keeper.terminate()
    assert keeper.wait(WITHIN_S) == 0
    for pid in after:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
