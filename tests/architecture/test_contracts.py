"""The import contracts are kept, and they would notice a breach."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_are_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_a_breach_is_noticed(tmp_path: Path) -> None:
    for house in ("edu", "courses", "credits"):
        for source in (ROOT / house).rglob("*.py"):
            if "demo" not in source.parts:
                target = tmp_path / source.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    with (tmp_path / "courses" / "runs" / "models.py").open("a") as guilty:
        guilty.write("\nfrom credits.ledger import models as upwards\n")
    done = _lint(tmp_path)
    assert done.returncode != 0
    assert "courses.runs.models" in done.stdout
