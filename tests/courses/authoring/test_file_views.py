"""The list of a draft's files: what uses each, and that none is taken from under a text unasked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.authoring import limits, uses
from courses.authoring.models import ContentDraft, DraftBlock, DraftFile
from courses.catalogue.models import Course
from courses.content import rules
from edu.people.models import Role
from tests.courses.authoring.test_views import at, page, signed_in
from tests.factories.courses import make_course


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course)


def put(draft: ContentDraft, path: str, media_type: str = "image/png") -> DraftFile:
    values = {"sha256": "0" * 64, "size": 10, "media_type": media_type}
    return DraftFile.objects.create(draft=draft, path=path, key=rules.asset_key(path), **values)


def text(draft: ContentDraft, name: str, html: str) -> DraftBlock:
    unit = DraftBlock.objects.filter(draft=draft, block_type="vertical")[0]
    return DraftBlock.objects.create(
        draft=draft,
        usage_id=f"html@{name}",
        block_type="html",
        url_name=name,
        parent_usage_id=unit.usage_id,
        position=100 + DraftBlock.objects.count(),
        display_name=f"文 {name}",
        fields={"settings": {}, "content": {"data": html}},
        olx=f'<html url_name="{name}" filename="{name}"/>',
    )


@pytest.mark.parametrize(
    ("path", "html"),
    [
        ("static/图二.png", '<img src="/static/图二.png">'),
        ("static/Brain red.png", '<img src="/static/Brain%20red.png">'),
        ("static/Brain red.png", '<img src="/static/Brain_red.png">'),
        ("static/a/b.pdf", '<a href="/static/a/b.pdf#page=2">x</a>'),
        ("static/c.png", '<img src="/asset-v1:GXU+S+1+type@asset+block@c.png">'),
    ],
)
def test_a_file_is_used_however_a_text_spells_it(draft: ContentDraft, path: str, html: str) -> None:
    file = put(draft, path)
    assert uses.of_file(draft, file) == []
    row = text(draft, "t1", html)
    assert uses.of_file(draft, file) == [row.usage_id]


def test_captions_and_the_courses_own_picture_count_as_used(draft: ContentDraft) -> None:
    captions, picture = put(draft, "static/x-zh.srt"), put(draft, "static/front.jpg")
    video = text(draft, "v", "")
    video.block_type, video.usage_id, video.olx = "video", "video@v", "<video/>"
    video.fields = {"settings": {"transcripts": {"zh": "x-zh.srt"}}, "content": {}}
    video.save()
    draft.course_policy = {"course/x": {"course_image": "front.jpg"}}
    draft.save()
    assert uses.of_file(draft, captions) == ["video@v"]
    assert [usage_id.partition("@")[0] for usage_id in uses.of_file(draft, picture)] == ["course"]


def test_a_used_file_is_removed_only_once_its_places_were_seen(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    put(draft, "static/used.png")
    row = text(draft, "t1", '<img src="/static/used.png">')
    asked = client.post(at("files", course), {"remove": "static/used.png"})
    assert asked.status_code == 200
    told = asked.content.decode()
    assert row.display_name in told
    assert at("edit", course, row.usage_id) in told
    assert DraftFile.objects.filter(path="static/used.png").exists()

    draft.refresh_from_db()
    old = draft.revision
    ContentDraft.objects.filter(pk=draft.pk).update(revision=old + 1)  # somebody changes something meanwhile
    again = client.post(at("files", course), {"remove": "static/used.png", "seen": old})
    assert again.status_code == 200
    assert DraftFile.objects.filter(path="static/used.png").exists()

    done = client.post(at("files", course), {"remove": "static/used.png", "seen": old + 1})
    assert done.status_code == 302
    assert not DraftFile.objects.filter(path="static/used.png").exists()


def test_a_file_that_nothing_uses_is_listed_as_such_and_removed_at_once(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    put(draft, "static/used.png")
    put(draft, "static/lost.png")
    text(draft, "t1", '<img src="/static/used.png">')
    shown = page(client, at("files", course) + "?show=unused")
    assert "/static/lost.png" in shown
    assert "/static/used.png" not in shown
    assert client.post(at("files", course), {"remove": "static/lost.png"}).status_code == 302
    assert not DraftFile.objects.filter(path="static/lost.png").exists()
    assert client.post(at("files", course), {"remove": "static/lost.png"}).status_code == 404


def test_many_files_and_blocks_cost_as_many_queries_as_few(client: Client, course: Course, draft: ContentDraft) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, at("files", course))
        return len(asked)

    put(draft, "static/one.png")
    before = cost()
    for number in range(limits.FILES_A_PAGE + 5):
        put(draft, f"static/f{number}.png")
        text(draft, f"n{number}", f'<img src="/static/f{number}.png">')
    assert cost() == before
    assert "?page=2" in page(client, at("files", course))


def test_strangers_may_remove_nothing(course: Course, draft: ContentDraft) -> None:
    put(draft, "static/x.png")
    for person in (signed_in(course, Role.STUDENT, "学生"), signed_in(make_course(), name="别校作者")):
        assert person.post(at("files", course), {"remove": "static/x.png"}).status_code == 404
    assert DraftFile.objects.filter(path="static/x.png").exists()
