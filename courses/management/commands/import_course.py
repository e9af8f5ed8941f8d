"""`manage.py import_course PATH --course CODE --institution CODE`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from courses.catalogue.models import Course
from courses.content.actions import Imported, import_course, inspect_course
from courses.content.reasons import sentence
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotThere, Refusal

EXIT_REFUSED = 2  # the archive is at fault; 1 is any other error

HELP = """\
Import an OLX course (Open edX) as a new version of a course's content.

PATH is a .tar.gz as Studio exports it, a .zip, or a folder with course.xml. The whole archive is checked before
anything is written: links, paths that escape, bombs, entities and text that is not UTF-8 are refused, and a refused
import leaves nothing behind. The same content imported again is the same version.

Learners see a version once an author chose it for a run (screen "Choose a version").

  manage.py import_course course.tar.gz --course DL101 --institution 4145010593
  manage.py import_course course.tar.gz --dry-run              the report alone, nothing is written
  manage.py import_course course.tar.gz --dry-run --json       the same for machines

Exit status: 0 imported (or unchanged), 1 wrong arguments or our fault, 2 the archive was refused.
"""


class Command(BaseCommand):
    """Imports an OLX course."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the line breaks of the help text."""
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("path", type=Path, metavar="PATH", help="archive or folder")
        parser.add_argument("--course", metavar="CODE", help="code of the course, for example DL101")
        parser.add_argument("--institution", metavar="CODE", help="10-digit code of the institution that offers it")
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, report, and let the exit status tell the truth."""
        with translation.override("en"):
            try:
                if options["dry_run"]:
                    report, summary = inspect_course(source=options["path"]), "Nothing was written (--dry-run)."
                else:
                    result = self._import(options)
                    report = result.report
                    summary = f"Version {result.version.number}" + ("." if result.is_new else ", unchanged.")
            except Refusal as refusal:
                self._refused(refusal, as_json=options["json"])
                sys.exit(EXIT_REFUSED)
            if options["json"]:
                self.stdout.write(
                    json.dumps({"status": "ok", "summary": summary, "report": report}, ensure_ascii=False)
                )
            else:
                self._tell(report)
                self.stdout.write(self.style.SUCCESS(summary))

    def _import(self, options: dict[str, Any]) -> Imported:
        course = Course.objects.filter(code=options["course"], institution__code=options["institution"]).first()
        if course is None:
            raise NotThere(
                "no-such-course",
                "No course has this code at this institution. Give --course CODE and --institution CODE (10 digits).",
            )
        return import_course(
            source=options["path"],
            course_id=course.pk,
            source_name=options["path"].resolve().name,
            acting=SYSTEM,
            progress=self._no_progress if options["json"] else self._progress,
        )

    def _progress(self, stage: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and total:
            self.stderr.write(f"\r{stage} {done}/{total}   ", ending="\n" if done == total else "")

    def _no_progress(self, _stage: str, _done: int, _total: int) -> None:
        return

    def _refused(self, refusal: Refusal, *, as_json: bool) -> None:
        if as_json:
            body = {
                "status": "refused",
                "code": refusal.code,
                "message": str(refusal.message),
                "details": refusal.details,
            }
            self.stdout.write(json.dumps(body, ensure_ascii=False, default=str))
        else:
            self.stderr.write(self.style.ERROR(f"Refused ({refusal.code}): {refusal.message}"))

    def _tell(self, report: dict[str, Any]) -> None:
        counts = report["counts"]
        self.stdout.write(
            f"{report['title']}: {counts['blocks']} blocks: {counts['supported']} supported, "
            f"{counts['placeholder']} as placeholder, {counts['refused']} refused; "
            f"{counts['needs_sandbox']} need a script sandbox; {report['files']['count']} files"
        )
        for row in report["by_type"]:
            marks = ", ".join(f"{row[key]} {key}" for key in ("supported", "placeholder", "refused") if row[key])
            self.stdout.write(f"  {row['type']:<24} {marks}")
        for line in report["blocks"]:
            if line["support"] != "supported":
                self.stdout.write(f"  {line['support']}: {line['usage_id']}: {sentence(line['reason'])}")
        for title, key in (("missing file", "missing_files"), ("loads from", "foreign_hosts")):
            for row in report[key]:
                self.stdout.write(f"  {title}: {row['name']} ({len(row['usage_ids'])} blocks)")
