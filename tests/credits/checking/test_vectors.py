"""The script agrees with the cases that the check in the browser is tested with."""

import json
import runpy
from collections.abc import Callable
from typing import Any

import pytest

from tests.credits.checking.conftest import SCRIPT, run_script
from tests.credits.checking.vectors import FILE, cases, text

CASES = cases()


def test_the_file_is_of_today() -> None:
    assert FILE.read_text("utf-8") == text(), "run: python -m tests.credits.checking.vectors"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_script_finds_the_same(case: dict[str, Any], trust: Callable[..., str]) -> None:
    given = case["given"] if isinstance(case["given"], str) else json.dumps(case["given"])
    done = run_script("--json", "--trust", trust(**case["trust"]), "-", data=given.encode())
    found = json.loads(done.stdout)
    assert found["outcome"] == case["outcome"]
    assert not case["code"] or found["code"] == case["code"]
    assert done.returncode == {"valid": 0, "genuine": 0, "unreadable": 2}.get(case["outcome"], 1)


def test_script_and_browser_say_the_same_words() -> None:
    words = json.loads((FILE.parent / "words.json").read_text("utf-8"))
    assert {key: tuple(both) for key, both in words.items()} == runpy.run_path(str(SCRIPT))["WORDS"]
