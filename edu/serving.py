"""Serves the site with several processes that share what they have loaded: `python -m edu.serving --workers 4`.

`uvicorn --workers` starts each process by itself, and each loads the libraries of the blocks (265 MB) for itself. Here
one process loads them and the application, then forks: what nobody writes to is in memory once.
"""

import argparse
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import uvicorn

log = logging.getLogger("uvicorn.error")

BACKLOG = 2048
LIVED_S_MIN = 5.0  # a process that ends sooner would end again: wait, so that the machine is not kept busy
APPLICATION = "edu.asgi:application"
PRELOADED = "courses.content.blocktypes:preload"


def load(application: str, preload: str) -> Any:
    """Return the application, loaded with all that its processes are going to share."""
    found = _named(application)
    if preload:
        _named(preload)()
        from_django = sys.modules.get("django.db")
        if from_django is not None:
            from_django.connections.close_all()  # a connection is nobody's to share
    gc.collect()
    gc.freeze()  # the collector would touch what is shared, and so copy it
    return found


def _named(path: str) -> Any:
    module, _colon, name = path.partition(":")
    return getattr(import_module(module), name)


def bind(host: str, port: int) -> socket.socket:
    """Return the socket at which all processes listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


class Processes:
    """Keeps a number of processes at work until it is told to stop; one that ends is replaced."""

    def __init__(self, work: Callable[[], None], count: int) -> None:
        self.work, self.count = work, count
        self.begun: dict[int, float] = {}
        self.stopping = False

    def run(self) -> None:
        """Return when all have ended after SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            while len(self.begun) < self.count and not self.stopping:
                self._fork()
            self._wait()
        for pid in list(self.begun):
            _tell(pid)
        while self.begun:
            self._wait()

    def _fork(self) -> None:
        pid = os.fork()
        if pid:
            self.begun[pid] = time.monotonic()
            return
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            self.work()
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is this process's to end

    def _wait(self) -> None:
        try:
            pid, status = os.wait()
        except (InterruptedError, ChildProcessError):
            return
        begun = self.begun.pop(pid, None)
        if self.stopping or begun is None:
            return
        log.warning("process %s ended with %s and is replaced", pid, os.waitstatus_to_exitcode(status))
        if time.monotonic() - begun < LIVED_S_MIN:
            time.sleep(1)

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopping = True
        for pid in list(self.begun):
            _tell(pid)


def _tell(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m edu.serving", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--app", default=APPLICATION)
    parser.add_argument("--preload", default=PRELOADED, help="called before the processes begin")
    parser.add_argument("--log-level", default="info")
    given = parser.parse_args()
    listening = bind(given.host, given.port)
    application = load(given.app, given.preload)

    def work() -> None:
        config = uvicorn.Config(application, log_level=given.log_level, access_log=False)
        uvicorn.Server(config).run(sockets=[listening])

    Processes(work, max(1, given.workers)).run()


if __name__ == "__main__":
    main()
