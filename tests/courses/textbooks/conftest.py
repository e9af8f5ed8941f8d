"""A course of texts, a picture, a film with captions, a problem and things that only some see; its author."""

from pathlib import Path

import pytest
from pytest_django import Settings

from courses.catalogue.models import Course, Textbook
from courses.content.models import ContentVersion
from courses.media import queries as media
from courses.textbooks import jobs, marking
from courses.textbooks.asking import request_pack
from courses.textbooks.models import TextbookPack
from edu.kernel.actor import Actor
from edu.people.models import Role
from tests.factories.blocks import CHOICE, block, make_unit, problem, text
from tests.factories.courses import make_content, make_course
from tests.factories.films import put_file
from tests.factories.people import make_actor, make_person

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)
SRT = "1\n00:00:00,000 --> 00:00:02,000\n你好\n".encode()
TEXT = """<p>看图<img src="/static/图%20一.png" onerror="alert(1)"></p><script>alert(2)</script>
<a href="/jump_to_id/h">回到这里</a><iframe src="https://video.example.org/v"></iframe>"""


def fill(made: ContentVersion) -> ContentVersion:
    """Give a version its blocks and files."""
    film = block("video@v", html5_sources=["/static/a.mp4"], transcripts={"zh": "a.srt"}, display_name="短片")
    some = block("html@some", {"data": "给二班看"}, group_access={"1": [2]})
    hidden = block("html@staff", {"data": "给老师看"}, visible_to_staff_only=True)
    drawn = block("library_content@lib")
    inside = block("html@inside", {"data": "抽到才看"})
    specs = [text("h", TEXT), problem("p", CHOICE), film, hidden, some, drawn, inside]
    make_unit(made, specs, parents={"html@inside": "library_content@lib"})
    for name, data, kind in [
        ("图 一.png", PNG, "image/png"),
        ("a.mp4", b"film" * 100_000, "video/mp4"),
        ("a.srt", SRT, "text/plain"),
        ("answers.pdf", b"the key", "application/pdf"),
    ]:
        put_file(made, data, name=name, media_type=kind)
    return made


@pytest.fixture(autouse=True)
def _places(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path / "data"
    media.forget()


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def author(course: Course) -> Actor:
    return make_actor(make_person(name="农雪", role=Role.AUTHOR, institution=course.institution))


@pytest.fixture
def version(course: Course) -> ContentVersion:
    return fill(make_content(course, title="数据素养"))


@pytest.fixture
def textbook(version: ContentVersion, author: Actor) -> Textbook:
    return marking.mark(course_id=version.course_id, edition="第1版", licence="CC BY-SA 4.0", acting=author)


@pytest.fixture
def packed(textbook: Textbook, author: Actor) -> TextbookPack:
    """A pack that is ready."""
    row = request_pack(course_id=textbook.course_id, number=1, acting=author)
    assert jobs.run_next() == row.pk
    row.refresh_from_db()
    assert row.status == "done"
    return row
