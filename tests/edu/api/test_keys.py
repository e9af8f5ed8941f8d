"""Keys of programs: shown once, good until their day, ended at once, and only of one's own institution."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from edu.api import keys
from edu.api.models import MachineKey
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.institutions import make_institution
from tests.factories.machines import call, machine_key
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/en/account/keys/"


def filled(**fields: object) -> dict[str, object]:
    day = clock.today() + dt.timedelta(days=30)
    return {"name": "Records", "scopes": ["grades"], "expires_on": day.isoformat(), **fields}


def test_a_registrar_makes_a_key_that_is_shown_once(client: Client) -> None:
    registrar = make_person(role="registrar")
    sign_in(client, registrar)
    text = client.post(PAGE, filled()).content.decode()
    found = re.search(r"guixue_[\w-]{43}", text)
    assert found
    assert call(found[0], "grades").json()["items"] == []
    assert found[0] not in client.get(PAGE).content.decode()
    row = MachineKey.objects.get()
    assert (row.digest, row.made_by_person_uuid) == (keys.digest_of(found[0]), registrar.uuid)
    assert row.last_used_on == clock.today()
    assert Event.objects.get().name == "api.key.made"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Name the program"),
        ({"scopes": []}, "Choose what the program may read"),
        ({"scopes": ["everything"]}, "Select a valid choice"),
        ({"expires_on": "2020-01-01"}, "Choose a day within the next 400 days"),
        ({"expires_on": "2099-01-01"}, "Choose a day within the next 400 days"),
    ],
)
def test_a_key_out_of_order_is_refused_without_trace(client: Client, wrong: dict[str, object], words: str) -> None:
    sign_in(client, make_person(role="registrar"))
    answer = client.post(PAGE, filled(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not MachineKey.objects.exists()


@pytest.mark.parametrize("role", ["teacher", "student", "school_coordinator", "supervisor"])
def test_only_registrars_see_the_screen_or_make_keys(client: Client, role: str) -> None:
    person = make_person(role=role)
    sign_in(client, person)
    assert client.get(PAGE).status_code == 404
    day = clock.today() + dt.timedelta(days=30)
    with pytest.raises(NotPermitted):
        keys.make_key(name="x", scopes=["grades"], expires_on=day, acting=make_actor(person))


def test_a_registrar_without_second_factor_is_led_to_it(client: Client) -> None:
    sign_in(client, make_person(role="registrar"), second_factor=False)
    assert "second-factor" in client.get(PAGE)["Location"]


def test_a_revoked_key_is_refused_at_once(client: Client) -> None:
    institution = make_institution()
    key = machine_key(institution)
    registrar = make_person(role="registrar", institution=institution)
    sign_in(client, registrar)
    row = MachineKey.objects.get()
    assert client.post(f"{PAGE}{row.uuid}/revoke/").status_code == 302
    answer = call(key, "grades")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    with pytest.raises(Stale):
        keys.revoke_key(key_uuid=row.uuid, acting=make_actor(registrar))


def test_another_institutions_key_is_not_there() -> None:
    machine_key(make_institution())
    row = MachineKey.objects.get()
    with pytest.raises(NotThere):
        keys.revoke_key(key_uuid=row.uuid, acting=make_actor(make_person(role="registrar")))
    assert MachineKey.objects.get().revoked_at is None


def test_a_key_is_over_after_its_day() -> None:
    key = machine_key(make_institution())
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert call(key, "grades").status_code == 401


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer guixue_x", "Basic abc", "Bearer " + "x" * 5000])
def test_who_shows_no_key_is_told_so(client: Client, sent: str) -> None:
    answer = client.get("/api/v1/grades", headers={"authorization": sent})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:guixue:problem:no-key"


def test_an_institution_has_a_handful_of_keys() -> None:
    institution = make_institution()
    for _key in range(keys.KEYS_MAX):
        machine_key(institution)
    with pytest.raises(Refusal):
        machine_key(institution)
    assert MachineKey.objects.count() == keys.KEYS_MAX


def test_the_database_lets_nobody_change_a_key() -> None:
    machine_key(make_institution())
    rows = MachineKey.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(scopes=["enrolments", "grades", "more"])
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
