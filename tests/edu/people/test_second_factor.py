"""The second factor, on screen and at the command line."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotPermitted, Refusal
from edu.people import api
from edu.people.models import Person
from tests.factories.institutions import make_institution
from tests.factories.people import PASSWORD, make_actor, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/zh-hans/account/login/"
TWO_STEPS = "/zh-hans/account/two-steps/"


@pytest.fixture
def registrar() -> Person:
    university = make_institution(code="4145010593", name_zh="广西大学")
    return make_person(name="黄老师", role="registrar", institution=university, number="T1", password=PASSWORD)


def enter(client: Any, **answer: Any) -> Any:
    """Sign in with the password."""
    return client.post(LOGIN, {"school": "4145010593", "identifier": "T1", "password": PASSWORD, **answer})


def code_of(person: Person) -> str:
    return api.current_code(person.uuid)[0]


def test_a_registrar_sets_the_second_step_up_and_gets_to_the_desk(client: Any, registrar: Person) -> None:
    enter(client)
    assert client.get("/zh-hans/account/people/").url.startswith("/zh-hans/account/second-factor/")
    page = client.get(f"{TWO_STEPS}app/")
    assert "<svg" in page.content.decode()
    secret = page.context["form"].secret
    api.set_up_second_factor(person_uuid=make_person().uuid, acting=SYSTEM, secret=secret)
    helper = Authenticator.objects.get(type="totp").user
    answer = client.post(f"{TWO_STEPS}app/", {"code": code_of(helper)})
    assert answer.url == f"{TWO_STEPS}recovery/"
    assert client.get(answer.url).context["unused_codes"]
    assert client.get("/zh-hans/account/people/").status_code == 200


def test_signing_in_asks_for_the_code_then(client: Any, registrar: Person) -> None:
    api.set_up_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    assert enter(client).url == f"{TWO_STEPS}code/"
    assert "_auth_user_id" not in client.session
    assert client.post(f"{TWO_STEPS}code/", {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post(f"{TWO_STEPS}code/", {"code": code_of(registrar)})
    assert client.session["_auth_user_id"] == str(registrar.pk)
    assert client.get("/zh-hans/account/people/").status_code == 200


def test_a_recovery_code_opens_once(client: Any, registrar: Person) -> None:
    api.set_up_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    code = Authenticator.objects.get(user=registrar, type="recovery_codes").wrap().get_unused_codes()[0]
    enter(client)
    client.post(f"{TWO_STEPS}code/", {"code": code})
    assert client.session["_auth_user_id"] == str(registrar.pk)
    client.post("/zh-hans/account/logout/")
    enter(client)
    client.post(f"{TWO_STEPS}code/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_session_without_the_second_step_is_asked_for_it(client: Any, registrar: Person) -> None:
    api.set_up_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    client.force_login(registrar)
    gate = client.get("/zh-hans/account/people/").url
    step = client.get(gate).context["step"]
    assert step.startswith(f"{TWO_STEPS}confirm/")
    assert client.post(step, {"code": code_of(registrar)}).status_code == 302
    assert client.get("/zh-hans/account/people/").status_code == 200


def test_the_secret_is_not_in_the_database_in_clear(registrar: Person) -> None:
    secret = api.set_up_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_only_the_owner_sets_one_up_and_only_an_operator_takes_one_away(registrar: Person) -> None:
    other = make_person(role="registrar")
    with pytest.raises(NotPermitted):
        api.set_up_second_factor(person_uuid=registrar.uuid, acting=make_actor(other))
    api.set_up_second_factor(person_uuid=registrar.uuid, acting=make_actor(registrar))
    with pytest.raises(Refusal):
        api.set_up_second_factor(person_uuid=registrar.uuid, acting=make_actor(registrar))
    with pytest.raises(NotPermitted):
        api.remove_second_factor(person_uuid=registrar.uuid, acting=make_actor(registrar))
    api.remove_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    assert not Authenticator.objects.exists()


def test_the_command_prints_the_code_of_a_demo_account(
    registrar: Person, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    api.set_up_second_factor(person_uuid=registrar.uuid, acting=SYSTEM)
    call_command("second_factor_code", "10593/T1")
    assert re.match(r"\d{6} ", capsys.readouterr().out)
    with pytest.raises(CommandError):
        call_command("second_factor_code", "10593/nobody")
    settings.ENVIRONMENT_NAME = "production"
    with pytest.raises(CommandError):
        call_command("second_factor_code", "10593/T1")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_signing_in_is_ours(client: Any, registrar: Person, language: str) -> None:
    start = f"/{language}/account"
    paths = ["login/", "signup/", "activate/", "reset/", "password/mail/", "password/mail/sent/", "password/mail/done/"]
    paths += ["inactive/", "password/mail/1-set-password/"]
    enter(client)
    signed_in = [
        "",
        "identities/",
        "access/",
        "logout/",
        "confirm/",
        "password/change/",
        "two-steps/",
        "two-steps/app/",
    ]
    anonymous = type(client)()
    for browser, path in [*((anonymous, one) for one in paths), *((client, one) for one in signed_in)]:
        page = browser.get(f"{start}/{path}")
        text = page.content.decode()
        assert page.status_code == 200, path
        assert 'class="site-header"' in text, path
        assert text.count("<h1") == 1, path
