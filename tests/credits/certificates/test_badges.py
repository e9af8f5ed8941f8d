"""A transcript as one learner record that an independent library verifies; its courses are the paper's own."""

import copy
import json

import pypdfium2
import pytest
from django.test import Client

from credits.certificates import badges, credentials, drawing, integrity, queries
from credits.certificates.models import Certificate
from credits.certificates.transcript_actions import issue_transcript
from tests.credits.certificates.test_credentials import checked_by_others, raw_key
from tests.factories.certificates import FACTS, Scene, make_lot
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def transcript(scene: Scene) -> Certificate:
    """A drawn transcript of two courses."""
    facts = {**FACTS, "course_code": "B2", "course_name_zh": "线性代数", "course_name_en": ""}
    make_lot(issuer=scene.university, holder=scene.student, facts=facts)
    info = issue_transcript(holder_uuid=scene.student.uuid, issuer_uuid=scene.university.uuid, acting=scene.as_student)
    drawing.draw(info.uuid)
    return queries.rows().get(uuid=info.uuid)


def test_an_independent_library_verifies_it_and_refuses_one_changed_amount(
    transcript: Certificate, scene: Scene
) -> None:
    record = credentials.secured(transcript)
    did = credentials.did_document(scene.university.code or "", queries.keys_of(scene.university.uuid))
    found = checked_by_others(record, did)
    assert (found["verified"], found["statuses"]) == (True, 2), found
    changed = copy.deepcopy(record)
    changed["credentialSubject"]["verifiableCredential"][1]["credentialSubject"]["creditsEarned"] = 20
    assert checked_by_others(changed, did)["verified"] is False


def test_each_course_of_the_paper_stands_in_it_once(transcript: Certificate) -> None:
    record = credentials.credential(transcript)
    assert record["type"] == ["VerifiableCredential", "ClrCredential"]
    assert badges.RECORDS in record["@context"]
    courses = record["credentialSubject"]["verifiableCredential"]
    said = {course["lot"]: course for course in transcript.statement["courses"]}
    assert len(courses) == len(said) == 2
    for course in courses:
        subject = course["credentialSubject"]
        line = said[subject["achievement"]["id"].removeprefix("urn:uuid:")]
        assert subject["achievement"]["humanCode"] == line["code"]
        assert subject["achievement"]["name"] == (line.get("name_en") or line["name_zh"])
        assert f"{subject['creditsEarned']:.2f}" == line["credit_points"]
        assert subject["activityEndDate"].startswith(line["to_on"])
        assert subject["result"][0]["value"] == line["grade"]
        assert course["issuer"] == record["issuer"]
    assert [name["identityHash"] for name in record["credentialSubject"]["identifier"]] == ["韦秀兰", "Wei Xiulan"]


def test_the_paper_carries_it_and_the_holder_downloads_it(
    transcript: Certificate, scene: Scene, client: Client
) -> None:
    paper = queries.paper_of(transcript)
    assert paper is not None
    with paper.open("rb") as file, pypdfium2.PdfDocument(file.read()) as document:
        attached = {
            document.get_attachment(place).get_name(): bytes(document.get_attachment(place).get_data())
            for place in range(document.count_attachments())
        }
    inside = json.loads(attached[credentials.FILE_NAME])
    assert integrity.holds(inside, raw_key(transcript))
    page = f"/zh-hans/credits/certificates/{transcript.uuid}"
    sign_in(client, scene.student)
    assert "CLR 2.0" in client.get(f"{page}/").content.decode()
    assert json.loads(client.get(f"{page}/credential/").content) == inside
    assert client.get(f"{page}/credential-jwt/").content.count(b".") == 2
