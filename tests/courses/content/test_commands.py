"""import_course and export_course from a shell."""

import json
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from courses.catalogue.models import Course
from courses.content.models import ContentVersion
from tests.courses.content.conftest import nothing_was_written
from tests.factories.olx import pack_course, write_course


def run(*args: object) -> str:
    out = StringIO()
    call_command(*[str(arg) for arg in args], stdout=out, stderr=StringIO())
    return out.getvalue()


def place(course: Course) -> list[str]:
    return ["--course", course.code, "--institution", str(course.institution.code)]


def test_a_course_is_imported_and_exported_by_command(tmp_path: Path, course: Course) -> None:
    source = pack_course(tmp_path / "c.tar.gz")
    assert "Version 1." in run("import_course", source, *place(course))
    assert "Version 1, unchanged." in run("import_course", source, *place(course))
    said = json.loads(run("export_course", tmp_path / "out.tar.gz", *place(course), "--json"))
    assert (said["version"], said["files"]) == (1, 12)
    assert tarfile.is_tarfile(tmp_path / "out.tar.gz")


def test_a_dry_run_reports_and_writes_nothing(tmp_path: Path, db: None, media: Path, work: Path) -> None:
    said = json.loads(run("import_course", write_course(tmp_path / "c"), "--dry-run", "--json"))
    assert said["report"]["counts"]["blocks"] == 7
    assert nothing_was_written(media, work)


def test_a_refused_archive_ends_with_status_2_and_a_code(
    tmp_path: Path, course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.tar.gz").write_bytes(b"nothing of the kind")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_course", str(tmp_path / "c.tar.gz"), *place(course), "--json", stdout=out)
    assert ended.value.code == 2
    assert json.loads(out.getvalue())["code"] == "not-an-archive"
    assert not ContentVersion.objects.exists()


def test_a_course_that_is_not_there_is_said(tmp_path: Path, db: None) -> None:
    with pytest.raises(SystemExit):
        run("import_course", write_course(tmp_path / "c"), "--course", "X", "--institution", "4145010593")
    with pytest.raises(SystemExit) as ended:
        run("export_course", tmp_path / "out.tar.gz", "--course", "X", "--institution", "4145010593")
    assert ended.value.code == 1
    assert not (tmp_path / "out.tar.gz").exists()
