"""pack_textbook COURSE_LABEL: a signed digital textbook for schools without a line."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.catalogue.models import Textbook
from courses.content.models import ContentVersion
from courses.textbooks import packing
from courses.textbooks.facts import Facts, facts_of
from edu.kernel.errors import Refusal


class Command(BaseCommand):
    """Writes the pack and says its hash and the key it is checked with."""

    help = (
        "Pack a course's newest version (or --number) as a signed digital textbook: texts, documents and films in "
        "their light copies; no problems, no answers, nothing about people. The same as the pack that authors make on "
        "screen, as a file here. Give schools the file, courses/textbooks/verify_textbook.py, and by another way the "
        "public key that is printed. "
        "Example: manage.py pack_textbook statistics --out statistics.zip"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the course, the version and where to write."""
        parser.add_argument("label", metavar="COURSE_LABEL", help="the course's place in the block origin")
        parser.add_argument("--number", type=int, help="the version; the newest without it")
        parser.add_argument("--out", type=Path, required=True, help="the file to write; must not exist")

    def handle(self, *args: Any, label: str, number: int | None, out: Path, **options: Any) -> None:
        """Write the pack; nothing is left when it fails."""
        rows = ContentVersion.objects.select_related("course__institution").filter(course__label=label)
        version = (rows.filter(number=number) if number else rows).order_by("-number").first()
        if version is None:
            raise CommandError(f"{label}: there is no such course with content; see `manage.py import_course --help`.")
        try:
            with out.open("xb") as stream:
                written = packing.write_pack(version, _facts(version), stream)
        except FileExistsError:
            raise CommandError(f"{out} exists already; name another file.") from None
        except packing.NothingToRead:
            out.unlink(missing_ok=True)
            raise CommandError(f"{label}: version {version.number} holds nothing that can be read.") from None
        except (packing.FileMissing, Refusal) as error:
            out.unlink(missing_ok=True)
            raise CommandError(f"{label}: {error}") from error
        except BaseException:
            out.unlink(missing_ok=True)
            raise
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        self.stdout.write(packing.summary(written.manifest))
        self.stdout.write(f"{out}  {out.stat().st_size / 1_000_000:.1f} MB  SHA-256 {digest}")


def _facts(version: ContentVersion) -> Facts:
    book = Textbook.objects.filter(course=version.course, is_active=True).first()
    if book is None:
        return facts_of(version)
    return facts_of(version, edition=book.edition, approval_number=book.approval_number, licence=book.licence)
