"""What the editor of a text asks for: pictures of the draft, new ones, units to link to."""

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.authoring import limits
from courses.authoring.models import ContentDraft, DraftBlock, DraftDeed, DraftFile
from courses.catalogue.models import Course
from courses.content import rules, storage
from courses.content.building import FileDraft
from edu.kernel.actor import Actor
from edu.people.models import Role
from tests.courses.authoring.test_views import at, page, signed_in
from tests.factories.courses import make_course

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course)


def asked(client: Client, url: str, text: str = "") -> dict[str, Any]:
    answer = client.get(url, {"q": text})
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def sent(client: Client, course: Course, name: str, data: bytes) -> tuple[int, dict[str, str]]:
    answer = client.post(at("pictures", course), {"upload": SimpleUploadedFile(name, data)})
    return answer.status_code, json.loads(answer.content)


def test_a_picture_is_added_and_then_found(client: Client, course: Course, draft: ContentDraft) -> None:
    status, made = sent(client, course, "图 一#1.PNG", PNG)
    assert (status, made["path"]) == (201, "/static/图-一-1.png")
    shown = client.get(made["url"])
    assert (b"".join(shown), shown["Content-Type"]) == (PNG, "image/png")
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert asked(client, at("pictures", course), "图 一")["pictures"] == [made]
    assert asked(client, at("pictures", course), "二") == {"pictures": [], "more": 0}
    assert DraftDeed.objects.filter(draft=draft, verb="add-file").count() == 1


@pytest.mark.parametrize(
    ("name", "data"), [("film.mp4", b"\0\0\0\x18ftypisom"), ("fig.png", b"GIF89a no"), ("fig.svg", b"<svg/>")]
)
def test_what_is_no_picture_is_refused_in_words_and_leaves_no_trace(
    client: Client, course: Course, draft: ContentDraft, name: str, data: bytes
) -> None:
    before = (DraftFile.objects.count(), DraftDeed.objects.count())
    status, told = sent(client, course, name, data)
    assert status == 400
    assert told["error"]
    assert (DraftFile.objects.count(), DraftDeed.objects.count()) == before
    assert client.post(at("pictures", course)).status_code == 400


def test_only_pictures_are_offered_and_few_at_once(client: Client, course: Course, draft: ContentDraft) -> None:
    values = {"draft": draft, "sha256": "0" * 64, "size": 1}
    for number in range(limits.CHOICES_SHOWN + 3):
        name = f"fig-{number}.png"
        DraftFile.objects.create(path=f"static/{name}", key=name, media_type="image/png", **values)
    DraftFile.objects.create(path="static/fig.pdf", key="fig.pdf", media_type="application/pdf", **values)
    told = asked(client, at("pictures", course), "fig")
    assert (len(told["pictures"]), told["more"]) == (limits.CHOICES_SHOWN, 3)
    assert told["pictures"][0]["path"] == f"/static/fig-{limits.CHOICES_SHOWN + 2}.png"


def test_units_are_found_by_the_words_of_their_way(client: Client, course: Course, draft: ContentDraft) -> None:
    everything = asked(client, at("units", course))
    units = DraftBlock.objects.filter(draft=draft, block_type="vertical")
    assert len(everything["units"]) == units.count() > 0
    unit = units.first()
    assert unit is not None
    only = asked(client, at("units", course), unit.display_name.upper())
    assert only["units"][0] == {
        "name": unit.display_name,
        "place": only["units"][0]["place"],
        "address": f"/jump_to_id/{unit.url_name}",
    }
    assert asked(client, at("units", course), "没有这样的单元") == {"units": [], "more": 0}


def test_units_of_a_huge_course_cost_as_many_queries_as_those_of_a_small_one(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            asked(client, at("units", course), "单元")
        return len(asked_for)

    before = cost()
    parent = DraftBlock.objects.filter(draft=draft, block_type="sequential").values_list("usage_id", flat=True)[0]
    DraftBlock.objects.bulk_create(
        DraftBlock(
            draft=draft,
            usage_id=f"vertical@n{number}",
            block_type="vertical",
            url_name=f"n{number}",
            parent_usage_id=parent,
            position=1000 + number,
            display_name=f"单元 {number}",
            olx="<vertical/>",
        )
        for number in range(2000)
    )
    assert cost() == before
    told = asked(client, at("units", course), "单元 1999")
    assert [unit["address"] for unit in told["units"]] == ["/jump_to_id/n1999"]
    assert asked(client, at("units", course), "单元")["more"] >= 2000 - limits.CHOICES_SHOWN


def test_strangers_and_learners_get_nothing(course: Course, draft: ContentDraft, author: Actor) -> None:
    for person in (Client(), signed_in(course, Role.STUDENT, "学生")):
        for name in ("pictures", "units"):
            assert person.get(at(name, course)).status_code in (302, 404)
        assert sent_code(person, course) in (302, 404)
    assert not DraftFile.objects.filter(path="static/x.png").exists()


def sent_code(client: Client, course: Course) -> int:
    return client.post(at("pictures", course), {"upload": SimpleUploadedFile("x.png", PNG)}).status_code


def test_only_pictures_are_shown_and_none_as_a_page(client: Client, course: Course, draft: ContentDraft) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>"
    for path, media_type in (("static/fig.svg", "image/svg+xml"), ("static/page.html", "text/html")):
        values = {"sha256": kept(svg), "size": len(svg), "media_type": media_type}
        DraftFile.objects.create(draft=draft, path=path, key=rules.asset_key(path), **values)
    shown = client.get(at("picture", course, "fig.svg"))
    assert (shown.status_code, shown["X-Content-Type-Options"]) == (200, "nosniff")
    assert "script-src" not in shown["Content-Security-Policy"]
    assert client.get(at("picture", course, "page.html")).status_code == 404
    assert client.get(at("picture", course, "none.png")).status_code == 404
    stranger = signed_in(make_course())
    assert stranger.get(at("picture", course, "fig.svg")).status_code == 404


def kept(data: bytes) -> str:
    """Keep bytes as an upload would; returns their hash."""
    folder = storage.work_folder()
    folder.mkdir(parents=True, exist_ok=True)
    passing = folder / "passing"
    passing.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    storage.keep_file(FileDraft("static/x", passing, sha256, len(data), ""))
    return sha256


def test_without_a_script_the_textarea_is_all_there_is(client: Client, course: Course, draft: ContentDraft) -> None:
    text = DraftBlock.objects.filter(draft=draft, block_type="html").first()
    assert text is not None
    shown = page(client, at("edit", course, text.usage_id))
    outside = shown.partition("<template")[0] + shown.rpartition("</template>")[2]
    assert '<textarea name="text"' in outside
    assert "<dialog" not in outside
