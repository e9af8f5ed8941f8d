"""Who may be erased, by whom, and on what ground; a refusal leaves everything as it was."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people import erasing
from edu.people.models import Affiliation, Erasure, Person
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
BASIS = "申请 2026-017"


@pytest.fixture(autouse=True)
def erasures_file(settings: object, tmp_path: object) -> None:
    settings.GUIXUE_ERASURES_FILE = tmp_path / "erasures.txt"  # type: ignore[attr-defined, operator]


@pytest.fixture
def gone() -> Person:
    """Somebody who graduated."""
    return make_person(
        role="student", number="2020001", email="wei@example.org", phone="+8613800000001", to_on=dt.date(2024, 6, 30)
    )


def as_it_was(person: Person) -> bool:
    return (
        Person.objects.filter(pk=person.pk, name="韦小明", email=person.email).exists() and not Erasure.objects.exists()
    )


def test_name_addresses_number_and_password_go(gone: Person) -> None:
    erasing.erase_person(person_uuid=gone.uuid, basis=BASIS, acting=SYSTEM)
    gone.refresh_from_db()
    assert (gone.name, gone.name_latin, gone.email, gone.phone) == (erasing.NOBODY, "", None, None)
    assert (gone.is_active, gone.has_usable_password()) == (False, False)
    assert Affiliation.objects.get(person=gone).number == ""
    row = Erasure.objects.get()
    assert (row.person_uuid, row.basis, row.actor_role) == (gone.uuid, BASIS, "system")


@pytest.mark.parametrize("role", ["registrar", "student", "school_coordinator"])
def test_only_an_operator_erases(gone: Person, role: str) -> None:
    acting = Actor(person_uuid=gone.uuid, institution_uuid=None, role=role)
    with pytest.raises(NotPermitted):
        erasing.erase_person(person_uuid=gone.uuid, basis=BASIS, acting=acting)
    assert as_it_was(gone)


def test_who_still_belongs_somewhere_is_not_erased() -> None:
    here = make_person(role="student", number="2026001")
    with pytest.raises(Refusal, match="still-belongs"):
        erasing.erase_person(person_uuid=here.uuid, basis=BASIS, acting=SYSTEM)
    assert as_it_was(here)
    assert Affiliation.objects.get(person=here).number == "2026001"


def test_without_a_ground_nobody_is_erased(gone: Person) -> None:
    with pytest.raises(Refusal, match="basis-missing"):
        erasing.erase_person(person_uuid=gone.uuid, basis=" ", acting=SYSTEM)
    assert as_it_was(gone)


def test_nobody_cannot_be_erased(gone: Person) -> None:
    with pytest.raises(NotThere):
        erasing.erase_person(person_uuid=Affiliation.objects.get().uuid, basis=BASIS, acting=SYSTEM)
    assert as_it_was(gone)


def test_the_command_asks_for_a_yes_and_works_once(gone: Person) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_person", str(gone.uuid), basis=BASIS)
    assert as_it_was(gone)
    call_command("erase_person", str(gone.uuid), basis=BASIS, yes=True)
    with pytest.raises(CommandError):
        call_command("erase_person", str(gone.uuid), basis=BASIS, yes=True)
    assert Erasure.objects.count() == 1


def test_the_record_of_it_stays(gone: Person) -> None:
    erasing.erase_person(person_uuid=gone.uuid, basis=BASIS, acting=SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.update(basis="…")
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.all().delete()
