"""Signing in by any of the three identifiers, and the limits on failures."""

import logging

import pytest
from django.test import Client

from edu.people.attempts import PER_ACCOUNT_MAX
from edu.people.models import FailedAttempt, Person
from tests.factories.institutions import make_institution
from tests.factories.people import PASSWORD, make_affiliation, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/zh-hans/account/login/"


def student() -> Person:
    university = make_institution(code="4145010593", name_zh="广西大学")
    return make_person(
        name="韦小明",
        role="student",
        institution=university,
        number="2023001",
        password=PASSWORD,
        email="wei@example.org",
        phone="+8613800138000",
    )


def sign_in_by(client: Client, identifier: str, school: str = "", password: str = PASSWORD) -> int | None:
    """Post the form; the signed-in person's key, or None."""
    client.post(LOGIN, {"school": school, "identifier": identifier, "password": password})
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_a_person_signs_in_by_any_identifier() -> None:
    person = student()
    for identifier, school in (
        ("wei@example.org", ""),
        ("WEI@example.org", ""),
        ("13800138000", ""),
        ("4145010593/2023001", ""),
        ("138 0013 8000", ""),
        ("2023001", "4145010593"),
        ("10593/2023001", ""),
    ):
        assert sign_in_by(Client(), identifier, school) == person.pk


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(client: Client) -> None:
    student()
    wrong = client.post(LOGIN, {"identifier": "wei@example.org", "password": "no"})
    unknown = client.post(LOGIN, {"identifier": "nobody@example.org", "password": "no"})
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert "_auth_user_id" not in client.session


def test_a_number_of_another_school_does_not_sign_in(client: Client) -> None:
    student()
    other = make_institution(code="4145010595")
    make_person(name="韦小明", role="student", institution=other, number="1", password=PASSWORD)
    assert sign_in_by(client, "2023001", "4145010595") is None


def test_a_number_that_looks_like_a_phone_number_belongs_to_the_chosen_school(client: Client) -> None:
    person = make_person(
        role="student", institution=make_institution(code="4145010593"), number="13800138000", password=PASSWORD
    )
    assert sign_in_by(client, "13800138000", "4145010593") == person.pk


def test_a_number_without_school_says_what_to_do(client: Client) -> None:
    student()
    page = client.post(LOGIN, {"identifier": "2023001", "password": PASSWORD})
    assert "identifier" in page.context["form"].errors


def test_an_ended_affiliation_no_longer_signs_in_by_its_number(client: Client) -> None:
    person = student()
    person.affiliations.update(to_on="2021-07-01")
    assert sign_in_by(client, "10593/2023001") is None
    assert sign_in_by(client, "wei@example.org") == person.pk


def test_one_number_in_two_roles_of_one_person_signs_in(client: Client) -> None:
    person = student()
    institution = person.affiliations.get().institution
    make_affiliation(person=person, role="assistant_teacher", institution=institution, number="2023001")
    assert sign_in_by(client, "10593/2023001") == person.pk


def test_after_too_many_failures_even_the_right_password_waits(client: Client) -> None:
    student()
    for _ in range(PER_ACCOUNT_MAX):
        assert sign_in_by(client, "wei@example.org", password="wrong") is None
    assert sign_in_by(client, "wei@example.org") is None
    assert sign_in_by(client, "13800138000") is not None  # counted by what was typed, not by person


def test_success_forgets_the_failures_of_the_account(client: Client) -> None:
    student()
    for _ in range(PER_ACCOUNT_MAX - 1):
        sign_in_by(client, "wei@example.org", password="wrong")
    assert sign_in_by(client, "wei@example.org") is not None
    assert FailedAttempt.objects.values("key").distinct().count() == 1  # the address's


def test_failures_leave_no_name_in_logs_or_rows(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    student()
    with caplog.at_level(logging.DEBUG):
        sign_in_by(client, "wei@example.org", password="wrong")
    assert "wei@example" not in caplog.text
    assert not FailedAttempt.objects.filter(key__contains="wei").exists()


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    person = student()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in_by(client, "wei@example.org") is None


def test_an_imported_account_without_password_does_not_sign_in(client: Client) -> None:
    make_person(role="student", institution=make_institution(code="4145010593"), number="1")
    assert sign_in_by(client, "10593/1", password="!") is None


def test_a_stranger_makes_an_account_with_a_phone_number(client: Client) -> None:
    answer = client.post(
        "/zh-hans/account/signup/", {"name": "覃静", "identifier": "13900139000", "password": PASSWORD}
    )
    person = Person.objects.get()
    assert (answer.status_code, person.phone, person.name) == (302, "+8613900139000", "覃静")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_second_account_with_the_same_phone_is_refused(client: Client) -> None:
    student()
    page = client.post("/zh-hans/account/signup/", {"name": "覃静", "identifier": "13800138000", "password": PASSWORD})
    assert "identifier" in page.context["form"].errors
    assert Person.objects.count() == 1


def test_a_weak_password_makes_no_account(client: Client) -> None:
    page = client.post(
        "/zh-hans/account/signup/", {"name": "覃静", "identifier": "13900139000", "password": "12345678"}
    )
    assert "password" in page.context["form"].errors
    assert Person.objects.count() == 0
