"""Who acts, under which identity, and what stands before pages."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, TestCase

from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api
from edu.people.access import require_second_factor
from edu.people.errors import SecondFactorNeeded, SignInNeeded
from edu.people.middleware import IDENTITY_KEY, IdentityMiddleware
from edu.people.models import AccessNote
from tests.factories.institutions import make_institution
from tests.factories.people import PASSWORD, make_actor, make_affiliation, make_person, sign_in

pytestmark = pytest.mark.django_db
ACCOUNT = "/zh-hans/account/"


def test_an_anonymous_visitor_is_led_to_sign_in_and_back(client: Any) -> None:
    answer = client.get(ACCOUNT)
    assert answer.status_code == 302
    assert answer.url == "/zh-hans/account/login/?next=/zh-hans/account/"


def test_the_page_head_shows_the_acting_identity(client: Any) -> None:
    university = make_institution(name_zh="广西大学")
    sign_in(client, make_person(name="韦小明", role="student", institution=university, number="2023001"))
    page = client.get(ACCOUNT)
    assert page.wsgi_request.identity.label.startswith("广西大学 · ")
    assert "2023001" in page.content.decode()


def test_a_person_without_affiliation_is_a_public_learner(client: Any) -> None:
    person = make_person()
    page: Any = sign_in(client, person).get(ACCOUNT)
    assert page.wsgi_request.actor == Actor(person.uuid, None, "learner")
    assert page.wsgi_request.identity is None


def test_one_switches_between_identities_of_ones_own_only(client: Any) -> None:
    person = make_person(role="student", institution=make_institution())
    second = make_affiliation(person=person, role="teacher", institution=make_institution())
    foreign = make_person(role="registrar").affiliations.get()
    sign_in(client, person)
    client.post(f"{ACCOUNT}identities/", {"identity": str(foreign.uuid)})
    assert client.get(ACCOUNT).wsgi_request.actor.role == "student"
    client.post(f"{ACCOUNT}identities/", {"identity": str(second.uuid)})
    assert client.get(ACCOUNT).wsgi_request.actor.role == "teacher"


def test_an_identity_ends_with_its_period(client: Any) -> None:
    person = make_person(role="registrar", to_on=dt.date(2026, 6, 30))
    sign_in(client, person, affiliation=person.affiliations.get())
    with clock.at(dt.datetime(2026, 7, 1, 12, tzinfo=clock.SHANGHAI)):
        assert client.get(ACCOUNT).wsgi_request.actor.role == "learner"


def test_switching_leads_on_only_within_the_site(client: Any) -> None:
    person = make_person(role="student")
    sign_in(client, person)
    form = {"identity": str(person.affiliations.get().uuid), "next": "https://elsewhere.example/"}
    assert client.post(f"{ACCOUNT}identities/", form).url == "/zh-hans/account/"


def test_the_middleware_asks_two_queries_whatever_the_number_of_identities() -> None:
    person = make_person(role="student")
    for _ in range(5):
        make_affiliation(person=person, role="teacher", institution=make_institution())
    request: Any = RequestFactory().get("/zh-hans/")
    request.user, request.session = person, {}
    with TestCase().assertNumQueries(2):
        IdentityMiddleware(lambda _request: HttpResponse())(request)
    assert len(request.identities) == 6


def test_a_role_is_asked_for_and_strangers_learn_nothing() -> None:
    person = make_person(role="student")
    request: Any = RequestFactory().get("/")
    request.user, request.session = person, {}
    IdentityMiddleware(lambda _request: HttpResponse())(request)
    assert api.require_role(request, "student").person_uuid == person.uuid
    with pytest.raises(NotThere):
        api.require_role(request, "registrar")
    request.actor = None
    with pytest.raises(SignInNeeded):
        api.require_role(request, "registrar")


def test_a_registrar_without_second_factor_reaches_nothing_of_the_registry(client: Any) -> None:
    sign_in(client, make_person(role="registrar"), second_factor=False)
    answer = client.get("/zh-hans/registry/anything/")
    assert answer.status_code == 302
    assert answer.url == "/zh-hans/account/second-factor/?next=%2Fzh-hans%2Fregistry%2Fanything%2F"
    assert client.get(answer.url).context["step"].startswith("/zh-hans/account/two-steps/app/")


def test_a_registrar_reaches_other_pages_without_second_factor(client: Any) -> None:
    sign_in(client, make_person(role="registrar"), second_factor=False)
    assert client.get(ACCOUNT).status_code == 200


def test_with_the_second_factor_the_registry_answers(client: Any) -> None:
    sign_in(client, make_person(role="registrar"))
    assert client.get("/zh-hans/registry/anything/").status_code == 404  # there is no such page, but the door is open


def test_an_office_asks_for_the_second_factor_too(client: Any) -> None:
    sign_in(client, make_person(role="registrar"), second_factor=False)
    assert client.get(f"{ACCOUNT}people/").url.startswith("/zh-hans/account/second-factor/")
    request: Any = RequestFactory().get("/")
    request.identity = None
    require_second_factor(request)  # who has no identity needs none


def test_a_second_factor_of_somebody_else_in_the_session_does_not_count(client: Any) -> None:
    registrar = make_person(role="registrar")
    sign_in(client, registrar)
    session = client.session
    session["account_authentication_methods_user"] = str(make_person().pk)
    session.save()
    assert client.get(f"{ACCOUNT}people/").status_code == 302
    with pytest.raises(SecondFactorNeeded):
        raise SecondFactorNeeded


def test_a_look_at_a_record_is_kept_and_shown_to_the_person(client: Any) -> None:
    university = make_institution(name_zh="广西大学")
    registrar = make_person(name="黄老师", role="registrar", institution=university)
    student = make_person(name="韦小明", role="student", institution=university, number="1")
    for _ in range(3):
        api.note_access(make_actor(registrar), student.uuid, "certificates")
    assert AccessNote.objects.count() == 1
    page = sign_in(client, student).get(f"{ACCOUNT}access/").content.decode()
    assert "广西大学" in page
    assert "黄老师" not in page


def test_looking_at_oneself_leaves_no_note() -> None:
    student = make_person(role="student")
    api.note_access(make_actor(student), student.uuid, "certificates")
    assert AccessNote.objects.count() == 0


def test_a_look_at_nobody_is_refused_without_trace() -> None:
    with pytest.raises(NotThere):
        api.note_access(make_actor(make_person(role="registrar")), make_institution().uuid, "certificates")
    assert AccessNote.objects.count() == Event.objects.count() == 0


def test_the_access_page_asks_a_fixed_number_of_queries(client: Any, django_assert_max_num_queries: Any) -> None:
    student = make_person(role="student")
    for what in ("certificates", "credits", "study-record", "grades"):
        api.note_access(make_actor(make_person(role="teacher")), student.uuid, what)
    sign_in(client, student)
    with django_assert_max_num_queries(9):  # session, user, identity 2, notes 2, institutions 2, one to spare
        assert client.get(f"{ACCOUNT}access/").status_code == 200


def test_the_password_page_is_reached_only_when_signed_in(client: Any) -> None:
    assert client.get(f"{ACCOUNT}password/change/").status_code == 302
    person = make_person(password=PASSWORD)
    sign_in(client, person)
    assert client.get(f"{ACCOUNT}password/change/").status_code == 200
    assert IDENTITY_KEY not in client.session
