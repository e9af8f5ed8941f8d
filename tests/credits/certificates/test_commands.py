"""verify_certificate and make_signing_key: exit status and words."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from credits.certificates import actions, queries
from credits.certificates.models import Certificate, SigningKey
from tests.factories.certificates import Scene

pytestmark = pytest.mark.django_db


def verify(file: Path) -> tuple[int, dict[str, object]]:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_certificate", str(file), "--json", stdout=out)
    return int(str(left.value.code)), json.loads(out.getvalue())


@pytest.fixture
def record(certificate: Certificate, tmp_path: Path) -> Path:
    file = tmp_path / "certificate.json"
    file.write_bytes(queries.record_bytes(queries.rows().get(pk=certificate.pk)))
    return file


def test_a_good_pdf_and_a_good_record_end_with_0(certificate: Certificate, record: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "certificate.pdf"
    with certificate.pdf.open("rb") as file:
        pdf.write_bytes(file.read())
    status, report = verify(pdf)
    assert (status, report["outcome"], report["file_is_the_issued_one"]) == (0, "valid", True)
    assert verify(record)[0] == 0
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    status, report = verify(pdf)
    assert (status, report["outcome"], report["code"]) == (1, "not-genuine", "file-altered")


def test_a_revoked_one_ends_with_1_and_the_reason(certificate: Certificate, record: Path, scene: Scene) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    status, report = verify(record)
    assert (status, report["outcome"]) == (1, "revoked")
    assert "误发" in str(report["why"])


def test_an_altered_one_ends_with_1(record: Path) -> None:
    record.write_bytes(record.read_bytes().replace(b'"2.00"', b'"8.00"'))
    status, report = verify(record)
    assert (status, report["code"]) == (1, "signature-wrong")
    assert "statement" not in report


def test_what_cannot_be_read_ends_with_2(tmp_path: Path) -> None:
    assert verify(tmp_path / "missing.pdf")[0] == 2
    (tmp_path / "x.txt").write_text("hello")
    assert verify(tmp_path / "x.txt") == (2, verify(tmp_path / "x.txt")[1])


def test_a_key_is_made_by_short_or_long_code(scene: Scene, keys_dir: Path) -> None:
    out = StringIO()
    call_command("make_signing_key", str(scene.university.code)[-5:], "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert Path(report["file"]).exists()
    assert SigningKey.objects.filter(to_at__isnull=True).get().key_id == report["key_id"]
    with pytest.raises(CommandError):
        call_command("make_signing_key", "00000")
