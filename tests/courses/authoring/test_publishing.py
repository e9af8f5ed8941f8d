"""From a draft to versions and to what learners see."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from lxml import etree

from courses.authoring import publishing, structure, texts
from courses.authoring.models import ContentDraft, DraftBlock, Publication
from courses.catalogue.models import Course
from courses.content.models import ContentPin, ContentVersion
from courses.content.queries import unit_blocks
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.courses import make_course, make_run


def add_text(course: Course, author: Actor, unit: str, text: str) -> str:
    element = etree.Element("html", display_name="导言")
    return structure.add_block(course_id=course.pk, parent=unit, element=element, text=text, acting=author)


def revision(draft: ContentDraft) -> int:
    draft.refresh_from_db()
    return draft.revision


def test_an_untouched_draft_is_the_version_it_was_begun_from(
    course: Course, author: Actor, draft: ContentDraft, imported: ContentVersion
) -> None:
    saved = publishing.save_version(course_id=course.pk, note="", seen=draft.revision, acting=author)
    assert saved == imported
    assert ContentVersion.objects.count() == 1


def test_a_change_becomes_a_new_version_and_the_old_one_stays(
    course: Course, author: Actor, draft: ContentDraft, imported: ContentVersion
) -> None:
    text = add_text(course, author, "vertical@v1", "<p>新段落</p>")
    version = publishing.save_version(course_id=course.pk, note="补充", seen=revision(draft), acting=author)
    blocks = unit_blocks(version.pk, "vertical@v1")
    assert [block.usage_id for block in blocks] == ["vertical@v1", "html@h1", "problem@p1", "done@d1", text]
    assert blocks[-1].fields["content"]["data"] == "<p>新段落</p>"
    assert [block.usage_id for block in unit_blocks(imported.pk, "vertical@v1")][-1] == "done@d1"
    assert (version.number, version.source_name, version.block_count) == (2, "补充", 8)
    draft.refresh_from_db()
    assert draft.is_saved
    assert draft.base == version


def test_what_subsections_give_is_inherited_in_the_new_version(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    add_text(course, author, "vertical@v1", "<p>新</p>")
    version = publishing.save_version(course_id=course.pk, note="", seen=revision(draft), acting=author)
    problem = next(block for block in unit_blocks(version.pk, "vertical@v1") if block.block_type == "problem")
    assert (problem.inherited["graded"], problem.graded, problem.assignment_type) == (True, True, "作业")


def test_publishing_pins_the_runs_and_writes_the_log(course: Course, author: Actor, draft: ContentDraft) -> None:
    run, other = make_run(course), make_run(course)
    add_text(course, author, "vertical@v1", "<p>新</p>")
    published = publishing.publish(
        course_id=course.pk, run_uuids=[run.uuid], note="第一次发布", seen=revision(draft), acting=author
    )
    run.refresh_from_db()
    other.refresh_from_db()
    assert run.content == published.version
    assert other.content is None
    assert (published.note, published.previous) == ("第一次发布", None)
    assert published.runs == [{"uuid": str(run.uuid), "code": run.code}]
    assert ContentPin.objects.get().reason == "第一次发布"
    assert Event.objects.filter(name="courses.content.published").count() == 1
    again = publishing.publish(
        course_id=course.pk, run_uuids=[run.uuid, other.uuid], note="再发", seen=revision(draft), acting=author
    )
    assert again.version == again.previous == published.version
    assert ContentPin.objects.count() == 2


def test_nobody_publishes_what_they_did_not_see(course: Course, author: Actor, draft: ContentDraft) -> None:
    run, seen = make_run(course), draft.revision
    add_text(course, author, "vertical@v1", "<p>新</p>")
    with pytest.raises(Stale):
        publishing.publish(course_id=course.pk, run_uuids=[run.uuid], note="x", seen=seen, acting=author)
    assert not Publication.objects.exists()
    assert ContentVersion.objects.count() == 1
    assert not ContentPin.objects.exists()


def test_a_publication_without_a_note_or_without_units_is_refused(
    course: Course, author: Actor, empty: ContentDraft
) -> None:
    for note, code in ((" ", "no-note"), ("x", "nothing-to-publish")):
        with pytest.raises(Refusal) as refused:
            publishing.publish(course_id=course.pk, run_uuids=[], note=note, seen=empty.revision, acting=author)
        assert refused.value.code == code
    assert not ContentVersion.objects.exists()


def test_a_run_of_another_course_and_one_that_has_ended_are_not_there(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    strange = make_run(make_course())
    today = clock.today()
    ended = make_run(course, starts_on=today - dt.timedelta(days=90), ends_on=today - dt.timedelta(days=1))
    for uuid in (strange.uuid, ended.uuid, uuid4()):
        with pytest.raises(NotThere):
            publishing.publish(course_id=course.pk, run_uuids=[uuid], note="x", seen=draft.revision, acting=author)
    assert not Publication.objects.exists()
    assert not ContentPin.objects.exists()


def test_strangers_and_readers_change_nothing(course: Course, author: Actor, draft: ContentDraft) -> None:
    stranger = Actor(author.person_uuid, make_course().institution.uuid, "author")
    reader = Actor(author.person_uuid, course.institution.uuid, "student")
    for actor, refusal in ((stranger, NotThere), (reader, NotPermitted)):
        with pytest.raises(refusal):
            structure.add_part(course_id=course.pk, parent="course@2026A", name="x", acting=actor)
        with pytest.raises(refusal):
            publishing.publish(course_id=course.pk, run_uuids=[], note="x", seen=draft.revision, acting=actor)
        with pytest.raises(refusal):
            texts.change_settings(course_id=course.pk, usage_id="chapter@c1", values={}, seen=99, acting=actor)
    assert revision(draft) == 1
    assert DraftBlock.objects.count() == 7


def test_the_log_of_publications_is_never_changed(course: Course, author: Actor, draft: ContentDraft) -> None:
    publishing.publish(course_id=course.pk, run_uuids=[], note="x", seen=draft.revision, acting=author)
    for table in ("courses_publication", "courses_draftdeed"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # a name of ours
    assert Publication.objects.count() == 1


def test_what_must_be_fixed_holds_a_publication_up_and_keeps_the_version(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    run = make_run(course)
    add_text(course, author, "vertical@v1", '<p><script src="https://cdn.example.com/x.js"></script></p>')
    given = {"course_id": course.pk, "run_uuids": [run.uuid], "acting": author}
    with pytest.raises(Refusal) as refused:
        publishing.publish(**given, note="x", seen=revision(draft))  # type: ignore[arg-type]
    assert refused.value.code == "must-be-fixed"
    assert ContentVersion.objects.count() == 2
    assert not Publication.objects.exists()
    assert not ContentPin.objects.exists()
    publishing.publish(**given, note="已与外校确认", seen=revision(draft), despite=True)  # type: ignore[arg-type]
    pin = ContentPin.objects.get()
    assert pin.overridden
    assert pin.reason == "已与外校确认"
    assert ContentVersion.objects.count() == 2
