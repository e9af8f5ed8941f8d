"""The screens of authors."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import Course
from courses.content import jobs
from courses.content.models import ContentPin, ContentVersion, ImportJob
from edu.people.models import Role
from tests.factories.courses import make_course, make_run
from tests.factories.institutions import make_institution
from tests.factories.olx import pack_course
from tests.factories.people import make_affiliation, make_person, sign_in


def signed_in(course: Course, role: str) -> Client:
    person = make_person()
    affiliation = make_affiliation(person=person, institution=course.institution, role=role)
    return sign_in(Client(), person, affiliation=affiliation)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course, Role.AUTHOR)


def put_archive(client: Client, course: Course, tmp_path: Path, **changes: str | None) -> ImportJob:
    data = pack_course(tmp_path / "c.tar.gz", changes).read_bytes()
    url = reverse("courses:content_upload", args=[course.uuid])
    answer = client.post(url, {"archive": SimpleUploadedFile("课程.tar.gz", data)})
    job = ImportJob.objects.latest("id")
    assert answer["Location"] == reverse("courses:content_import", args=[course.uuid, job.uuid])
    return job


def test_an_author_uploads_watches_reads_the_report_and_pins(client: Client, course: Course, tmp_path: Path) -> None:
    run = make_run(course)
    empty = client.get(reverse("courses:content_versions", args=[course.uuid]))
    assert empty.status_code == 200
    job = put_archive(client, course, tmp_path)
    progress = reverse("courses:content_import", args=[course.uuid, job.uuid])
    assert "data-done" not in client.get(progress).content.decode()
    jobs.run_import(job.pk)
    fragment = client.get(progress, headers={"X-Fragment": "1"}).content.decode()
    assert "data-done" in fragment
    assert "<html" not in fragment
    version = ContentVersion.objects.get()
    for show in ("", "?show=all", "?show=supported", "?show=nonsense"):
        page = client.get(reverse("courses:content_report", args=[course.uuid, version.number]) + show)
        assert page.status_code == 200
    pin = reverse("courses:content_pin", args=[course.uuid, run.uuid])
    assert client.get(pin).status_code == 200
    answer = client.post(pin, {"version": version.pk, "reason": "新学期", "seen": 0})
    assert answer["Location"] == reverse("courses:content_versions", args=[course.uuid])
    assert ContentPin.objects.get().version == version
    for page_url in (answer["Location"], reverse("courses:content_courses")):
        assert client.get(page_url).status_code == 200


def test_a_stale_choice_is_409_and_changes_nothing(client: Client, course: Course, tmp_path: Path) -> None:
    run = make_run(course)
    jobs.run_import(put_archive(client, course, tmp_path).pk)
    version = ContentVersion.objects.get()
    url = reverse("courses:content_pin", args=[course.uuid, run.uuid])
    assert client.post(url, {"version": version.pk, "reason": "", "seen": 99}).status_code == 409
    assert not ContentPin.objects.exists()


def test_a_refused_archive_says_why_on_its_page(client: Client, course: Course, tmp_path: Path) -> None:
    job = put_archive(client, course, tmp_path, **{"course.xml": None})
    jobs.run_import(job.pk)
    page = client.get(reverse("courses:content_import", args=[course.uuid, job.uuid])).content.decode()
    assert "course.xml" in page
    assert "data-done" in page


def test_an_import_is_called_off_from_its_page(client: Client, course: Course, tmp_path: Path) -> None:
    job = put_archive(client, course, tmp_path)
    url = reverse("courses:content_import", args=[course.uuid, job.uuid])
    assert signed_in(make_course(make_institution(name_zh="别的大学")), Role.AUTHOR).post(url).status_code == 404
    assert ImportJob.objects.get().status == "waiting"

    assert client.post(url)["Location"] == url
    page = client.get(url).content.decode()
    again = client.post(url, follow=True).content.decode()

    assert "data-done" in page
    assert "已取消" in page
    assert "取消之前" in again
    assert jobs.run_import(job.pk).version is None


def test_no_file_chosen_is_said_at_the_field(client: Client, course: Course) -> None:
    answer = client.post(reverse("courses:content_upload", args=[course.uuid]), {})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_version_is_downloaded_as_an_archive(client: Client, course: Course, tmp_path: Path) -> None:
    jobs.run_import(put_archive(client, course, tmp_path).pk)
    answer = client.get(reverse("courses:content_export", args=[course.uuid, 1]))
    assert answer["Content-Disposition"] == f'attachment; filename="{course.label}-v1.tar.gz"'
    assert b"".join(answer.streaming_content)[:2] == b"\x1f\x8b"  # type: ignore[attr-defined]  # a FileResponse
    answer.close()


@pytest.mark.parametrize("role", [Role.STUDENT, Role.REGISTRAR, Role.SUPERVISOR])
def test_others_of_the_institution_get_404(course: Course, role: str) -> None:
    other = signed_in(course, role)
    for url in (reverse("courses:content_courses"), reverse("courses:content_versions", args=[course.uuid])):
        assert other.get(url).status_code == 404


def test_an_author_of_another_institution_gets_the_same_404_as_for_a_course_that_is_not_there(course: Course) -> None:
    stranger = signed_in(make_course(make_institution(name_zh="别的大学")), Role.AUTHOR)
    there = stranger.get(reverse("courses:content_versions", args=[course.uuid]))
    missing = stranger.get(reverse("courses:content_versions", args=[course.institution.uuid]))
    assert (there.status_code, missing.status_code) == (404, 404)


def test_an_anonymous_visitor_is_sent_to_sign_in(course: Course) -> None:
    answer = Client().get(reverse("courses:content_versions", args=[course.uuid]))
    assert answer.status_code == 302
