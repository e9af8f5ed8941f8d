"""A version and its course's page go to learners together, approved by somebody else than who sent them."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from wagtail.models import WorkflowState

from courses.catalogue.editors import ensure_editing, refresh_rights
from courses.catalogue.models import Course, CoursePage
from courses.catalogue.site_tree import ensure_site_tree
from courses.catalogue.workflows import page_of
from courses.content import moderating
from courses.content.actions import import_course, needs_approval, pin_version
from courses.content.models import ContentPin, ContentSubmission, ContentVersion, SubmissionMove
from courses.content.states import SubmissionStatus
from courses.runs.models import CourseRun
from edu.events.models import Event
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.notices.models import Notice
from edu.people.models import Person
from tests.factories.courses import make_course, make_course_pages, make_run
from tests.factories.olx import write_course
from tests.factories.people import make_actor, make_person


@pytest.fixture
def registrar(course: Course) -> Person:
    """A registrar of the course's institution, which has a workflow by that."""
    ensure_site_tree()
    person = make_person(role="registrar", institution=course.institution)
    refresh_rights(person.uuid)
    return person


@pytest.fixture
def deciding(registrar: Person, course: Course) -> Actor:
    return make_actor(registrar, course.institution, "registrar")


@pytest.fixture
def version(course: Course, author: Actor, tmp_path: Path) -> ContentVersion:
    return import_course(
        source=write_course(tmp_path / "olx"), course_id=course.pk, source_name="x", acting=author
    ).version


@pytest.fixture
def run(course: Course) -> CourseRun:
    return make_run(course)


def send(version: ContentVersion, run: CourseRun, author: Actor) -> ContentSubmission:
    return moderating.submit(version_id=version.pk, run_ids=[run.pk], note="首次开课", acting=author)


def status(row: ContentSubmission) -> str:
    row.refresh_from_db()
    return row.status


def test_without_a_workflow_authors_show_versions_themselves(
    version: ContentVersion, run: CourseRun, author: Actor
) -> None:
    assert not needs_approval(version)
    pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author)
    assert ContentPin.objects.get().submission is None


def test_with_a_workflow_an_author_sends_and_shows_nothing(
    version: ContentVersion, run: CourseRun, author: Actor, registrar: Person
) -> None:
    with pytest.raises(Refusal) as refused:
        pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=author)
    assert refused.value.code == "needs-approval"
    row = send(version, run, author)
    run.refresh_from_db()
    assert (row.status, run.content, ContentPin.objects.count()) == ("waiting", None, 0)
    assert Notice.objects.get().person == registrar
    assert Event.objects.filter(name="courses.content.submitted").count() == 1


def test_approving_publishes_the_page_in_both_languages_and_shows_the_version(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor, client: Client
) -> None:
    row = send(version, run, author)
    page = page_of(row.course)
    assert page is not None
    assert not CoursePage.objects.filter(live=True).exists()
    assert client.get(page.url).status_code == 404
    assert moderating.approve(submission_uuid=row.uuid, acting=deciding)
    run.refresh_from_db()
    assert (status(row), run.content) == ("approved", version)
    assert CoursePage.objects.filter(live=True, course=row.course).count() == 2
    assert client.get(page.url).status_code == 200
    pin = ContentPin.objects.get()
    assert (pin.reason, pin.submission, pin.actor_person_uuid) == ("首次开课", row, deciding.person_uuid)
    assert Notice.objects.get(kind="courses.content_approved").person.uuid == author.person_uuid


def test_changes_of_the_page_and_of_the_content_are_one_decision(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor, client: Client
) -> None:
    page = make_course_pages(run.course)["zh-hans"]
    ensure_editing(run.course.institution.uuid)
    page.lead = "新的一句。"
    page.save_revision()
    row = send(version, run, author)
    assert "新的一句。" not in client.get(page.url).content.decode()
    moderating.approve(submission_uuid=row.uuid, acting=deciding)
    assert "新的一句。" in client.get(page.url).content.decode()


def test_approving_in_the_page_editor_shows_the_version_too(
    version: ContentVersion, run: CourseRun, author: Actor, registrar: Person
) -> None:
    row = send(version, run, author)
    assert row.workflow is not None
    row.workflow.current_task_state.specific.approve(user=registrar)
    run.refresh_from_db()
    assert (status(row), run.content) == ("approved", version)


def test_nobody_approves_what_they_sent(version: ContentVersion, run: CourseRun, course: Course) -> None:
    ensure_site_tree()
    ensure_editing(course.institution.uuid)
    both = make_person(role="registrar", institution=course.institution)
    row = send(version, run, Actor(both.uuid, course.institution.uuid, "author"))
    refresh_rights(both.uuid)
    with pytest.raises(NotPermitted):
        moderating.approve(submission_uuid=row.uuid, acting=make_actor(both, course.institution, "registrar"))
    run.refresh_from_db()
    assert (status(row), run.content) == ("waiting", None)
    assert not CoursePage.objects.filter(live=True).exists()
    assert WorkflowState.objects.get().status == "in_progress"


def test_strangers_and_authors_decide_nothing(
    version: ContentVersion, run: CourseRun, author: Actor, registrar: Person
) -> None:
    row = send(version, run, author)
    other = make_course()
    stranger = make_actor(make_person(role="registrar", institution=other.institution), other.institution, "registrar")
    with pytest.raises(NotThere):
        moderating.approve(submission_uuid=row.uuid, acting=stranger)
    with pytest.raises(NotThere):
        moderating.approve(submission_uuid=uuid4(), acting=stranger)
    colleague = make_person(role="author", institution=run.course.institution)
    with pytest.raises(NotPermitted):
        moderating.approve(submission_uuid=row.uuid, acting=make_actor(colleague, run.course.institution, "author"))
    run.refresh_from_db()
    assert (status(row), run.content, SubmissionMove.objects.count()) == ("waiting", None, 0)


def test_what_is_returned_comes_with_its_reason_and_may_be_sent_again(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor
) -> None:
    row = send(version, run, author)
    with pytest.raises(Refusal):
        moderating.send_back(submission_uuid=row.uuid, reason=" ", acting=deciding)
    assert status(row) == "waiting"
    moderating.send_back(submission_uuid=row.uuid, reason="第二讲缺字幕", acting=deciding)
    assert (status(row), row.moves.get().reason) == ("returned", "第二讲缺字幕")
    with pytest.raises(Stale):
        moderating.approve(submission_uuid=row.uuid, acting=deciding)
    again = send(version, run, author)
    moderating.approve(submission_uuid=again.uuid, acting=deciding)
    assert (status(row), status(again)) == ("returned", "approved")


def test_a_newer_submission_replaces_the_one_that_waits(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor, tmp_path: Path
) -> None:
    first = send(version, run, author)
    newer = import_course(
        source=write_course(tmp_path / "again", {"html/h1.html": "<p>改</p>"}),
        course_id=run.course_id,
        source_name="y",
        acting=author,
    ).version
    second = send(newer, run, author)
    assert status(first) == "replaced"
    with pytest.raises(Stale):
        moderating.approve(submission_uuid=first.uuid, acting=deciding)
    moderating.approve(submission_uuid=second.uuid, acting=deciding)
    run.refresh_from_db()
    assert run.content == newer


def test_what_is_withdrawn_waits_no_longer(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor
) -> None:
    row = send(version, run, author)
    moderating.withdraw(submission_uuid=row.uuid, acting=author)
    assert status(row) == "withdrawn"
    assert not WorkflowState.objects.active().exists()
    with pytest.raises(Stale):
        moderating.approve(submission_uuid=row.uuid, acting=deciding)


def test_an_approval_ended_in_the_page_editor_ends_the_submission(
    version: ContentVersion, run: CourseRun, author: Actor, registrar: Person
) -> None:
    row = send(version, run, author)
    assert row.workflow is not None
    row.workflow.cancel(user=registrar)
    assert (status(row), row.moves.get().actor_role) == ("withdrawn", "registrar")


def test_what_was_approved_once_is_shown_again_without_asking(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor
) -> None:
    row = send(version, run, author)
    moderating.approve(submission_uuid=row.uuid, acting=deciding)
    next_term = make_run(run.course)
    pin_version(run_id=next_term.pk, version_id=version.pk, reason="", acting=author)
    with pytest.raises(Refusal) as refused:
        send(version, next_term, author)
    assert refused.value.code == "approved-already"


def test_a_run_that_ended_meanwhile_is_left_as_it_is(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor
) -> None:
    row = send(version, run, author)
    CourseRun.objects.filter(pk=run.pk).update(starts_on="2020-01-01", ends_on="2020-06-30")
    moderating.approve(submission_uuid=row.uuid, acting=deciding)
    run.refresh_from_db()
    assert (status(row), run.content) == ("approved", None)


def test_a_note_is_needed_and_runs_are_the_courses_own(
    version: ContentVersion, run: CourseRun, author: Actor, registrar: Person
) -> None:
    with pytest.raises(Refusal):
        moderating.submit(version_id=version.pk, run_ids=[run.pk], note="  ", acting=author)
    strange = make_run(make_course())
    with pytest.raises(NotThere):
        moderating.submit(version_id=version.pk, run_ids=[strange.pk], note="x", acting=author)
    reader = Actor(author.person_uuid, author.institution_uuid, "student")
    with pytest.raises(NotPermitted):
        moderating.submit(version_id=version.pk, run_ids=[run.pk], note="x", acting=reader)
    assert not ContentSubmission.objects.exists()
    assert not WorkflowState.objects.exists()


def test_the_system_shows_versions_without_asking(version: ContentVersion, run: CourseRun, registrar: Person) -> None:
    pin_version(run_id=run.pk, version_id=version.pk, reason="", acting=SYSTEM)
    assert ContentPin.objects.count() == 1


def test_a_failure_while_showing_leaves_page_and_submission_waiting(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = send(version, run, author)

    def fails(*_given: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(moderating, "_published", [fails])
    with pytest.raises(RuntimeError):
        moderating.approve(submission_uuid=row.uuid, acting=deciding)
    run.refresh_from_db()
    assert (status(row), run.content) == ("waiting", None)
    assert not CoursePage.objects.filter(live=True).exists()
    assert row.status == SubmissionStatus.WAITING


def test_the_moves_of_a_submission_are_never_changed(
    version: ContentVersion, run: CourseRun, author: Actor, deciding: Actor
) -> None:
    moderating.approve(submission_uuid=send(version, run, author).uuid, acting=deciding)
    for statement in ("DELETE FROM courses_submissionmove", "UPDATE courses_submissionmove SET reason = 'x'"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert SubmissionMove.objects.count() == 1
