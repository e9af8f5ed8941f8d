"""Putting an OLX course on a running product, with a run that is being taught and people in it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edu.embedded.run import Product

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Staged:
    """A course on the product: its run, the label of its origin, the blocks of every unit in order."""

    run: str
    label: str
    run_id: int
    version_id: int
    units: dict[str, list[dict[str, str]]]


def stage(site: Product, course: Path, *emails: str) -> Staged:
    """Import a course on the product and enrol people in a run of it."""
    return Staged(**_put(site, "put", str(course.resolve()), *emails))


def stage_empty(site: Product, author: str, *emails: str) -> dict[str, str]:
    """Make a course without content at an author's institution; returns the uuids of course and run."""
    found: dict[str, str] = _put(site, "put_empty", author, *emails)
    return found


def _put(site: Product, function: str, *words: str) -> Any:
    given = ", ".join(repr(word) for word in words)
    program = f"from tests.browser.staging import {function}; {function}({given})"
    command = [sys.executable, "-W", "ignore", "manage.py", "shell", "--no-imports", "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
