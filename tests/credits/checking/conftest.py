"""A trust list and proven certificates as files, and ways to call the one-file script."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credits.certificates.compact import encode, to_digits
from tests.factories.proofs import BOOK, HOST, TOKEN, Proof, trust_list

SCRIPT = Path(__file__).resolve().parents[3] / "credits" / "checking" / "verify_certificate.py"
ADDRESS = f"{HOST}/v/{TOKEN}"
Checked = tuple[int, dict[str, Any]]


def code_text(proof: Proof | None = None, *, address: str = ADDRESS, with_token: bool = True) -> str:
    """Return what a scanner reads from the large code."""
    return f"{address}#{to_digits(encode((proof or Proof()).proven(), BOOK, with_token=with_token))}"


def run_script(*arguments: str, data: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the script bare: isolated, without site packages."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *arguments], input=data, capture_output=True, env=environment
    )


@pytest.fixture
def trust(tmp_path: Path) -> Callable[..., str]:
    """Write a trust list with changes, return its path."""

    def written(**changes: Any) -> str:
        file = tmp_path / "list.json"
        file.write_text(json.dumps(trust_list(**changes)), encoding="utf-8")
        return str(file)

    return written


@pytest.fixture
def check(trust: Callable[..., str]) -> Callable[..., Checked]:
    """Check something with the script; return exit status and answer."""

    def checked(what: str | bytes | dict[str, Any], **changes: Any) -> Checked:
        listed = trust(**changes)
        data = json.dumps(what).encode() if isinstance(what, dict) else what
        given = (data, b"") if isinstance(data, str) else ("-", data)
        done = run_script("--json", "--trust", listed, str(given[0]), data=bytes(given[1]))
        assert not done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)

    return checked
