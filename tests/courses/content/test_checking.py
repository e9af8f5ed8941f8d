"""Checks of versions that are kept, and the publication that they hold up."""

import html
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.catalogue.models import Course
from courses.content import checking, findings, linting
from courses.content.actions import import_course, pin_version
from courses.content.linting import Report
from courses.content.models import ContentCheck, ContentPin, ContentVersion
from courses.runs.models import CourseRun
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from edu.people.models import Role
from tests.factories.courses import make_content, make_course, make_run
from tests.factories.institutions import make_institution
from tests.factories.olx import write_course
from tests.factories.people import make_affiliation, make_person, sign_in

DEMO = Path(__file__).parents[3] / "courses" / "content" / "demo"
FOREIGN = {"html/h1.html": '<iframe src="https://www.youtube.com/embed/x"></iframe><img src="/static/图.png">'}


def put(source: Path, course: Course, author: Actor) -> ContentVersion:
    return import_course(source=source, course_id=course.pk, source_name=source.name, acting=author).version


def changed(
    folder: Path, course: Course, author: Actor, changes: Mapping[str, str | None] | None = None
) -> ContentVersion:
    return put(write_course(folder, changes), course, author)


@pytest.fixture
def foreign(tmp_path: Path, course: Course, author: Actor) -> ContentVersion:
    """A version with one thing that must be fixed and one that should be looked at."""
    return changed(tmp_path / "c", course, author, FOREIGN)


@pytest.fixture
def client(course: Course) -> Client:
    person = make_person()
    return sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=course.institution, role=Role.AUTHOR)
    )


def test_a_version_is_checked_when_it_is_made_and_once(foreign: ContentVersion) -> None:
    row = ContentCheck.objects.get(version=foreign)
    assert (row.must, row.look, row.edition) == (1, 1, linting.EDITION)
    with CaptureQueriesContext(connection) as asked:
        report = checking.findings_of(foreign)
    assert len(asked) == 1
    assert [finding.code for finding in report.findings] == ["foreign-frame", "image-without-alt"]
    assert checking.check(foreign) is not None  # twice at once is no error
    assert ContentCheck.objects.count() == 1


def test_what_is_kept_is_what_was_found(foreign: ContentVersion) -> None:
    items, files = list(checking._items(foreign)), list(checking._files(foreign))
    fresh = linting.lint(items, files, [])
    assert checking.findings_of(foreign) == Report(fresh.findings, fresh.units)


def test_an_older_edition_of_the_rules_is_made_anew(monkeypatch: pytest.MonkeyPatch, foreign: ContentVersion) -> None:
    monkeypatch.setattr(linting, "EDITION", "3/2027-01-01")
    assert checking.counts_of([foreign.pk]) == {}
    assert checking.findings_of(foreign).counts()["must"] == 1
    assert checking.counts_of([foreign.pk])[foreign.pk] == {"must": 1, "look": 1, "info": 0}
    assert ContentCheck.objects.count() == 2


def test_an_address_that_the_database_would_not_take_stops_no_import(
    tmp_path: Path, course: Course, author: Actor
) -> None:
    text = '<a href="/static/a%00b.pdf">一</a><a href="/jump_to_id/x%00y">二</a><p id="&#0;a">三</p>'
    version = changed(tmp_path / "c", course, author, {"html/h1.html": text})
    found = checking.findings_of(version).findings
    assert {finding.code for finding in found} == {"file-missing", "jump-nowhere"}


def test_every_code_has_its_sentences() -> None:
    assert set(findings.WORDS) == set(linting.SEVERITIES)


# Publishing


@pytest.fixture
def run(course: Course) -> CourseRun:
    return make_run(course)


def test_what_must_be_fixed_holds_a_publication_up_and_leaves_no_trace(
    run: CourseRun, foreign: ContentVersion, author: Actor
) -> None:
    events = Event.objects.count()
    with pytest.raises(Refusal) as refused:
        pin_version(run_id=run.pk, version_id=foreign.pk, reason="  ", acting=author)
    assert (refused.value.code, refused.value.details) == ("must-be-fixed", {"codes": ["foreign-frame"]})
    run.refresh_from_db()
    assert run.content is None
    assert not ContentPin.objects.exists()
    assert Event.objects.count() == events


def test_with_a_reason_it_is_published_and_the_log_names_what_was_passed_over(
    run: CourseRun, foreign: ContentVersion, author: Actor
) -> None:
    pin_version(run_id=run.pk, version_id=foreign.pk, reason=" 校内播放 ", acting=author)
    pin = ContentPin.objects.get()
    assert (pin.reason, pin.overridden) == ("校内播放", [{"code": "foreign-frame", "count": 1}])


def test_what_should_be_looked_at_holds_nothing_up(
    tmp_path: Path, run: CourseRun, course: Course, author: Actor
) -> None:
    version = changed(tmp_path / "c", course, author)
    assert checking.counts_of([version.pk])[version.pk]["look"] == 1
    pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author)
    assert ContentPin.objects.get().overridden == []


# The page


def test_the_page_says_what_to_do_in_few_queries(client: Client, course: Course, foreign: ContentVersion) -> None:
    address = reverse("courses:content_check", args=[course.uuid, foreign.number])
    with CaptureQueriesContext(connection) as asked:
        page = html.unescape(client.get(address).content.decode())
    assert len(asked) <= 8
    assert str(findings.WORDS["foreign-frame"][1]) in page
    assert "https://www.youtube.com/embed/x" in page
    assert str(findings.WORDS["image-without-alt"][0]) in html.unescape(
        client.get(address + "?show=look").content.decode()
    )
    weights = client.get(address + "?show=units").content.decode()
    assert "第一单元" in weights
    for query in ("?show=info", "?show=nonsense", "?page=99"):
        assert client.get(address + query).status_code == 200


def test_the_list_of_versions_tells_the_counts_in_the_same_queries_for_any_number(
    client: Client, course: Course, author: Actor, foreign: ContentVersion, tmp_path: Path
) -> None:
    address = reverse("courses:content_versions", args=[course.uuid])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    changed(tmp_path / "second", course, author)
    with CaptureQueriesContext(connection) as two:
        page = client.get(address).content.decode()
    assert len(one) == len(two)
    for number in (1, 2):
        assert reverse("courses:content_check", args=[course.uuid, number]).partition("/teach")[2] in page


def test_a_version_without_blocks_has_a_page_too(client: Client, course: Course) -> None:
    version = make_content(course)
    for show in ("", "?show=must"):
        assert (
            client.get(reverse("courses:content_check", args=[course.uuid, version.number]) + show).status_code == 200
        )


def test_who_may_not_author_gets_404(course: Course, foreign: ContentVersion) -> None:
    other = make_course(make_institution(name_zh="别的大学"))
    for institution, role in ((course.institution, Role.STUDENT), (other.institution, Role.AUTHOR)):
        person = make_person()
        client = sign_in(
            Client(), person, affiliation=make_affiliation(person=person, institution=institution, role=role)
        )
        address = reverse("courses:content_check", args=[course.uuid, foreign.number])
        assert client.get(address).status_code == 404


# Real courses


def test_the_course_that_ships_with_the_project_has_nothing_to_fix(course: Course, author: Actor) -> None:
    report = checking.findings_of(put(DEMO, course, author))
    assert report.counts()["must"] == 0
    films = [film for unit in report.units for films in unit.films for film in films]
    assert len(films) == 3
    assert all(unit.page_bytes > 0 for unit in report.units)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "openedx-demo-course",
            {"foreign-style", "foreign-media", "video-elsewhere", "placeholder", "needs-sandbox", "page-heavy"},
        ),
        ("openedx-test-course", {"video-elsewhere", "outside-tool", "placeholder"}),
        ("kitchen-sink", {"video-empty", "foreign-media", "needs-sandbox", "file-missing", "id-twice"}),
    ],
)
def test_an_open_edx_course_is_checked(
    reference_data: Path, course: Course, author: Actor, name: str, expected: set[str]
) -> None:
    version = put(reference_data / "olx" / f"{name}.tar.gz", course, author)
    report = checking.findings_of(version)
    codes = {finding.code for finding in report.findings}
    assert codes >= expected
    told = json.dumps([finding.names for finding in report.findings])
    unseen = {line["usage_id"] for line in version.report["blocks"] if line["support"] != "supported"}
    shown = [host for host in version.report["foreign_hosts"] if not set(host["usage_ids"]) <= unseen]
    assert [host["name"] for host in shown if host["name"] not in told] == []  # what the import's report found too
