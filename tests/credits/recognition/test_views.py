"""The screens of recognition: an application on screen, a decision on screen, files only for people of the case."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from credits.recognition.models import RecognitionCase
from edu.events.actions import deliver_all
from tests.factories.credits import (
    World,
    accepted_plan,
    agreement_in_force,
    certified_lot,
    make_world,
    rule_in_force,
    submitted_application,
)
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 syllabus"


@pytest.fixture
def world() -> World:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    return world


def at(name: str, **kwargs: object) -> str:
    return reverse(f"credits:{name}", kwargs=kwargs)


def status(client: Client, address: str) -> int:
    return client.get(address).status_code


def test_an_application_goes_through_its_five_steps(world: World) -> None:
    lot = certified_lot(world)
    client = sign_in(Client(), world.student_person)
    assert at("new_application") in client.get(at("my_recognitions")).content.decode()
    client.post(at("new_application"), {"lot": str(lot.uuid)})
    case = RecognitionCase.objects.get()
    named = {"case_uuid": case.uuid}
    assert client.get(at("application_slot", **named)).status_code == 200
    client.post(at("application_slot", **named), {"slot": str(world.slot.uuid)})
    assert client.get(at("application_request", **named)).status_code == 200
    client.post(at("application_request", **named), {"request_text": "内容相符"})
    assert client.get(at("application_evidence", **named)).status_code == 200
    client.post(at("application_evidence", **named), {"file": SimpleUploadedFile("大纲.pdf", PDF)})
    assert "大纲.pdf" in client.get(at("application_evidence", **named)).content.decode()
    assert client.get(at("check_application", **named)).status_code == 200
    done = client.post(at("check_application", **named), follow=True)
    assert case.number in done.content.decode()
    assert client.get(at("recognition_case", **named)).status_code == 200
    file = case.evidence.get()
    response = client.get(at("evidence", evidence_uuid=file.uuid))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")


def test_files_are_for_the_applicant_and_the_home_registrar_only(world: World) -> None:
    lot = certified_lot(world)
    client = sign_in(Client(), world.student_person)
    client.post(at("new_application"), {"lot": str(lot.uuid)})
    case = RecognitionCase.objects.get()
    bad = client.post(
        at("application_evidence", case_uuid=case.uuid), {"file": SimpleUploadedFile("a.pdf", b"MZ")}, follow=True
    )
    assert [str(message) for message in bad.context["messages"]] != []
    client.post(at("application_evidence", case_uuid=case.uuid), {"file": SimpleUploadedFile("a.pdf", PDF)})
    address = at("evidence", evidence_uuid=case.evidence.get().uuid)
    home, host = sign_in(Client(), world.home_registrar_person), sign_in(Client(), world.host_registrar_person)
    other = sign_in(Client(), make_person(role="student"))
    assert [status(c, address) for c in (home, host, other)] == [404, 404, 404]  # a draft is the student's own
    client.post(at("application_request", case_uuid=case.uuid), {"request_text": "相符"})
    client.post(at("check_application", case_uuid=case.uuid))
    assert [status(c, address) for c in (home, host, other)] == [200, 404, 404]


def test_a_registrar_previews_and_decides(world: World) -> None:
    case = submitted_application(world, certified_lot(world))
    client = sign_in(Client(), world.home_registrar_person)
    assert case.number in client.get(at("case_queue")).content.decode()
    page = client.get(at("registry_case", case_uuid=case.uuid))
    asked = {
        "outcome": "refuse",
        "reason_code": "content-differs",
        "reason_text": "内容不符",
        "seen_hash": page.context["seen_hash"],
    }
    preview = client.post(at("registry_case", case_uuid=case.uuid), asked | {"then": "preview"})
    assert "第六十条" in preview.content.decode() or "article 60" in preview.content.decode()
    case.refresh_from_db()
    assert case.status == "in_review"
    stale = client.post(at("registry_case", case_uuid=case.uuid), asked | {"seen_hash": "0" * 64})
    assert stale.status_code == 409
    client.post(at("registry_case", case_uuid=case.uuid), asked)
    case.refresh_from_db()
    assert case.status == "not_recognised"
    mine = sign_in(Client(), world.student_person).get(at("recognition_case", case_uuid=case.uuid)).content.decode()
    assert "内容不符" in mine


def test_the_student_sees_what_was_recognised_by_which_rule(world: World) -> None:
    accepted_plan(world)
    certified_lot(world)
    deliver_all()
    case = RecognitionCase.objects.get()
    client = sign_in(Client(), world.student_person)
    page = client.get(at("recognition_case", case_uuid=case.uuid)).content.decode()
    assert "HY" in page
    assert "良" in page
    for language in ("zh-hans", "en"):
        for path in (f"credits/recognitions/{case.uuid}/", "credits/recognitions/"):
            assert client.get(f"/{language}/{path}").status_code == 200
    done = sign_in(Client(), world.home_registrar_person).get(at("case_queue"), {"view": "done"})
    assert case.number in done.content.decode()
    shown = sign_in(Client(), world.home_registrar_person).get(at("registry_case", case_uuid=case.uuid))
    assert shown.status_code == 200


def test_the_queue_costs_the_same_for_one_case_and_for_many(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submitted_application(world, certified_lot(world))
    client = sign_in(Client(), world.home_registrar_person)
    with django_assert_max_num_queries(40) as first:
        client.get(at("case_queue"))
    one = RecognitionCase.objects.get()
    for number in range(5):
        one.pk, one.uuid, one.number = None, f"00000000-0000-4000-8000-00000000000{number}", f"RD-{number}"
        one.lot_uuid = one.uuid
        one.save(force_insert=True)
    with django_assert_max_num_queries(40) as many:
        client.get(at("case_queue"))
    assert len(many) == len(first)
