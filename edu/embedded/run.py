"""`make demo`: start the embedded parts and the product, seed it once, stop all of it on Ctrl-C."""

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import types
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edu.embedded import broker
from edu.embedded.database import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_PORT = 8000
SITE_HOST = "guixue.localhost"  # a domain above the courses' hosts: only there may their frames store for offline work
PORTS_TRIED = 50
READY_TIMEOUT_S = 90  # a cold start on a slow school PC: the XBlock packages alone take seconds to import
STOP_TIMEOUT_S = 10
OTHER_STOPS_WITHIN_S = 3 * STOP_TIMEOUT_S  # web, worker and broker of one that was told to stop just now


def free_port(wanted: int) -> int:
    """Return `wanted` or the next port that nobody listens on; RuntimeError when fifty in a row are taken."""
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"No free port from {wanted} on.")


class Product:
    """Everything that runs together: database, broker, worker with beat, web.

    With a `cluster` given it is a guest: its database lies there, and `stop` leaves the cluster running.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int,
        *,
        host: str = "localhost",
        cluster: Cluster | None = None,
        database: str = "guixue",
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.cluster = cluster or Cluster(self.data_dir)
        self.guest = cluster is not None
        self.database = database
        self.port = port
        self.address = f"http://{host}:{port}/"  # of the home page; browsers know *.localhost by themselves
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "edu.settings.demo",
            "GUIXUE_DATA_DIR": str(self.data_dir),
            "GUIXUE_CLUSTER_DIR": str(self.cluster.data_dir),
            "GUIXUE_DATABASE_NAME": database,
            "GUIXUE_BASE_URL": f"http://{host}:{port}",
            "GUIXUE_BLOCKS_ORIGIN": f"http://{{course}}.blocks.{host}:{port}",
            "PYTHONWARNINGS": "ignore",  # of packages; tests treat warnings as errors
        }

    def manage(self, *arguments: str, quiet: bool = True) -> None:
        """Run a management command; RuntimeError with its words when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=False, text=True, capture_output=quiet)
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout or ''}{done.stderr or ''}")

    def start_parts(self, *, template: str = "") -> None:
        """Start database and broker, migrate when the migrations changed.

        A database that is not there yet is a copy of `template`, a migrated one, when that is given.
        """
        self.cluster.start()
        stamp, want = self.data_dir / "migrated", self._migrations()
        if self.database not in self.cluster.databases():
            self.cluster.create(self.database, template=template or "template0")
            if template:
                stamp.write_text(want)
        self.children["broker"] = broker.start(self.data_dir)
        if not stamp.exists() or stamp.read_text() != want:
            say("preparing the database")
            self.manage("migrate", "-v", "0")
            stamp.write_text(want)

    def _migrations(self) -> str:
        files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("edu/*/migrations/*.py"), ROOT / "requirements.txt"]
        return "\n".join(f"{file.relative_to(ROOT)} {file.stat().st_size}" for file in sorted(files))

    def start_servers(self) -> None:
        """Start worker, beat and web; return once the site says that it is ready."""
        python = sys.executable
        worker = [python, "-m", "celery", "-A", "edu.celery", "worker", "--beat", "-c", "2", "-l", "WARNING"]
        worker += ["-s", str(self.data_dir / "beat-schedule"), "-Q", "celery,media"]  # a film takes one of the two
        self._start("worker", worker)
        web = [python, "-m", "uvicorn", "edu.asgi:application", "--host", "127.0.0.1", "--port", str(self.port)]
        self._start("web", [*web, "--log-level", "warning", "--no-access-log"])
        self._wait_until_ready()
        pids = {name: child.pid for name, child in self.children.items()}
        (self.data_dir / "running.json").write_text(json.dumps(pids))

    def _start(self, name: str, command: list[str]) -> None:
        with (self.data_dir / f"{name}.log").open("ab") as log:  # the child keeps its own handle
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.children[name] = child

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            self.check_children()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The site did not become ready; its words are in {self.data_dir / 'web.log'}")

    def check_children(self) -> None:
        """RuntimeError when a part has ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise RuntimeError(f"The {name} ended; its words are in {self.data_dir / (name + '.log')}")

    def stop(self) -> None:
        """Stop everything in the order web, worker, broker, database."""
        for name in ("web", "worker", "broker"):
            child = self.children.get(name)
            if child and child.poll() is None:
                _end(child)
        self.children.clear()
        if not self.guest:
            self.cluster.stop()
        (self.data_dir / "running.json").unlink(missing_ok=True)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(STOP_TIMEOUT_S)


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(f"guixue: {line}", flush=True)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for one product; RuntimeError when another one keeps it longer than a stop takes."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as turn:
        deadline = time.monotonic() + OTHER_STOPS_WITHIN_S
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Already running on {data_dir}: stop that one first (Ctrl-C).") from None
                time.sleep(0.2)
        yield


def _interrupt(signum: int, frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Start, seed, serve until Ctrl-C; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the port to serve on; the next free one if taken")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help="the folder that holds all data")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with alone(chosen.data):
            return serve(chosen.data, chosen.port)
    except KeyboardInterrupt:
        return 0
    except RuntimeError as error:
        say(str(error))
        return 1


def serve(data_dir: Path, wanted_port: int) -> int:
    """Start all parts, seed once, and stay until interrupted; return the exit status."""
    began = time.monotonic()
    port = free_port(wanted_port)
    if port != wanted_port:
        say(f"port {wanted_port} is taken, using {port}")
    product = Product(data_dir, port, host=SITE_HOST)
    try:
        product.start_parts()
        if not (product.data_dir / "seeded").exists():
            say("seeding the story (once)")
            product.manage("seed_demo")
            (product.data_dir / "seeded").touch()
        product.start_servers()
        say(f"ready after {time.monotonic() - began:.0f} s")
        product.manage("demo_accounts", quiet=False)
        say("Ctrl-C stops everything")
        while True:
            time.sleep(1)
            product.check_children()
    except KeyboardInterrupt:
        say("stopping")
        return 0
    except RuntimeError as error:
        say(str(error))
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        product.stop()


if __name__ == "__main__":
    raise SystemExit(main())
