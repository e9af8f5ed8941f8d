"""verify_certificate FILE: is this PDF or machine record a good certificate, and if not, why."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from credits.certificates import checks, wording
from credits.certificates.checks import FILE_SIZE_MAX_BYTES, Check
from credits.certificates.records import Unreadable
from credits.certificates.rules import Outcome
from edu.kernel import clock

VALID, NOT_VALID, UNREADABLE = 0, 1, 2

WHY_UNREADABLE = {
    "too-large": f"The file is larger than {FILE_SIZE_MAX_BYTES // 1024 // 1024} MB; a certificate has 0.2 MB.",
    "not-json": "The file is neither a PDF nor a JSON document.",
    "not-a-certificate": "The document is not the machine record of a certificate.",
    "not-canonical": "The record holds something other than text, so its signed bytes are not defined.",
    "duplicate-keys": "The record names a field twice, so two readers could understand it differently.",
    "no-record-in-pdf": "The PDF carries no machine record: it is a copy without its attachment, or another paper.",
    "several-records-in-pdf": "The PDF carries several different machine records.",
    "too-many-streams": "The PDF has more parts than any certificate has.",
}
WHY_NOT_GENUINE = {
    "no-such-key": "The key that it names is not a signing key known here.",
    "key-of-another-issuer": "It is signed with the key of another institution.",
    "key-not-valid-then": "The key was not in use at the time of issue that it states.",
    "signature-wrong": "The signature does not fit: something was changed after signing.",
    "not-a-statement": "What was signed is not the statement of a certificate.",
    "commitment-wrong": "It does not fit what the issuer committed to the log: a field or the salt was changed.",
    "proof-wrong": "The log's proof is not about this certificate.",
    "log-of-another-name": "The proof comes from another log.",
    "checkpoint-not-signed": "The checkpoint in the proof is not signed by this log.",
    "file-altered": "The record in it holds, but the PDF was changed or saved again after issue.",
    "not-registered": "The signature holds, but the register has no such certificate.",
    "differs-from-register": "The signature holds, but the register says something else under this number.",
}


class Command(BaseCommand):
    """Teaches in --help, tells the truth in its exit status."""

    help = (
        "Check a credit certificate: its PDF, or the machine record (JSON) that lies in the PDF and in the API. "
        "The signature is verified with the issuer's key known to this installation, then the register is asked "
        "whether the certificate is still in force. Exit status: 0 valid, 1 not valid, 2 unreadable. "
        "Example: manage.py verify_certificate certificate.pdf --json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the wish for JSON."""
        parser.add_argument("file", type=Path, help="PDF or JSON file; - reads standard input")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object for machines")

    def handle(self, *args: Any, file: Path, as_json: bool, **options: Any) -> None:
        """Print what was found and leave with the status that says it."""
        try:
            check = checks.of_file(_bytes_of(file))
        except OSError as error:
            self._say(as_json, {"outcome": "unreadable", "why": f"{file} cannot be read: {error.strerror}."})
            sys.exit(UNREADABLE)
        except Unreadable as error:
            why = WHY_UNREADABLE[error.code]
            self._say(as_json, {"outcome": "unreadable", "code": error.code, "why": why})
            sys.exit(UNREADABLE)
        self._say(as_json, _report(check))
        sys.exit(VALID if check.is_valid else NOT_VALID)

    def _say(self, as_json: bool, report: dict[str, Any]) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{report['outcome']}: {report['why']}")
        for label, value in report.get("facts", {}).items():
            self.stdout.write(f"  {label}: {value}")


def _bytes_of(file: Path) -> bytes:
    """Read one byte more than is allowed, so that a huge file costs nothing."""
    if str(file) == "-":
        return sys.stdin.buffer.read(FILE_SIZE_MAX_BYTES + 1)
    with file.open("rb") as opened:
        return opened.read(FILE_SIZE_MAX_BYTES + 1)


def _report(check: Check) -> dict[str, Any]:
    report: dict[str, Any] = {
        "outcome": check.outcome.value,
        "why": _why(check),
        "checked_at": clock.rfc3339(clock.now()),
    }
    if check.fault:
        report["code"] = check.fault.value
    if check.is_paper:
        report["file_is_the_issued_one"] = True
    if check.statement:
        report["facts"] = {fact.label: fact.value for fact in wording.in_english(check.statement).facts}
        report["statement"] = check.statement
    return report


def _why(check: Check) -> str:
    if check.fault:
        return WHY_NOT_GENUINE[check.fault.value]
    if check.outcome is Outcome.REVOKED:
        return f"The issuer revoked it. Reason: {check.reason}"
    if check.outcome is Outcome.SUSPENDED:
        return f"The issuer suspended it for the time being. Reason: {check.reason}"
    if check.outcome is Outcome.SUPERSEDED:
        number = check.successor.number if check.successor else "unknown"
        return f"It was replaced by certificate {number}."
    return "The signature holds and it is in force."
