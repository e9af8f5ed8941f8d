"""Two students of the demo's story are erased: what named them is gone but for what the law has schools keep."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from courses.runtime.models import BlockScore, BlockState
from credits.certificates.models import Certificate
from credits.ledger.models import PostingLine
from credits.log import erasures
from credits.log.models import OwnerSalt
from credits.recognition.models import RecognitionCase
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.people import api as people
from edu.people.models import Affiliation, Person
from edu.portal.story.scenes import Told
from tests.factories.people import sign_in
from tests.scenarios.test_credit_comes_home import told  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

# What was signed or certified before stays word by word; docs/personal-data.md names the law.
KEPT = {
    "credits_certificate",  # the statement of an issued certificate, in the issuer's archive
    "credits_studyplantext",  # a plan that three parties signed
}


def tables_with(words: list[str]) -> set[str]:
    """Return the tables in which one of the words stands, in any column of any row."""
    found = set()
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for name in sorted(names):
            query = f'SELECT 1 FROM "{name}" AS row WHERE row::text LIKE ANY(%s) LIMIT 1'
            cursor.execute(query, [[f"%{word}%" for word in words]])
            if cursor.fetchone():
                found.add(name)
    return found


def identifying(person: Person) -> list[str]:
    """Return name, addresses and numbers of a person; the name also as JSON writes it."""
    numbers = [row.number for row in Affiliation.objects.filter(person=person)]
    escaped = json.dumps(person.name)[1:-1].replace("\\", "\\\\")
    words = [person.name, person.name_latin, person.email or "", person.phone or "", escaped, *numbers]
    return [word for word in words if word]


def erased(person: Person) -> None:
    """Let the person leave every institution, then erase them."""
    Affiliation.objects.filter(person=person).update(to_on=clock.today() - dt.timedelta(days=1))
    people.erase_person(person_uuid=person.uuid, basis="申请 2026-017", acting=SYSTEM)


def test_nothing_names_them_but_what_schools_must_keep(told: Told, client: Client) -> None:  # noqa: F811
    student = Person.objects.get(uuid=told.cast.uuid("student"))
    applicant = Person.objects.get(uuid=told.cast.uuid("third_student"))
    words = [*identifying(student), *identifying(applicant)]
    assert {"people_person", "people_affiliation"} <= tables_with(words)
    assert BlockState.objects.filter(person=student).exists()
    lines, scores = PostingLine.objects.count(), BlockScore.objects.filter(person=student).count()
    case = RecognitionCase.objects.get(person_uuid=applicant.uuid)
    assert case.request_text
    sign_in(client, student)
    assert client.get("/zh-hans/credits/").status_code == 200

    erased(student)
    erased(applicant)

    assert tables_with(words) <= KEPT
    assert not BlockState.objects.filter(person__in=[student, applicant]).exists()
    assert not OwnerSalt.objects.filter(owner_uuid__in=[student.uuid, applicant.uuid]).exists()
    assert {student.uuid, applicant.uuid} <= erasures.listed()
    case.refresh_from_db()
    assert case.request_text == ""
    assert not case.evidence.exists()

    assert client.get("/zh-hans/credits/").status_code == 302  # the session ended with the account
    assert BlockScore.objects.filter(person=student).count() == scores
    assert PostingLine.objects.count() == lines
    call_command("reconcile_ledger")
    certificate = Certificate.objects.get(holder=student)
    assert "有效" in client.get(f"/v/{certificate.token}").content.decode()
