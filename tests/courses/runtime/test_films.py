"""What a player offers, and the copies that it fetches."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import translation
from pytest_django import Settings

from courses.media import actions, jobs
from courses.media import queries as media
from courses.media.models import Rendition
from courses.offline import sizes
from courses.runtime import films
from courses.runtime.views import open_unit
from edu.kernel.actor import SYSTEM
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.factories.blocks import UNIT, block
from tests.factories.films import film, put_file

pytestmark = pytest.mark.django_db
ORIGIN = override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000")


@pytest.fixture
def room(classroom: MakeClassroom, settings: Settings, tmp_path: Path) -> Classroom:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path
    media.forget()
    made = classroom([block("video@v", html5_sources=["/static/film.mp4"], youtube_id_1_0="", download_video=True)])
    put_file(made.content, film(), name="film.mp4")
    return made


def body(room: Classroom) -> str:
    with translation.override("en"):
        return str(open_unit(room.grant())[1].blocks[0].body)


def offered(room: Classroom) -> list[dict[str, object]]:
    found = re.search(r"data-video-qualities>(.*?)</script>", body(room))
    assert found is not None
    loaded: list[dict[str, object]] = json.loads(found[1])
    return loaded


def make_copies(room: Classroom) -> None:
    actions.request_renditions(room.content.uuid, acting=SYSTEM)
    while jobs.run_next():
        pass
    media.forget()


def test_before_there_are_copies_the_film_is_offered_as_uploaded_with_its_megabytes(room: Classroom) -> None:
    (only,) = offered(room)
    assert (only["name"], only["bytes"]) == ("original", len(film()))
    assert f"{len(film()) / 1e6:.1f} MB" in str(only["label"])
    assert 'preload="none"' in body(room)
    assert "0:0" in body(room)  # how long it is, too


def test_copies_are_offered_the_light_one_first_and_sound_last(room: Classroom) -> None:
    make_copies(room)
    assert [one["name"] for one in offered(room)] == ["light", "standard", "original", "sound"]
    light = str(offered(room)[0]["url"])
    assert f'<source src="{light}"' in body(room)
    assert body(room).count("<source") == 1  # what is taken along is what stands in the page
    assert f'href="/a/{room.content.uuid}/film.mp4" download' in body(room)


def test_a_copy_is_sent_whole_and_in_parts_to_who_has_its_address(room: Classroom) -> None:
    make_copies(room)
    row = Rendition.objects.get(quality="light")
    url = str(offered(room)[0]["url"])
    with ORIGIN:
        client = Client(HTTP_HOST=f"{room.run.course.label}.blocks.localhost:8000")
        whole = client.get(url)
        part = client.get(url, headers={"Range": "bytes=0-9"})
        assert client.get(url.replace("film.mp4", "other.mp4")).status_code == 404
        assert client.get(url.replace(row.sha256[:16], "0" * 16)).status_code == 404
        for elsewhere in ("localhost:8000", "another.blocks.localhost:8000"):
            assert Client(HTTP_HOST=elsewhere).get(url).status_code == 404
    assert (whole.status_code, len(whole.content), whole["Content-Type"]) == (200, row.size, "video/mp4")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 0-9/{row.size}")
    assert "immutable" in whole["Cache-Control"]


def test_what_is_taken_along_is_the_light_copy(room: Classroom) -> None:
    before = sizes.taken_along(room.content.pk, room.content.uuid)[UNIT]
    make_copies(room)
    after = sizes.taken_along(room.content.pk, room.content.uuid)[UNIT]
    light = Rendition.objects.get(quality="light")
    assert dict(before.files).values() != dict(after.files).values()
    assert dict(after.files) == {light.sha256: light.size}


def test_a_stream_in_parts_says_its_kind_and_no_weight(classroom: MakeClassroom) -> None:
    room = classroom([block("video@v", html5_sources=["/static/film.m3u8"], youtube_id_1_0="")])
    (only,) = offered(room)
    assert (only["type"], only["bytes"], only["label"]) == (films.STREAM, 0, "As uploaded")


@pytest.mark.parametrize(("seconds", "text"), [(0, ""), (83, "1:23"), (3723, "1:02:03")])
def test_a_length_is_written_for_people(seconds: int, text: str) -> None:
    assert films.minutes(seconds) == text
