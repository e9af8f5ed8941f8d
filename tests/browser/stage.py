"""Putting an OLX course on a running product, with a run that is being taught and people in it."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edu.embedded.run import free_port
from tests.browser.product import Product

READY_WITHIN_S = 90

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Staged:
    """A course on the product: its run, the label of its origin, the blocks of every unit in order.

    `frames` has the path of every unit's frame for the first learner.
    """

    run: str
    label: str
    run_id: int
    version_id: int
    units: dict[str, list[dict[str, str]]]
    frames: dict[str, str]


def stage(site: Product, course: Path, *emails: str) -> Staged:
    """Import a course on the product and enrol people in a run of it."""
    return Staged(**site.ask("staging.put", str(course.resolve()), *emails))


def stage_empty(site: Product, author: str, *emails: str) -> dict[str, str]:
    """Make a course without content at an author's institution; returns the uuids of course and run."""
    found: dict[str, str] = site.ask("staging.put_empty", author, *emails)
    return found


@contextmanager
def also_served(site: Product, host: str, blocks: str) -> Iterator[str]:
    """Serve the product under other addresses too, until the end; yields the address of the site.

    `blocks` is where the blocks are: "opaque", or a host with a place for the course.
    """
    port = free_port(site.port + 1)
    home = f"http://{host}:{port}"
    origin = blocks if blocks == "opaque" else f"http://{blocks}:{port}"
    environment = {**site.environment, "GUIXUE_BASE_URL": home, "GUIXUE_BLOCKS_ORIGIN": origin}
    command = [sys.executable, "-m", "uvicorn", "edu.asgi:application", "--port", str(port), "--log-level", "warning"]
    web = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        yield home
    finally:
        web.kill()  # nobody waits for its answers
        web.wait(30)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{address} did not become ready")


def kept_of(site: Product, run_id: int) -> dict[str, int]:
    """Return how many states, scores and completions the blocks of a run have left behind, by block."""
    found: dict[str, int] = site.ask("staging.kept", run_id)
    return found


def aftermath(site: Product, staged: Staged, email: str, archive: Path) -> tuple[dict[str, tuple[float, float]], bool]:
    """Return a learner's scores by block, as the server keeps them; and whether an export, imported again, is the same.

    The export is written to `archive`.
    """
    found = site.ask("staging.aftermath", staged.run_id, email, str(archive))
    return {usage: (earned, possible) for usage, (earned, possible) in found["scores"].items()}, found["same"]


def crowd_of(site: Product, staged: Staged, usage: str, size: int) -> tuple[list[str], str]:
    """Enrol so many new learners; return the address of a problem's check for each, and the name of its first field."""
    found = site.ask("staging.crowd", staged.run_id, usage, size)
    return found["paths"], found["field"]
