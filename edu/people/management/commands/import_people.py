"""`manage.py import_people`: take over a school's list of people."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edu.institutions import api as institutions_api
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal
from edu.people.data import PeopleReport
from edu.people.imports import import_people

HELP = """Take over a school's list of people from CSV or xlsx: all of it, or nothing when any row has a problem.

Columns: 姓名 and 学号或工号 are needed; 角色 (学生 when empty), 专业代码, 培养方案, 开始日期, 结束日期,
手机, 邮箱 and 拼音 may be there. New people get an account without password and an activation code; --codes writes
these to a file, and they are never shown again. A second run with the same list changes nothing and issues no codes.
Exit status: 0 taken over, 1 problems in rows or file."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the list, .csv or .xlsx")
        parser.add_argument("--institution", required=True, help="school code, 10 digits or the 5 inside")
        parser.add_argument("--codes", type=Path, help="write the activation codes to this new CSV file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON, without codes")

    def handle(self, *args: Any, **options: Any) -> None:
        codes_path: Path | None = options["codes"]
        if codes_path and codes_path.exists():
            raise CommandError(f"{codes_path} exists already; name a new file.")
        result = self._run(options)
        if codes_path and result.report.written:
            self._write_codes(codes_path, result)
        report = result.report
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        else:
            for problem in report.problems:
                self.stdout.write(f"row {problem.row}, {problem.column}: {problem.message}")
            self.stdout.write(
                f"{report.rows} rows, {report.created} created, {report.changed} changed, "
                f"{report.unchanged} unchanged, {len(report.problems)} problems{', dry run' if report.dry_run else ''}"
            )
        if not report.ok:
            raise CommandError("Nothing was written: correct the rows above and run it again.")

    def _run(self, options: dict[str, Any]) -> PeopleReport:
        try:
            uuid = institutions_api.institution_by_code(options["institution"]).uuid
            content = options["path"].read_bytes()
            return import_people(content, institution_uuid=uuid, acting=SYSTEM, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['path']}: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} Nothing was written.") from refusal

    def _write_codes(self, path: Path, result: PeopleReport) -> None:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            path.chmod(0o600)  # whoever reads a code may take the account
            writer = csv.writer(file)
            writer.writerow(["学号或工号", "姓名", "激活码"])
            writer.writerows((one.number, one.name, one.code) for one in result.codes)
