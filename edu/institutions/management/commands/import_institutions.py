"""`manage.py import_institutions`: take over a list of institutions."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edu.institutions.actions import import_institutions, import_renames
from edu.institutions.data import ImportReport
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal

HELP = """Take over a list of institutions from CSV or xlsx: all of it, or nothing when any row has a problem.

Columns: code (10 digits; also 学校标识码, school_code) and name (学校名称) are needed; name_en, authority (主管部门),
city (所在地), level (本科/专科), remarks (备注), former_name with renamed_in (更名年份) may be there.
A second run with the same list changes nothing. Exit status: 0 taken over, 1 problems in rows or file."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the list, .csv (UTF-8 or GB 18030) or .xlsx")
        parser.add_argument("--renames", type=Path, help="then a list of renamings: old_name, new_name, year, source")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        reports = {"institutions": self._run(import_institutions, options["path"], dry_run)}
        if options["renames"] and reports["institutions"].ok:
            reports["renames"] = self._run(import_renames, options["renames"], dry_run)
        if options["json"]:
            self.stdout.write(json.dumps({key: asdict(r) for key, r in reports.items()}, ensure_ascii=False, indent=2))
        else:
            for name, report in reports.items():
                self._tell(name, report)
        if not all(report.ok for report in reports.values()):
            raise CommandError("Nothing was written: correct the rows above and run it again.")

    def _run(self, take_over: Any, path: Path, dry_run: bool) -> ImportReport:
        try:
            report: ImportReport = take_over(path.read_bytes(), acting=SYSTEM, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(f"{path}: {refusal.message} Nothing was written.") from refusal
        return report

    def _tell(self, name: str, report: ImportReport) -> None:
        for problem in report.problems:
            self.stdout.write(f"row {problem.row}, {problem.column}: {problem.message}")
        tense = "would be " if report.dry_run else ""
        self.stdout.write(
            f"{name}: {report.rows} rows, {report.created} {tense}created, {report.changed} {tense}changed, "
            f"{report.unchanged} unchanged, {len(report.problems)} problems"
        )
