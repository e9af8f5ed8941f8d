"""Issuing, re-issuing and revoking: at the door, and a refusal leaves no trace."""

import datetime as dt
import os
import stat
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, transaction

from credits.certificates import actions, checks, drawing, queries
from credits.certificates.models import Certificate, NumberSeries, SigningKey
from credits.certificates.rules import Outcome
from credits.certificates.states import CertificateStatus
from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger.queries import history_of
from credits.log import sequencer
from edu.events.actions import deliver_all
from edu.events.models import Event
from edu.institutions.models import InstitutionName
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.kernel.identifiers import is_certificate_number
from tests.factories.certificates import Scene, issued, make_lot, make_scene, requested
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


def nothing_happened() -> bool:
    return (
        not Certificate.objects.exists() and not Event.objects.filter(name__startswith="credits.certificate").exists()
    )


def test_the_holder_asks_and_a_signed_numbered_row_stands_at_once(scene: Scene) -> None:
    row = requested(scene)
    assert row.status == CertificateStatus.REQUESTED
    assert is_certificate_number(row.number)
    assert row.statement["address"].endswith(f"/v/{row.token}")
    assert row.statement["credit_points"] == "2.00"
    assert row.statement["holder"] == {"name_zh": "韦秀兰", "name_latin": "Wei Xiulan"}
    assert row.statement["home_institution"]["name_zh"] == "漓水学院"
    assert row.statement["issued_at"].endswith("Z")
    assert [move.target for move in row.moves.all()] == ["requested"]


def test_asking_twice_gives_the_same_certificate(scene: Scene) -> None:
    assert requested(scene).pk == requested(scene).pk
    assert Event.objects.filter(name="credits.certificate.requested").count() == 1


def test_numbers_are_dense_and_a_refusal_gives_its_number_back(scene: Scene) -> None:
    first = requested(scene)
    unprintable = make_person(name="𠮷田", role="student", institution=scene.home)
    lot = make_lot(issuer=scene.university, holder=unprintable)
    with pytest.raises(Refusal, match="character-not-printable"):
        actions.issue_certificate(lot_uuid=lot.uuid, acting=make_actor(unprintable))
    other = make_lot(issuer=scene.university, holder=scene.student)
    second = actions.issue_certificate(lot_uuid=other.uuid, acting=scene.as_student)
    assert int(second.number[9:17]) == int(first.number[9:17]) + 1
    assert NumberSeries.objects.get().last_serial == 2


def test_a_character_the_font_lacks_is_named_before_issue(db: None) -> None:
    scene = make_scene(name="𠮷田")
    with pytest.raises(Refusal) as refused:
        requested(scene)
    assert refused.value.details == {"characters": ["𠮷"]}
    assert "U+20BB7" in str(refused.value.message)
    assert nothing_happened()


def test_without_a_key_nothing_is_issued(db: None) -> None:
    scene = make_scene(with_key=False)
    with pytest.raises(Refusal, match="no-signing-key"):
        requested(scene)
    assert nothing_happened()


def test_without_its_file_the_key_signs_nothing(scene: Scene, keys_dir: Path) -> None:
    for file in keys_dir.iterdir():
        file.unlink()
    with pytest.raises(Refusal, match="signing-key-missing"):
        requested(scene)
    assert nothing_happened()


def test_a_key_file_that_others_may_read_is_refused(scene: Scene, keys_dir: Path) -> None:
    for file in keys_dir.iterdir():
        os.chmod(file, 0o644)
    with pytest.raises(Refusal, match="signing-key-open-to-others"):
        requested(scene)
    assert nothing_happened()


def test_the_key_file_is_for_the_service_alone(scene: Scene, keys_dir: Path) -> None:
    files = list(keys_dir.iterdir())
    assert len(files) == 3  # the university's, and the log's two
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(keys_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("role", ["student", "registrar"])
def test_for_strangers_the_credit_is_not_there(scene: Scene, role: str) -> None:
    stranger = make_person(name="陌生人", role=role)
    with pytest.raises(NotThere):
        actions.issue_certificate(lot_uuid=scene.lot.uuid, acting=make_actor(stranger))
    assert nothing_happened()


def test_only_an_operator_makes_keys(scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        actions.make_signing_key(institution_uuid=scene.university.uuid, acting=scene.as_registrar)
    assert SigningKey.objects.count() == 1


def test_a_new_key_closes_the_old_one_and_old_certificates_stay_valid(scene: Scene) -> None:
    old = issued(scene)
    actions.make_signing_key(institution_uuid=scene.university.uuid, acting=SYSTEM)
    closed, current = SigningKey.objects.order_by("pk")
    assert closed.to_at == current.from_at
    assert checks.by_token(old.token).outcome is Outcome.VALID
    lot = make_lot(issuer=scene.university, holder=scene.student)
    new = actions.issue_certificate(lot_uuid=lot.uuid, acting=scene.as_student)
    assert Certificate.objects.get(uuid=new.uuid).key == current


def test_a_registrar_of_the_issuer_revokes_with_a_reason(certificate: Certificate, scene: Scene) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="成绩更正", acting=scene.as_registrar)
    check = checks.by_token(certificate.token)
    assert check.outcome is Outcome.REVOKED
    assert check.reason == "成绩更正"


def test_nobody_else_revokes(certificate: Certificate, scene: Scene) -> None:
    other = make_person(name="邻校教务", role="registrar")
    for actor in (scene.as_student, make_actor(other)):
        with pytest.raises(NotThere):
            actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="理由", acting=actor)
    with pytest.raises(Refusal, match="reason-missing"):
        actions.revoke_certificate(certificate_uuid=certificate.uuid, reason=" ", acting=scene.as_registrar)
    assert checks.by_token(certificate.token).is_valid
    assert not Event.objects.filter(name="credits.certificate.revoked").exists()


def test_a_reissue_carries_the_new_name_and_the_old_one_is_good_until_then(
    certificate: Certificate, scene: Scene
) -> None:
    scene.student.name = "韦秀岚"
    scene.student.save()
    info = actions.reissue_certificate(certificate_uuid=certificate.uuid, reason="更名", acting=scene.as_registrar)
    assert checks.by_token(certificate.token).is_valid
    assert checks.by_token(info.token).outcome is Outcome.UNKNOWN
    assert drawing.draw(info.uuid)
    old, new = checks.by_token(certificate.token), checks.by_token(info.token)
    assert (old.outcome, new.outcome) == (Outcome.SUPERSEDED, Outcome.VALID)
    assert old.successor is not None
    assert old.successor.number == info.number
    assert new.statement["supersedes"] == certificate.number
    assert new.statement["holder"]["name_zh"] == "韦秀岚"
    assert old.statement["holder"]["name_zh"] == "韦秀兰"


def test_revoking_takes_the_unfinished_successor_along(certificate: Certificate, scene: Scene) -> None:
    info = actions.reissue_certificate(certificate_uuid=certificate.uuid, reason="更名", acting=scene.as_registrar)
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="撤课", acting=scene.as_registrar)
    assert drawing.draw(info.uuid) is False
    assert checks.by_token(info.token).outcome is Outcome.UNKNOWN


def test_after_a_revocation_a_new_certificate_may_be_issued(certificate: Certificate, scene: Scene) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    again = issued(scene)
    assert again.number != certificate.number


def test_credit_that_the_ledger_took_back_ends_its_certificate(certificate: Certificate, scene: Scene) -> None:

    minted = history_of(scene.lot.uuid)[0]
    ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", minted.uuid), acting=SYSTEM)
    deliver_all()
    assert checks.by_token(certificate.token).outcome is Outcome.REVOKED
    with pytest.raises(Refusal, match="credit-was-reversed"):
        requested(scene)


def test_both_names_stand_on_a_certificate_of_the_old_days(db: None) -> None:
    scene = make_scene()
    InstitutionName.objects.filter(institution=scene.university, language="zh-hans").update(
        from_on=dt.date(2026, 10, 1)
    )
    InstitutionName.objects.create(
        institution=scene.university, language="zh-hans", name="桂江学院", to_on=dt.date(2026, 9, 30)
    )
    lot = make_lot(
        issuer=scene.university,
        holder=scene.student,
        facts={"course_name_zh": "旧课", "starts_on": "2026-03-01", "ends_on": "2026-06-30", "grade": "80"},
    )
    info = actions.issue_certificate(lot_uuid=lot.uuid, acting=scene.as_student)
    issuer = Certificate.objects.get(uuid=info.uuid).statement["issuer"]
    assert (issuer["name_zh"], issuer["former_name_zh"]) == ("桂江大学", "桂江学院")


def test_the_issuer_was_renamed_after_the_issue(certificate: Certificate, scene: Scene) -> None:
    today = clock.today()
    InstitutionName.objects.filter(institution=scene.university, language="zh-hans").update(
        to_on=today - dt.timedelta(days=1)
    )
    InstitutionName.objects.create(institution=scene.university, language="zh-hans", name="桂江理工大学", from_on=today)
    check = checks.by_token(certificate.token)
    assert check.issuer_now[0] == "桂江理工大学"
    assert check.statement["issuer"]["name_zh"] == "桂江大学"


def test_the_database_refuses_what_was_signed_to_change(certificate: Certificate) -> None:
    changes: list[dict[str, Any]] = [{"statement": {}}, {"number": "1" * 19}, {"signature": ""}, {"token": "x"}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(pdf_sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        certificate.moves.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        certificate.delete()


def test_a_killed_worker_is_followed_by_one_that_finishes_the_same_certificate(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = requested(scene)
    sequencer.sequence()

    def killed(*_args: object, **_kwargs: object) -> None:
        raise SystemExit  # not an Exception: nothing of ours runs after a kill

    monkeypatch.setattr(drawing, "move", killed)
    with pytest.raises(SystemExit), transaction.atomic():
        drawing.draw(row.uuid)
    Certificate.objects.filter(pk=row.pk).update(leased_until=clock.now() + dt.timedelta(seconds=60), attempts=1)
    monkeypatch.undo()
    assert drawing.draw_waiting() == 0  # somebody may still be at it
    Certificate.objects.filter(pk=row.pk).update(leased_until=clock.now() - dt.timedelta(seconds=1))
    assert drawing.draw_waiting() == 1
    after = Certificate.objects.get(pk=row.pk)
    assert (after.number, after.token, after.status) == (row.number, row.token, CertificateStatus.ISSUED)
    assert after.attempts == 2
    assert drawing.draw_waiting() == 0
    assert [move.target for move in after.moves.all()] == ["requested", "issued"]


def test_a_failed_try_is_kept_and_tried_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    row = requested(scene)
    full = Mock(side_effect=OSError("disk full"))
    monkeypatch.setattr("credits.certificates.paper.document.draw_pdf", full)
    assert drawing.draw_waiting() == 0
    failed = Certificate.objects.get(pk=row.pk)
    assert (failed.status, failed.last_error, failed.leased_until) == ("requested", "OSError", None)
    monkeypatch.undo()
    assert drawing.draw_waiting() == 1


def test_the_record_is_the_same_bytes_everywhere(certificate: Certificate) -> None:
    data = queries.record_bytes(queries.rows().get(pk=certificate.pk))
    assert checks.of_file(data).is_valid
    nobody = Actor(None, None, "student")
    with pytest.raises(NotThere):
        actions.reissue_certificate(certificate_uuid=make_institution().uuid, reason="x", acting=nobody)
