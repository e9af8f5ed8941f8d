"""The student's and the registrar's screens, walked as people do."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from credits.certificates import actions, drawing
from credits.certificates.models import Certificate
from edu.people.models import AccessNote
from tests.factories.certificates import Scene, make_lot, requested
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db
MINE = "/zh-hans/credits/certificates/"
REGISTRY = "/zh-hans/registry/certificates/"


def test_a_student_requests_waits_and_downloads(client: Client, scene: Scene) -> None:
    sign_in(client, scene.student)
    assert f"request/{scene.lot.uuid}/" in client.get(MINE).content.decode()
    answer = client.post(f"{MINE}request/{scene.lot.uuid}/")
    row = Certificate.objects.get()
    assert answer["Location"] == f"{MINE}{row.uuid}/"
    page = client.get(answer["Location"])
    assert "data-done" not in client.get(answer["Location"], headers={"x-fragment": "1"}).content.decode()
    assert client.get(f"{MINE}{row.uuid}/pdf/").status_code == 404
    drawing.draw(row.uuid)
    assert "data-done" in client.get(answer["Location"], headers={"x-fragment": "1"}).content.decode()
    page = client.get(answer["Location"])
    assert row.statement["address"] in page.content.decode()
    pdf = client.get(f"{MINE}{row.uuid}/pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert b"".join(pdf).startswith(b"%PDF-")
    record = client.get(f"{MINE}{row.uuid}/record/")
    assert json.loads(record.content)["statement"] == row.statement


def test_a_refusal_is_said_on_the_list_and_leaves_no_trace(client: Client, scene: Scene) -> None:
    scene.student.name = "𠮷田"
    scene.student.save()
    sign_in(client, scene.student)
    answer = client.post(f"{MINE}request/{scene.lot.uuid}/", follow=True)
    assert "U+20BB7" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_strangers_and_missing_rows_get_the_same_404(client: Client, certificate: Certificate) -> None:
    stranger = make_person(name="陌生人", role="student")
    sign_in(client, stranger)
    for path in (f"{MINE}{certificate.uuid}/", f"{MINE}{certificate.uuid}/pdf/", f"{MINE}{uuid4()}/", REGISTRY):
        assert client.get(path).status_code == 404


def test_anonymous_visitors_are_sent_to_sign_in(client: Client, certificate: Certificate) -> None:
    assert client.get(MINE).status_code == 302
    assert client.get(f"{REGISTRY}{certificate.uuid}/").status_code == 302


def test_a_registrar_finds_looks_at_and_revokes(client: Client, certificate: Certificate, scene: Scene) -> None:
    sign_in(client, scene.registrar)
    for query in ("", f"?q={certificate.number[:9]}", "?q=韦秀", "?q=统计", "?status=issued"):
        assert certificate.number[9:17] in client.get(REGISTRY + query).content.decode()
    assert certificate.number[9:17] not in client.get(f"{REGISTRY}?status=revoked").content.decode()
    assert client.get(f"{REGISTRY}{certificate.uuid}/").status_code == 200
    note = AccessNote.objects.get()
    assert (note.subject, note.what, note.viewer_role) == (scene.student, "certificates", "registrar")
    refused = client.post(f"{REGISTRY}{certificate.uuid}/revoke/", {"revoke-reason": " "})
    assert refused.status_code == 422
    client.post(f"{REGISTRY}{certificate.uuid}/revoke/", {"revoke-reason": "误发"})
    certificate.refresh_from_db()
    assert certificate.status == "revoked"


def test_a_registrar_issues_anew(client: Client, certificate: Certificate, scene: Scene) -> None:
    sign_in(client, scene.registrar)
    answer = client.post(f"{REGISTRY}{certificate.uuid}/reissue/", {"reissue-reason": "更名"})
    successor = Certificate.objects.get(supersedes=certificate)
    assert answer["Location"] == f"{REGISTRY}{successor.uuid}/"
    assert successor.number in client.get(f"{REGISTRY}{certificate.uuid}/").content.decode()


def test_another_institutions_registrar_sees_nothing(client: Client, certificate: Certificate) -> None:
    other = make_person(name="邻校教务", role="registrar")
    sign_in(client, other)
    assert client.get(f"{REGISTRY}{certificate.uuid}/").status_code == 404
    assert client.post(f"{REGISTRY}{certificate.uuid}/revoke/", {"revoke-reason": "x"}).status_code == 404
    assert certificate.number[9:17] not in client.get(REGISTRY).content.decode()
    certificate.refresh_from_db()
    assert certificate.status == "issued"


def test_without_the_second_factor_the_register_stays_shut(client: Client, scene: Scene) -> None:
    sign_in(client, scene.registrar, second_factor=False)
    assert client.get(REGISTRY).status_code == 302


def test_the_list_costs_the_same_with_one_and_with_many(
    client: Client, scene: Scene, django_assert_max_num_queries: object
) -> None:
    requested(scene)
    sign_in(client, scene.registrar)
    for _number in range(6):
        lot = make_lot(issuer=scene.university, holder=scene.student)
        actions.issue_certificate(lot_uuid=lot.uuid, acting=scene.as_student)
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        assert client.get(REGISTRY).status_code == 200
