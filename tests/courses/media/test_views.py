"""The author's page about videos."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from courses.catalogue.models import Course
from courses.content import lighter
from courses.content.models import ContentVersion
from courses.media import jobs, queries
from courses.media.models import Rendition
from edu.people.models import Role
from tests.factories.courses import make_course
from tests.factories.films import film, put_film
from tests.factories.people import make_affiliation, make_person, sign_in


def signed_in(course: Course, role: str = Role.AUTHOR) -> Client:
    person = make_person()
    return sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=course.institution, role=role)
    )


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course)


def address(version: ContentVersion) -> str:
    return reverse("courses:content_films", args=[version.course.uuid, version.number])


def test_an_author_asks_for_copies_sees_them_made_and_what_they_weigh(client: Client, version: ContentVersion) -> None:
    put_film(version, film())
    before = client.get(address(version)).content.decode()
    assert before.count("btn-primary") == 1
    assert "短片" in before
    assert client.post(address(version), {"deed": "request"})["Location"] == address(version)
    assert client.get(address(version)).content.decode().count('value="cancel"') == 3
    while jobs.run_next():
        pass

    page = client.get(address(version)).content.decode()
    assert "btn-primary" not in page
    assert 'value="cancel"' not in page
    assert page.count('data-label="MB">0.') == 3


def test_calling_off_and_asking_again(client: Client, version: ContentVersion) -> None:
    put_film(version, film())
    client.post(address(version), {"deed": "request"})
    row = Rendition.objects.get(quality="light")
    client.post(address(version), {"deed": "cancel", "copy": row.uuid})
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert 'value="retry"' in client.get(address(version)).content.decode()
    client.post(address(version), {"deed": "retry", "copy": row.uuid})
    row.refresh_from_db()
    assert row.status == "waiting"


@pytest.mark.parametrize("copy", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_copy_that_is_none_is_not_found(client: Client, version: ContentVersion, copy: str) -> None:
    assert client.post(address(version), {"deed": "cancel", "copy": copy}).status_code == 404
    assert client.post(address(version), {"deed": "drop"}).status_code == 404


def test_strangers_and_learners_find_nothing(version: ContentVersion) -> None:
    put_film(version, film())
    assert Client().get(address(version)).status_code == 302
    for client in (signed_in(make_course()), signed_in(version.course, Role.STUDENT)):
        assert client.get(address(version)).status_code == 404
        assert client.post(address(version), {"deed": "request"}).status_code == 404
    assert not Rendition.objects.exists()


def test_without_ffmpeg_the_author_is_told(client: Client, version: ContentVersion, settings: Settings) -> None:
    settings.GUIXUE_FFMPEG = "off"
    put_film(version, film())
    page = client.get(address(version)).content.decode()
    assert "ffmpeg" in page
    assert "btn-primary" not in page


def test_the_page_costs_the_same_for_one_film_and_for_many(client: Client, version: ContentVersion) -> None:
    put_film(version, film())
    client.get(address(version))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(version))
    assert len(captured) <= 12


def test_the_report_of_a_version_leads_here(client: Client, version: ContentVersion) -> None:
    report = client.get(reverse("courses:content_report", args=[version.course.uuid, version.number]))
    assert address(version) in report.content.decode()


def test_the_check_before_publishing_weighs_what_learners_fetch(client: Client, version: ContentVersion) -> None:
    put_film(version, film())
    client.post(address(version), {"deed": "request"})
    queries.forget()
    assert lighter.copies_of(version.pk, version.uuid) == {}
    while jobs.run_next():
        pass
    queries.forget()

    (copies,) = lighter.copies_of(version.pk, version.uuid).values()

    with_picture = Rendition.objects.filter(status="done").exclude(quality="sound").order_by("rank")
    assert copies
    assert [copy.size for copy in copies] == list(with_picture.values_list("size", flat=True))
