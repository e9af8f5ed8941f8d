"""Every kind of paper is PDF/A-3a and PDF/UA-1 at once and signed by its issuer, with record and credential inside."""

import base64
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django.fixtures import Settings

from credits import events as announced
from credits.certificates import actions, checks, drawing, integrity, queries, records, signing
from credits.certificates.evidence import evidence_of
from credits.certificates.models import Certificate
from credits.certificates.paper import document
from credits.certificates.rules import Fault, Outcome
from credits.certificates.transcript_actions import issue_transcript
from credits.checking import verify_certificate
from credits.designs.queries import Design
from credits.designs.rules import Tint
from credits.log import notes, witnesses
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import Cosignature
from edu.events.models import Event
from edu.kernel import clock
from tests.credits.certificates.test_paper import text_of
from tests.factories.certificates import Scene, issued, requested
from tests.factories.stamping import stamping_authority
from tests.pdf.verapdf_runner import failures_of_many

pytestmark = pytest.mark.django_db
DESIGN = Design(
    sentence_zh="{holder}修完《{course}》，修读时间{study}，获{points}学分。",
    sentence_en="{holder} completed {course}, {study}, for {points} credits.",
    signer_zh="教务处处长 黄某",
    signer_en="Registrar",
    tint=Tint.PLUM,
    logo=b"",
    seal=b"",
)


def drawn(row: Certificate, *, witnessed: bool = True, design: Design | None = None) -> bytes:
    evidence = evidence_of(row)
    assert evidence is not None
    record = records.dump(queries.record_of(row, evidence), row.key.public_key)
    pdf = document.draw_pdf(row.statement, record, witnessed=witnessed, design=design)
    return signing.signed(pdf, row.key, issuer=row.statement["issuer"]["name_zh"], number=row.number)


def file_of(row: Certificate) -> bytes:
    with row.pdf.open() as opened:
        return bytes(opened.read())


def transcript_of(scene: Scene) -> Certificate:
    info = issue_transcript(
        holder_uuid=scene.student.uuid, issuer_uuid=scene.university.uuid, acting=scene.as_student, lot_uuids=None
    )
    assert drawing.draw(info.uuid)
    return queries.rows().get(uuid=info.uuid)


def attachments(pdf: bytes) -> dict[str, tuple[str, str, bytes]]:
    names = PdfFileReader(io.BytesIO(pdf)).root["/Names"]["/EmbeddedFiles"]["/Names"]
    found = [names[at] for at in range(1, len(names), 2)]
    return {
        str(one["/UF"]): (str(one["/AFRelationship"]), str(one["/EF"]["/F"]["/Subtype"]), one["/EF"]["/F"].data)
        for one in found
    }


@pytest.mark.long
def test_every_kind_of_paper_passes_both_flavours_signed(scene: Scene, tmp_path: Path, settings: Settings) -> None:
    first = issued(scene)
    again = actions.reissue_certificate(certificate_uuid=first.uuid, reason="改名", acting=scene.as_registrar)
    assert drawing.draw(again.uuid)
    row, transcript = queries.rows().get(pk=first.pk), transcript_of(scene)
    papers = {
        "valid": file_of(first),
        "reissued": file_of(queries.rows().get(uuid=again.uuid)),
        "transcript": file_of(transcript),
        "pending": drawn(row, witnessed=False),
        "pending-transcript": drawn(transcript, witnessed=False),
        "designed": drawn(row, design=DESIGN),
        "designed-transcript": drawn(transcript, design=DESIGN),
    }
    with stamping_authority() as (settings.GUIXUE_TSA_URL, _authority):
        papers["stamped"] = drawn(row)
    assert failures_of_many(papers, ("3a", "ua1"), tmp_path) == []


def test_record_proof_and_credential_lie_inside(certificate: Certificate) -> None:
    found = attachments(file_of(certificate))
    assert {name: part[:2] for name, part in found.items()} == {
        "certificate.json": ("/Data", "/application/json"),
        "credential.json": ("/Alternative", "/application/json"),
    }
    assert "c2sp.org/tlog-proof@v1" in json.loads(found["certificate.json"][2])["proof"]
    credential = json.loads(found["credential.json"][2])
    assert integrity.holds(credential, base64.b64decode(certificate.key.public_key))


def status_of(pdf: bytes, row: Certificate) -> tuple[bool, bool]:
    """Return what pyHanko says of the one signature: whole, and by the issuer's key."""
    own, *_rest = signing.certificates_of(row.key, row.statement["issuer"]["name_zh"])
    assert own.public_key.native["public_key"] == base64.b64decode(row.key.public_key)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[own], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    return status.intact and status.valid, status.trusted


def test_the_signature_is_the_issuers_and_covers_the_file(certificate: Certificate) -> None:
    pdf = file_of(certificate)
    assert status_of(pdf, certificate) == (True, True)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert signature.evaluate_signature_coverage().name == "ENTIRE_FILE"
    assert checks.of_file(pdf).is_paper


def test_a_changed_byte_breaks_the_signature_and_the_check_says_so(certificate: Certificate) -> None:
    pdf = file_of(certificate)
    at = pdf.index(b"/Producer")
    altered = pdf[:at] + b"/Producex" + pdf[at + 9 :]
    assert status_of(altered, certificate)[0] is False
    check = checks.of_file(altered)
    assert (check.outcome, check.fault) == (Outcome.NOT_GENUINE, Fault.FILE_ALTERED)  # though the record is whole


def test_an_authoritys_certificate_is_used_where_the_operator_laid_one(
    certificate: Certificate, keys_dir: Path
) -> None:
    own = signing.certificates_of(certificate.key, "别的名字的机构")[0]
    signing.chain_file(certificate.key.key_id).write_bytes(
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(own.dump()) + b"-----END CERTIFICATE-----\n"
    )
    (signature,) = PdfFileReader(io.BytesIO(drawn(queries.rows().get(pk=certificate.pk)))).embedded_signatures
    assert signature.signer_cert.subject.native["organization_name"] == "别的名字的机构"


def test_a_stamped_signature_is_checked_like_any_other(certificate: Certificate, settings: Settings) -> None:
    with stamping_authority() as (settings.GUIXUE_TSA_URL, authority):
        pdf = drawn(certificate)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    own, *_rest = signing.certificates_of(certificate.key, certificate.statement["issuer"]["name_zh"])
    context = ValidationContext(trust_roots=[own, authority], allow_fetching=False)
    stamp = validate_pdf_signature(signature, context, context).timestamp_validity
    assert stamp is not None
    assert stamp.intact
    assert stamp.trusted
    assert status_of(pdf, certificate) == (True, True)
    public = base64.b64decode(certificate.key.public_key)
    assert verify_certificate.file_signed(pdf, public)  # type: ignore[no-untyped-call]  # a script for Python 3.8


def test_a_paper_waits_for_its_stamp_as_long_as_it_takes(scene: Scene, settings: Settings) -> None:
    row = requested(scene)
    settings.GUIXUE_TSA_URL = "http://127.0.0.1:9/"  # nobody answers
    for _round in range(2):
        assert drawing.draw_waiting() == 0
    waiting = Certificate.objects.get(pk=row.pk)
    assert (waiting.status, waiting.last_error, waiting.attempts) == ("requested", "NoTimeStamp", 0)
    assert not waiting.papers.exists()
    with stamping_authority() as (settings.GUIXUE_TSA_URL, _authority):
        assert drawing.draw_waiting() == 1


def test_after_a_day_without_witnesses_the_paper_goes_out_and_the_full_one_follows(
    scene: Scene, settings: Settings
) -> None:
    private = Ed25519PrivateKey.generate()
    public = notes.PublicKey("w.example/w", notes.COSIGNATURE, private.public_key().public_bytes_raw())
    late = witnesses.add(public_key=public.text, address="http://127.0.0.1:9")
    settings.GUIXUE_LOG_QUORUM = 1
    row = requested(scene)
    assert drawing.draw(row.uuid) is False
    told = Event.objects.filter(name=announced.CERTIFICATE_WITHOUT_WITNESSES)
    assert not told.exists()
    with clock.at(clock.now() + dt.timedelta(hours=25)):
        assert drawing.draw(row.uuid)
        assert told.count() == 1
        row = queries.rows().get(pk=row.pk)
        first = file_of(row)
        assert "见证尚未完成" in text_of(first, 0).replace("\n", "")
        assert "witnessespending" in "".join(text_of(first, 1).split())
        assert drawing.complete_waiting() == 0
        for checkpoint in CheckpointRow.objects.all():
            line = notes.cosign(notes.parse_note(checkpoint.note.encode()).text, public, private, time=1).line
            Cosignature.objects.create(checkpoint=checkpoint, witness=late, line=line, cosigned_at=clock.now())
        assert (drawing.complete_waiting(), drawing.complete_waiting()) == (1, 0)
    with row.papers.get(quorum_met=True).pdf.open() as opened:
        full = bytes(opened.read())
    assert "见证尚未完成" not in text_of(full, 0).replace("\n", "")
    assert [checks.of_file(pdf).is_paper for pdf in (first, full)] == [True, True]
    assert status_of(full, row) == (True, True)
