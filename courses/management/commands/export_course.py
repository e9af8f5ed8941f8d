"""`manage.py export_course --course CODE --institution CODE TARGET`."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.content.exporting import export_archive, export_folder
from courses.content.models import ContentVersion
from edu.kernel.errors import NotThere, Refusal

HELP = """\
Write a version of a course's content as OLX, for Studio or for another installation.

TARGET ending in .tar.gz or .tgz becomes an archive, any other name a new folder. Blocks that this installation does
not support go out as they came in. The same version gives the same bytes.

  manage.py export_course course.tar.gz --course DL101 --institution 4145010593
  manage.py export_course folder --course DL101 --institution 4145010593 --number 3

Exit status: 0 written, 1 refused: the message says why, and nothing is left behind.
"""


class Command(BaseCommand):
    """Exports a course as OLX."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the line breaks of the help text."""
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("target", type=Path, metavar="TARGET", help="archive or new folder to write")
        parser.add_argument("--course", metavar="CODE", required=True, help="code of the course")
        parser.add_argument("--institution", metavar="CODE", required=True, help="10-digit code of the institution")
        parser.add_argument("--number", type=int, metavar="N", help="version to write; the newest without it")
        parser.add_argument("--json", action="store_true", help="say what was written as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, and let the exit status tell the truth."""
        target: Path = options["target"]
        try:
            version = _version(options)
            archive = target.name.endswith((".tar.gz", ".tgz"))
            count = _write_archive(version.pk, target) if archive else export_folder(version.pk, target)
        except Refusal as refusal:
            self.stderr.write(self.style.ERROR(f"Refused ({refusal.code}): {refusal.message}"))
            sys.exit(1)
        if options["json"]:
            body = {"status": "ok", "version": version.number, "digest": version.digest, "files": count}
            self.stdout.write(json.dumps(body))
        else:
            self.stdout.write(self.style.SUCCESS(f"Version {version.number}: {count} files in {target}"))


def _version(options: dict[str, Any]) -> ContentVersion:
    versions = ContentVersion.objects.filter(
        course__code=options["course"], course__institution__code=options["institution"]
    )
    if options["number"] is not None:
        versions = versions.filter(number=options["number"])
    version = versions.order_by("-number").first()
    if version is None:
        raise NotThere("no-such-version", "The course is not there, or has no such version of its content.")
    return version


def _write_archive(version_id: int, target: Path) -> int:
    """Write beside the target first, so that an interrupted export leaves no half archive under its name."""
    handle, passing = tempfile.mkstemp(prefix=".export-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            count = export_archive(version_id, out)
        os.replace(passing, target)
    except BaseException:
        Path(passing).unlink(missing_ok=True)
        raise
    return count
