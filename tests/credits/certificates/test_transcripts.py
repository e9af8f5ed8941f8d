"""Transcripts: one in force for a holder and issuer, a newer one takes the older's place, a reversal ends it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from credits.certificates import actions, checks, drawing, queries, wording
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate, CertificateLot
from credits.certificates.rules import Outcome
from credits.certificates.transcript_actions import issue_transcript
from credits.data import CertificateInfo, LotInfo, Source
from credits.ledger import actions as ledger
from credits.ledger.queries import history_of
from edu.events.actions import deliver_all
from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotThere, Refusal
from edu.people.models import Person
from tests.credits.certificates.test_paper import opened, text_of
from tests.factories.certificates import FACTS, Scene, make_lot
from tests.factories.institutions import make_term
from tests.factories.people import make_actor, make_person, sign_in
from tests.pdf.verapdf_runner import failures

pytestmark = pytest.mark.django_db


def course(scene: Scene, code: str, *, ends_on: str = "2026-11-20", **facts: str) -> LotInfo:
    said = {**FACTS, "course_code": code, "course_name_zh": f"课程{code}", "ends_on": ends_on, **facts}
    return make_lot(issuer=scene.university, holder=scene.student, facts=said)


def hours_lot(issuer: Institution, holder: Person) -> LotInfo:
    return ledger.mint(
        issuer_uuid=issuer.uuid,
        activity_uuid=uuid4(),
        holder_uuid=holder.uuid,
        student_record_uuid=None,
        attempt=1,
        unit="contact_hours",
        amount=Decimal("40.00"),
        source=Source("result", uuid4()),
        facts={**FACTS, "course_code": "TT1", "course_name_zh": "同步课堂教学法", "contact_hours": "40.0"},
        acting=SYSTEM,
    )


def ask(scene: Scene, lots: list[LotInfo] | None = None) -> CertificateInfo:
    return issue_transcript(
        holder_uuid=scene.student.uuid,
        issuer_uuid=scene.university.uuid,
        lot_uuids=[lot.uuid for lot in lots] if lots is not None else None,
        acting=scene.as_student,
    )


def row_of(info: CertificateInfo) -> Certificate:
    return queries.rows().get(uuid=info.uuid)


def test_the_whole_record_stands_sorted_by_term_and_code_with_totals(scene: Scene) -> None:
    make_term(institution=scene.university)
    second, first = course(scene, "B2"), course(scene, "A1")
    hours = hours_lot(scene.university, scene.student)
    statement = row_of(ask(scene)).statement
    assert (statement["type"], statement["version"]) == ("guixue.credit-transcript", "1")
    assert [line["code"] for line in statement["courses"]] == ["A1", "B2", "DL101", "TT1"]
    assert statement["courses"][0]["term"] == "2026-2027-1"
    assert statement["courses"][3]["contact_hours"] == "40.00"
    assert "credit_points" not in statement["courses"][3]
    assert statement["totals"] == {"courses": "4", "credit_points": "6.00", "contact_hours": "40.00"}
    assert [scale["scale"] for scale in statement["scales"]] == ["percent"]
    assert {first.uuid, second.uuid, hours.uuid, scene.lot.uuid} == set(
        CertificateLot.objects.values_list("lot_uuid", flat=True)
    )


def test_the_same_again_is_the_same_and_more_takes_its_place(scene: Scene) -> None:
    first = ask(scene)
    assert ask(scene).uuid == first.uuid
    drawing.draw(first.uuid)
    assert ask(scene).uuid == first.uuid
    course(scene, "A1")
    second = ask(scene)
    assert checks.by_token(first.token).is_valid
    assert drawing.draw(second.uuid)
    old, new = checks.by_token(first.token), checks.by_token(second.token)
    assert (old.outcome, new.outcome) == (Outcome.SUPERSEDED, Outcome.VALID)
    assert new.statement["supersedes"] == first.number


def test_numbers_come_from_the_one_series(scene: Scene) -> None:
    single = actions.issue_certificate(lot_uuid=scene.lot.uuid, acting=scene.as_student)
    assert int(ask(scene).number[9:17]) == int(single.number[9:17]) + 1


def test_while_another_is_being_made_nothing_is_written(scene: Scene) -> None:
    other = course(scene, "A1")
    ask(scene)
    before = Certificate.objects.count(), Event.objects.count()
    with pytest.raises(Refusal, match="transcript-being-made"):
        ask(scene, [other])
    assert (Certificate.objects.count(), Event.objects.count()) == before


def test_chosen_courses_only_and_never_those_of_others(scene: Scene) -> None:
    other = course(scene, "A1")
    assert [line["code"] for line in row_of(ask(scene, [other])).statement["courses"]] == ["A1"]
    foreign = make_lot(issuer=scene.university, holder=make_person(name="覃某", role="student"))
    for lots in ([foreign], [scene.lot, foreign]):
        with pytest.raises(NotThere):
            ask(scene, lots)
    with pytest.raises(Refusal, match="nothing-to-certify"):
        ask(scene, [])


def test_for_strangers_there_is_no_record(scene: Scene) -> None:
    stranger = make_actor(make_person(name="邻校教务", role="registrar"))
    with pytest.raises(NotThere):
        issue_transcript(holder_uuid=scene.student.uuid, issuer_uuid=scene.university.uuid, acting=stranger)
    assert not Certificate.objects.exists()


def test_a_credit_taken_back_ends_the_transcript_and_the_next_one_is_without_it(scene: Scene) -> None:
    other = course(scene, "A1")
    info = ask(scene)
    drawing.draw(info.uuid)
    minted = history_of(other.uuid)[0]
    ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", minted.uuid), acting=SYSTEM)
    deliver_all()
    check = checks.by_token(info.token)
    assert (check.outcome, check.reason) == (Outcome.REVOKED, "学分已在账簿中冲回")
    assert [line["code"] for line in row_of(ask(scene)).statement["courses"]] == ["DL101"]


def test_a_registrar_issues_it_anew_under_todays_name(scene: Scene) -> None:
    course(scene, "A1")
    info = ask(scene)
    drawing.draw(info.uuid)
    scene.student.name = "韦秀岚"
    scene.student.save()
    again = actions.reissue_certificate(certificate_uuid=info.uuid, reason="更名", acting=scene.as_registrar)
    statement = row_of(again).statement
    assert statement["holder"]["name_zh"] == "韦秀岚"
    assert len(statement["courses"]) == 2


def test_the_database_holds_one_and_lets_nothing_change(scene: Scene) -> None:
    row = row_of(ask(scene))
    for change in ({"kind": "course"}, {"design": None, "lot_uuid": uuid4()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.lots.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.lots.update(lot_uuid=uuid4())
    copy = Certificate.objects.get(pk=row.pk)
    copy.pk, copy.uuid, copy.number, copy.token = None, uuid4(), "1" * 19, "x" * 22
    with pytest.raises(DatabaseError, match="one_requested_transcript"), transaction.atomic():
        copy.save()


def test_the_paper_has_every_course_on_as_many_pages_as_it_needs(scene: Scene) -> None:
    for number in range(30):
        course(scene, f"C{number:02d}")
    info = ask(scene)
    drawing.draw(info.uuid)
    row = row_of(info)
    with row.pdf.open("rb") as file:
        pdf = file.read()
    with opened(pdf) as found:
        pages = len(found)
    assert pages >= 4
    chinese = "".join(text_of(pdf, page) for page in range(pages // 2))
    assert all(f"课程C{number:02d}" in chinese for number in range(30))
    for page in range(pages // 2):
        assert f"{page + 1}/{pages}" in text_of(pdf, page)
        assert "韦秀兰" in text_of(pdf, page)
    assert checks.of_file(pdf).is_valid
    assert checks.of_file(queries.record_bytes(row)).is_valid


@pytest.mark.java
def test_the_paper_is_pdf_a_3a(scene: Scene, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        course(scene, f"C{number:02d}")
    info = ask(scene)
    drawing.draw(info.uuid)
    with row_of(info).pdf.open("rb") as file:
        assert failures(file.read(), "3a", tmp_path) == []


def test_the_signed_bytes_never_change_their_form(scene: Scene) -> None:
    """A tripwire: papers depend on exactly these keys."""
    statement = row_of(ask(scene)).statement
    assert sorted(statement) == [
        "address", "courses", "holder", "home_institution", "issued_at", "issuer", "key_id", "number",
        "scales", "totals", "type", "version",
    ]  # fmt: skip
    assert sorted(statement["courses"][0]) == [
        "code", "contact_hours", "credit_points", "from_on", "grade", "lot", "name_en", "name_zh", "run",
        "scale", "to_on",
    ]  # fmt: skip
    assert sorted(statement["totals"]) == ["courses", "credit_points"]


def test_a_teacher_in_training_gets_a_certificate_of_hours(scene: Scene) -> None:
    teacher = make_person(name="陆老师")
    lot = hours_lot(scene.university, teacher)
    info = actions.issue_certificate(lot_uuid=lot.uuid, acting=make_actor(teacher))
    assert drawing.draw(info.uuid)
    row = row_of(info)
    assert "credit_points" not in row.statement
    assert row.statement["contact_hours"] == "40.00"
    assert wording.in_chinese(row.statement).hours == "40"
    with row.pdf.open("rb") as file:
        text = text_of(file.read(), 0)
    assert "结业证书" in text
    assert "共40学时" in text
    assert "学分证书" not in text
    assert checks.by_token(info.token).is_valid


def test_anybody_sees_totals_before_the_table_in_both_languages(client: Client, scene: Scene) -> None:
    course(scene, "A1")
    info = ask(scene)
    drawing.draw(info.uuid)
    page = client.get(f"/v/{info.token}").content.decode()
    places = [page.index(words) for words in ("韦秀兰", "成绩单，2门课程", "4.0", "桂江大学", "<table", "课程A1")]
    assert places == sorted(places)
    assert "Transcript, 2 courses" in page
    answer = client.post("/verify/", {"number": info.number, "name": "韦秀兰"})
    assert "课程A1" in answer.content.decode()


def test_the_holder_and_the_registrar_ask_on_their_pages(
    client: Client, scene: Scene, django_assert_max_num_queries: object
) -> None:
    mine = f"/zh-hans/credits/certificates/transcript/{scene.university.uuid}/"
    other = course(scene, "A1")
    sign_in(client, scene.student)
    assert mine in client.get("/zh-hans/credits/certificates/").content.decode()
    with django_assert_max_num_queries(18):  # type: ignore[operator]  # pytest-django's fixture
        page = client.get(mine).content.decode()
    assert page.count("checked") == 2
    assert client.post(mine, {"lots": []}).status_code == 422
    answer = client.post(mine, {"lots": [str(other.uuid)]})
    row = Certificate.objects.get()
    assert answer["Location"] == f"/zh-hans/credits/certificates/{row.uuid}/"
    assert "课程A1" in client.get(answer["Location"]).content.decode()
    client.logout()
    drawing.draw(row.uuid)
    sign_in(client, scene.registrar)
    office = f"/zh-hans/registry/certificates/transcript/{scene.student.uuid}/"
    assert office in client.get(f"/zh-hans/registry/certificates/{row.uuid}/").content.decode()
    answer = client.post(office, {"lots": [str(other.uuid), str(scene.lot.uuid)]})
    assert answer.status_code == 302
    assert Certificate.objects.filter(kind=CertificateKind.TRANSCRIPT).count() == 2
    assert client.get(f"/zh-hans/registry/certificates/transcript/{scene.registrar.uuid}/").status_code == 404
