"""`manage.py import_institutions` tells the truth in its status."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from edu.institutions.models import Institution
from tests.factories.sheets import make_csv

pytestmark = pytest.mark.django_db
HEAD = ["code", "name"]


def test_a_list_is_taken_over_and_reported_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(make_csv([HEAD, ["4145010593", "广西大学"]]))
    call_command("import_institutions", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["institutions"]["created"] == 1
    assert Institution.objects.count() == 1


def test_a_dry_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(make_csv([HEAD, ["4145010593", "广西大学"]]))
    call_command("import_institutions", str(path), "--dry-run")
    assert "1 would be created" in capsys.readouterr().out
    assert Institution.objects.count() == 0


@pytest.mark.parametrize("content", [make_csv([HEAD, ["1", "x"]]), make_csv([["a"], ["b"]]), b""])
def test_problems_end_with_an_error_and_nothing_written(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_institutions", str(path))
    assert Institution.objects.count() == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"list\.csv"):
        call_command("import_institutions", str(tmp_path / "list.csv"))
