"""A unit of a draft in the frame: rendered by the real runtime, answered, and nothing of it kept."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import webob
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from courses.authoring import blocks, files, preview, queries, structure
from courses.authoring.models import ContentDraft, DraftBlock
from courses.authoring.preview import Look
from courses.catalogue.models import Course
from courses.content.actions import import_course
from courses.runtime import grants
from courses.runtime.grants import Grant
from courses.runtime.models import BlockCompletion, BlockScore, BlockState
from edu.kernel.actor import Actor
from tests.courses.authoring.test_files import PNG, SRT
from tests.factories.block_course import write_block_course

HOST = "{label}.blocks.testserver"


@pytest.fixture(autouse=True)
def own_origin(settings: Settings) -> None:
    """Frames have an origin of their own."""
    settings.GUIXUE_BLOCKS_ORIGIN = "http://{course}.blocks.testserver"


def look(draft: ContentDraft) -> Look:
    return Look(7, draft.uuid, "vertical@v1", "vertical@v1", "zh-hans")


def get(course: Course, url: str) -> tuple[int, str]:
    host = HOST.format(label=course.label)
    answer = Client().get(url.removeprefix(f"http://{host}"), headers={"host": host})
    return answer.status_code, answer.content.decode()


def test_the_frame_shows_the_draft_and_not_the_version(course: Course, author: Actor, draft: ContentDraft) -> None:
    element = blocks.element_of('<html display_name="新"/>')
    structure.add_block(
        course_id=course.pk, parent="vertical@v1", element=element, text="<p>只在草稿里</p>", acting=author
    )
    status, body = get(course, preview.frame_url(look(draft), course.label))
    assert status == 200
    assert "只在草稿里" in body
    assert 'data-keeps="no"' in body
    assert f"/d/a/{draft.uuid}/" in body


def test_an_answer_is_checked_and_not_kept(course: Course, draft: ContentDraft) -> None:
    host = HOST.format(label=course.label)
    _status, body = get(course, preview.frame_url(look(draft), course.label))
    base = re.search(r'data-block="problem@p1"[^>]*data-handlers="([^"]+)"', body)
    field = re.search(r'name="(input_[^"]+)"', body)
    assert base
    assert field
    answer = Client().post(
        f"{base[1]}/xmodule_handler/problem_check",
        {field[1]: "choice_0"},
        headers={"host": host, "X-Guixue-View": "1"},
    )
    assert answer.status_code == 200
    assert json.loads(answer.content)["reply"]["success"] == "correct"
    assert 'data-earned="1"' in json.loads(answer.content)["view"]
    watched = Client().post(f"{base[1]}/watched", "{}", content_type="application/json", headers={"host": host})
    assert watched.json() == {"counted_s": 0}
    assert not BlockState.objects.exists()
    assert not BlockScore.objects.exists()
    assert not BlockCompletion.objects.exists()


def test_what_a_block_writes_past_the_runtime_is_not_kept_either(
    course: Course, draft: ContentDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_arguments: object) -> webob.Response:
        BlockState.objects.create(scope="user_info", usage_id="past")
        return webob.Response(b"{}")

    monkeypatch.setattr(preview.DraftRuntime, "handle", write)
    at_problem = Look(7, draft.uuid, "vertical@v1", "problem@p1", "zh-hans")
    assert preview.call_handler(at_problem, "xmodule_handler", "", webob.Request.blank("/")).response.body == b"{}"
    assert not BlockState.objects.exists()


def test_a_unit_costs_the_same_for_any_number_of_blocks(
    course: Course, author: Actor, draft: ContentDraft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _round in range(2):
        with django_assert_num_queries(6):  # three, and a savepoint's three
            preview.open_unit(look(draft))
        for _copy in range(5):
            structure.duplicate(course_id=course.pk, usage_id="problem@p1", acting=author)


def test_files_of_the_draft_are_sent_and_others_are_not(course: Course, author: Actor, draft: ContentDraft) -> None:
    for name, data in (("新.png", PNG), ("字幕.srt", SRT)):
        files.add(course_id=course.pk, upload=SimpleUploadedFile(name, data), acting=author)
    host = HOST.format(label=course.label)
    picture = Client().get(f"/d/a/{draft.uuid}/新.png", headers={"host": host})
    assert (picture.content, picture["Cache-Control"]) == (PNG, "private, no-cache")
    assert Client().get(f"/d/a/{draft.uuid}/图.png", headers={"host": host}).status_code == 200
    assert get(course, f"/d/c/{draft.uuid}/字幕.srt")[1].startswith("WEBVTT")
    assert get(course, f"/d/a/{draft.uuid}/nothing.png")[0] == 404
    assert get(course, f"/d/a/{course.uuid}/新.png")[0] == 404


def test_rights_of_learners_and_of_authors_open_nothing_of_each_other(course: Course, draft: ContentDraft) -> None:
    learners = grants.sign_frame(Grant(7, 0, 0, "vertical@v1", "vertical@v1", False, "zh-hans"))
    assert get(course, f"/d/f/{learners}/")[0] == 403
    assert get(course, "/d/f/made-up/")[0] == 403
    token = preview.frame_url(look(draft), course.label).rstrip("/").rpartition("/")[2]
    assert get(course, f"/f/{token}/")[0] == 403
    assert get(course, f"/d/h/{token}/problem_check")[0] == 403


def test_a_unit_that_was_deleted_is_not_there(course: Course, author: Actor, draft: ContentDraft) -> None:
    url = preview.frame_url(look(draft), course.label)
    structure.delete(course_id=course.pk, usage_id="vertical@v1", seen=9, acting=author)
    assert get(course, url)[0] == 404


def test_the_site_answers_no_address_of_a_frame(course: Course, draft: ContentDraft) -> None:
    url = preview.frame_url(look(draft), course.label)
    assert Client().get("/d/" + url.partition("/d/")[2]).status_code == 404


def test_a_package_plays_in_the_draft_under_its_own_courses_origin_only(
    course: Course, author: Actor, tmp_path: Path
) -> None:
    folder = write_block_course(tmp_path / "blocks")
    import_course(source=folder, course_id=course.pk, source_name="blocks", acting=author)
    draft = structure.begin(course_id=course.pk, acting=author)
    row = DraftBlock.objects.get(draft=draft, usage_id="scorm@k1")
    unit = queries.tree(draft).unit_of(row.usage_id)

    _status, body = get(course, preview.frame_url(replace(look(draft), unit_id=unit, usage_id=unit), course.label))
    source = re.search(r'data-src="(/d/z/[^"]+)"', body)
    assert source
    host = {"host": HOST.format(label=course.label)}
    answer = Client().get(source[1], headers=host)

    assert answer.status_code == 200
    assert b"<title>SCO" in answer.content
    assert "frame-ancestors" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert get(course, source[1].replace("index.html", "nothing.html"))[0] == 404
    assert get(course, source[1].replace(draft.uuid.hex, "0" * 32).replace(str(draft.uuid), str(course.uuid)))[0] == 404
    assert Client().get(source[1], headers={"host": HOST.format(label="another")}).status_code == 404
    assert Client().get(source[1], headers={**host, "Sec-Fetch-Dest": "document"}).status_code == 403


def test_a_draft_is_served_under_no_other_courses_origin(course: Course, draft: ContentDraft) -> None:
    address = preview.frame_url(look(draft), course.label).partition("/d/")[2]
    for path in (f"/d/{address}", f"/d/a/{draft.uuid}/图.png"):
        assert Client().get(path, headers={"host": HOST.format(label="another")}).status_code == 404
        assert Client().get(path, headers={"host": HOST.format(label=course.label)}).status_code == 200


@pytest.mark.parametrize("version", ["lti_1p1", "lti_1p3"])
def test_a_draft_says_that_it_opens_no_tool(course: Course, author: Actor, draft: ContentDraft, version: str) -> None:
    element = blocks.element_of(
        f'<lti_consumer lti_version="{version}" lti_id="lab" launch_url="https://lab.example/" display_name="实验"/>'
    )
    structure.add_block(course_id=course.pk, parent="vertical@v1", element=element, acting=author)

    _status, body = get(course, preview.frame_url(look(draft), course.label))

    assert "草稿不打开外部工具" in body
    assert "lti-launch" not in body
    assert 'target="_blank"' not in body
