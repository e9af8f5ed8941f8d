"""What people may bring to mislead a checker: each is refused with its reason, and leaves no trace."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from credits.certificates import actions, checks, keys, queries, records, rules
from credits.certificates.evidence import evidence_of
from credits.certificates.models import Certificate, CertificateMove
from credits.certificates.records import Unreadable
from credits.certificates.rules import Fault, Outcome
from credits.checking import trust
from credits.log import notes
from edu.events.models import Event
from edu.kernel.canonical import canonical_bytes
from edu.people.models import AccessNote
from tests.factories.certificates import Scene, issued, make_lot

pytestmark = pytest.mark.django_db
Document = dict[str, Any]
Change = Callable[[Document, Certificate], Document]


def document_of(row: Certificate) -> Document:
    row = queries.rows().get(pk=row.pk)
    evidence = evidence_of(row)
    assert evidence is not None
    document: Document = json.loads(records.dump(queries.record_of(row, evidence), row.key.public_key))
    return document


def signed_anew(document: Document, row: Certificate, **changes: Any) -> Document:
    """Return version 1 of a record that the issuer's own key signed over something else."""
    said = {**document["statement"], **changes}
    signature = keys.sign(row.key.key_id, row.key.public_key, canonical_bytes(said))
    plain = {name: value for name, value in document.items() if name not in records.LOGGED}
    return {**plain, "version": "1", "statement": said, "signature": signature}


def holder(document: Document, name: str) -> Document:
    return {**document, "statement": {**document["statement"], "holder": {"name_zh": name}}}


def stranger_note(document: Document, _row: Certificate) -> Document:
    """Sign the proof's checkpoint with a key that bears the log's name."""
    head, _blank, tail = document["proof"].partition("\n\n")
    body, _lines = tail.split("\n\n", 1)
    name = body.split("\n", 1)[0]
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    key_hash = notes.PublicKey(name, notes.ED25519, raw).key_hash
    line = base64.b64encode(key_hash + private.sign((body + "\n").encode())).decode()
    return {**document, "proof": f"{head}\n\n{body}\n\n\u2014 {name} {line}\n"}


CHANGES: dict[str, tuple[Change, Fault]] = {
    "another name": (lambda d, _r: holder(d, "黄大力"), Fault.SIGNATURE_WRONG),
    "a look-alike radical": (lambda d, _r: holder(d, "⻙秀兰"), Fault.SIGNATURE_WRONG),
    "a zero-width letter": (lambda d, _r: holder(d, "韦秀\u200b兰"), Fault.SIGNATURE_WRONG),
    "a date in the future": (
        lambda d, r: signed_anew(d, r, issued_at="2099-01-01T00:00:00.000Z"),
        Fault.DIFFERS_FROM_REGISTER,
    ),
    "a date before the key": (
        lambda d, r: signed_anew(d, r, issued_at="2001-01-01T00:00:00.000Z"),
        Fault.KEY_NOT_VALID_THEN,
    ),
    "an unregistered number": (lambda d, r: signed_anew(d, r, number="1059320260000000100"), Fault.NOT_REGISTERED),
    "a look-alike domain": (
        lambda d, r: signed_anew(d, r, address=d["statement"]["address"].replace("localhost", "loca1host")),
        Fault.DIFFERS_FROM_REGISTER,
    ),
    "another log's origin": (
        lambda d, _r: {**d, "proof": d["proof"].replace("/log\n", "/other-log\n")},
        Fault.LOG_OF_ANOTHER_NAME,
    ),
    "a stranger's checkpoint": (stranger_note, Fault.CHECKPOINT_NOT_SIGNED),
    "another salt": (lambda d, _r: {**d, "entry_salt": "00" * 32}, Fault.COMMITMENT_WRONG),
}


def traces() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (AccessNote, Event, CertificateMove))


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_it_is_not_believed_and_leaves_no_trace(certificate: Certificate, name: str) -> None:
    change, fault = CHANGES[name]
    row = queries.rows().get(pk=certificate.pk)
    before = traces()
    check = checks.of_file(json.dumps(change(document_of(row), row)).encode())
    assert (check.outcome, check.fault) == (Outcome.NOT_GENUINE, fault)
    assert not check.statement
    assert traces() == before


def test_a_proof_of_another_certificate_is_not_believed(certificate: Certificate, scene: Scene) -> None:
    scene.lot = make_lot(issuer=scene.university, holder=scene.student)
    mine, other = document_of(certificate), document_of(issued(scene))
    swapped = {**mine, "proof": other["proof"]}
    assert checks.of_file(json.dumps(swapped).encode()).fault is Fault.PROOF_WRONG


def test_an_unknown_witness_counts_for_nothing(certificate: Certificate) -> None:
    document = document_of(certificate)
    line = base64.b64encode(bytes(76)).decode()
    document["proof"] += f"\u2014 witness.evil.example {line}\n"
    check = checks.of_file(json.dumps(document).encode())
    assert check.standing is None or check.standing.witnesses == 0


def test_an_old_checkpoint_still_proves_and_the_status_decides(certificate: Certificate, scene: Scene) -> None:
    old = json.dumps(document_of(certificate)).encode()
    scene.lot = make_lot(issuer=scene.university, holder=scene.student)
    issued(scene)  # the log has gone on
    assert checks.of_file(old).outcome is Outcome.VALID
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    assert checks.of_file(old).outcome is Outcome.REVOKED


def test_suspended_and_restored_show_everywhere(certificate: Certificate, scene: Scene, client: Client) -> None:
    def shown() -> tuple[str, list[str]]:
        page = client.get(f"/v/{certificate.token}").content.decode()
        word = next(word for word in ("已暂停", "已撤销", "有效") if word in page)
        return word, [one["status"] for one in trust.build()["ended"]["entries"]]

    assert shown() == ("有效", [])
    actions.suspend_certificate(certificate_uuid=certificate.uuid, reason="核查", acting=scene.as_registrar)
    assert shown() == ("已暂停", ["suspended"])
    assert {one["address"].rsplit("/", 1)[1] for one in trust.build()["status_lists"]} == {"revocation", "suspension"}
    actions.restore_certificate(certificate_uuid=certificate.uuid, reason="无误", acting=scene.as_registrar)
    assert shown() == ("有效", [])
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    assert shown() == ("已撤销", ["revoked"])


XML = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize("data", [XML, b'{"a":' * 20_000, b'{"type":"a","type":"b"}', b"\xef\xbb\xbf{}"])
def test_what_is_no_record_is_not_read(db: None, data: bytes) -> None:
    before = traces()
    with pytest.raises(Unreadable):
        checks.of_file(data)
    assert traces() == before


@pytest.mark.parametrize("name", ["韦秀蘭", "韋秀兰", "Wei Xiu1an", "Wеi Xiulan", "韦秀兰\u202e", ""])
def test_a_name_of_look_alike_letters_is_another_name(certificate: Certificate, name: str) -> None:
    assert rules.same_name("韦秀兰", certificate.statement)
    assert checks.by_number_and_name(certificate.number, name) == checks.UNKNOWN
