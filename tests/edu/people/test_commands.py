"""`manage.py import_people` writes the codes to a file of its own."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from edu.people.models import Person
from tests.factories.institutions import make_institution
from tests.factories.sheets import make_csv

pytestmark = pytest.mark.django_db


def test_codes_go_to_a_file_that_only_the_owner_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_institution(code="4145010593")
    people, codes = tmp_path / "people.csv", tmp_path / "codes.csv"
    people.write_bytes(make_csv([["姓名", "学号"], ["韦小明", "2023001"]]))
    call_command("import_people", str(people), "--institution", "10593", "--codes", str(codes))
    rows = list(csv.reader(codes.read_text("utf-8-sig").splitlines()))
    assert rows[1][:2] == ["2023001", "韦小明"]
    assert codes.stat().st_mode & 0o077 == 0
    assert rows[1][2] not in capsys.readouterr().out


def test_an_existing_file_of_codes_is_not_overwritten(tmp_path: Path) -> None:
    make_institution(code="4145010593")
    people, codes = tmp_path / "people.csv", tmp_path / "codes.csv"
    people.write_bytes(make_csv([["姓名", "学号"], ["韦小明", "2023001"]]))
    codes.write_text("mine")
    with pytest.raises(CommandError, match="exists already"):
        call_command("import_people", str(people), "--institution", "10593", "--codes", str(codes))
    assert Person.objects.count() == 0


def test_an_unknown_school_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_people", str(tmp_path / "people.csv"), "--institution", "10593")
