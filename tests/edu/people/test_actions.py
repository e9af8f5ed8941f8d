"""One-time codes: activation and reset without mail."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api
from edu.people.actions import CODE_FAILURES_MAX, check_code, set_password_by_code
from edu.people.models import AccessNote, CodePurpose, OneTimeCode, Person
from edu.people.rules import Identifier
from tests.factories.institutions import make_institution
from tests.factories.people import PASSWORD, make_actor, make_affiliation, make_person, sign_in

pytestmark = pytest.mark.django_db
ACTIVATE = "/zh-hans/account/activate/"
RESET = "/zh-hans/account/reset/"
NEW_PASSWORD = "/zh-hans/account/new-password/"


@pytest.fixture
def university() -> Institution:
    return make_institution(code="4145010593", name_zh="广西大学")


@pytest.fixture
def registrar(university: Institution) -> Person:
    return make_person(name="黄老师", role="registrar", institution=university)


@pytest.fixture
def student(university: Institution) -> Person:
    return make_person(name="韦小明", role="student", institution=university, number="2023001")


def code_for(person: Person, registrar: Person) -> str:
    return api.issue_code(person_uuid=person.uuid, acting=make_actor(registrar)).code


def fill(client: Any, code: str, **changes: Any) -> Any:
    form = {"school": "4145010593", "identifier": "2023001", "name": "韦小明", "code": code, **changes}
    return client.post(ACTIVATE, form)


def test_a_student_activates_with_number_name_and_code_and_is_signed_in(
    client: Any, registrar: Person, student: Person
) -> None:
    code = code_for(student, registrar)
    assert fill(client, code.lower().replace("-", " ")).url == NEW_PASSWORD
    assert client.post(NEW_PASSWORD, {"password": PASSWORD}).status_code == 302
    assert client.session["_auth_user_id"] == str(student.pk)
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert Event.objects.filter(name="people.person.activated").count() == 1


@pytest.mark.parametrize(
    "changes", [{"code": "AAAA-AAAA"}, {"name": "李四"}, {"identifier": "2023002"}, {"school": "", "identifier": "1"}]
)
def test_one_wrong_entry_leads_nowhere(
    client: Any, registrar: Person, student: Person, changes: dict[str, str]
) -> None:
    code = code_for(student, registrar)
    page = fill(client, **{"code": code, **changes})
    assert page.context["form"].errors
    assert client.get(NEW_PASSWORD).url == "/zh-hans/account/login/"


def test_a_code_works_once(client: Any, registrar: Person, student: Person) -> None:
    code = code_for(student, registrar)
    fill(client, code)
    client.post(NEW_PASSWORD, {"password": PASSWORD})
    client.post("/zh-hans/account/logout/")
    assert fill(client, code).context["form"].errors


def test_two_browsers_with_one_code_set_one_password(registrar: Person, student: Person) -> None:
    code_for(student, registrar)
    row = OneTimeCode.objects.get()
    set_password_by_code(code_id=row.pk, password=PASSWORD)
    with pytest.raises(Stale):
        set_password_by_code(code_id=row.pk, password="another-password-8")
    student.refresh_from_db()
    assert student.check_password(PASSWORD)


def test_a_weak_password_leaves_the_code_alive(client: Any, registrar: Person, student: Person) -> None:
    fill(client, code_for(student, registrar))
    assert client.post(NEW_PASSWORD, {"password": "12345678"}).context["form"].errors
    assert OneTimeCode.objects.get().ended_at is None
    assert client.post(NEW_PASSWORD, {"password": PASSWORD}).status_code == 302


def test_wrong_tries_spend_a_code(registrar: Person, student: Person) -> None:
    code = code_for(student, registrar)
    who = Identifier("number", "2023001", "10593")
    for _ in range(CODE_FAILURES_MAX):
        with pytest.raises(Refusal):
            check_code(purpose=CodePurpose.ACTIVATION, identifier=who, code="AAAA-AAAA")
    with pytest.raises(Refusal):
        check_code(purpose=CodePurpose.ACTIVATION, identifier=who, code=code)


def test_a_code_expires(registrar: Person, student: Person) -> None:
    code = code_for(student, registrar)
    who = Identifier("number", "2023001", "10593")
    with clock.at(clock.now() + dt.timedelta(days=61)), pytest.raises(Refusal):
        check_code(purpose=CodePurpose.ACTIVATION, identifier=who, code=code)


def test_a_newer_code_ends_the_older(registrar: Person, student: Person) -> None:
    old, new = code_for(student, registrar), code_for(student, registrar)
    who = Identifier("number", "2023001", "10593")
    with pytest.raises(Refusal):
        check_code(purpose=CodePurpose.ACTIVATION, identifier=who, code=old)
    assert check_code(purpose=CodePurpose.ACTIVATION, identifier=who, code=new)


def test_a_forgotten_password_is_replaced_without_mail(client: Any, registrar: Person, student: Person) -> None:
    student.set_password("the-old-password")
    student.save()
    sign_in(client, student)
    code = code_for(student, registrar)
    form = {"school": "4145010593", "identifier": "2023001", "code": code}
    other = type(client)()
    assert other.post(RESET, form).url == NEW_PASSWORD
    other.post(NEW_PASSWORD, {"password": PASSWORD})
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert client.get("/zh-hans/account/").status_code == 302  # sessions from before are over


def test_issuing_a_code_is_recorded_and_the_person_sees_it(registrar: Person, student: Person) -> None:
    code_for(student, registrar)
    assert Event.objects.get().payload == {"person_uuid": str(student.uuid), "purpose": "activation"}
    assert AccessNote.objects.get().what == "code"


def test_the_code_itself_is_not_stored(registrar: Person, student: Person) -> None:
    code = code_for(student, registrar)
    assert code.replace("-", "") not in str(list(OneTimeCode.objects.values()))


def test_another_schools_registrar_finds_nobody(student: Person) -> None:
    stranger = make_person(role="registrar", institution=make_institution())
    with pytest.raises(NotThere):
        code_for(student, stranger)
    assert OneTimeCode.objects.count() == Event.objects.count() == AccessNote.objects.count() == 0


def test_a_coordinator_does_not_open_a_registrars_account(university: Institution, registrar: Person) -> None:
    coordinator = make_person(role="school_coordinator", institution=university)
    with pytest.raises(NotPermitted):
        code_for(registrar, coordinator)
    assert OneTimeCode.objects.count() == 0


def test_a_teacher_issues_no_codes(university: Institution, student: Person) -> None:
    with pytest.raises(NotPermitted):
        code_for(student, make_person(role="teacher", institution=university))


def test_an_office_elsewhere_protects_an_account(registrar: Person, student: Person) -> None:
    make_affiliation(person=student, role="registrar", institution=make_institution())
    with pytest.raises(NotPermitted):
        code_for(student, registrar)


def test_nobody_issues_a_code_to_themselves(registrar: Person) -> None:
    with pytest.raises(NotPermitted):
        code_for(registrar, registrar)


def test_the_office_issues_a_code_on_screen(client: Any, registrar: Person, student: Person) -> None:
    sign_in(client, registrar)
    page = client.post(f"/zh-hans/account/people/{student.uuid}/code/")
    assert page.context["issued"].code in page.content.decode()
    assert client.get(f"/zh-hans/account/people/{student.uuid}/code/").status_code == 405


def test_access_notes_are_never_changed(registrar: Person, student: Person) -> None:
    api.note_access(make_actor(registrar), student.uuid, "credits")
    for deed in (AccessNote.objects.all().delete, lambda: AccessNote.objects.update(what="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert Person.objects.filter(access_notes__what="credits").exists()
