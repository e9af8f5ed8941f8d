"""The frame's origin: signed addresses, no cookies, nothing of the site, files in parts."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.test import Client, override_settings
from pytest_django import Settings

from courses.enrolment.models import Enrolment
from courses.runtime import grants, resources
from courses.runtime.models import BlockCompletion, BlockState
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.samples import EVERY_TYPE
from tests.factories.blocks import block, problem, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as ClientResponse  # it is in the stubs alone

pytestmark = pytest.mark.django_db
ORIGIN = override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"])
HOST = "some-course.blocks.localhost:8000"


def home(room: Classroom) -> str:
    """The host of the course of a run."""
    return f"{room.run.course.label}.blocks.localhost:8000"


def get(path: str, room: Classroom | None = None, headers: dict[str, str] | None = None) -> "ClientResponse":
    with ORIGIN:
        return Client(HTTP_HOST=home(room) if room else HOST).get(path, headers=headers)


def post(path: str, data: object) -> "ClientResponse":
    with ORIGIN:
        return Client(HTTP_HOST=HOST).post(path, json.dumps(data), content_type="application/json")


def test_a_frame_shows_its_blocks_and_takes_and_sets_no_cookie(classroom: MakeClassroom) -> None:
    room = classroom(EVERY_TYPE)

    with ORIGIN:
        client = Client(HTTP_HOST=home(room))
        client.cookies["sessionid"] = "stolen"
        response = client.get(f"/f/{grants.sign_frame(room.grant())}/")

    assert response.status_code == 200
    assert response.content.decode().count('class="block ') == len(EVERY_TYPE)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_frame_may_only_stand_in_our_pages_and_speak_to_its_own_origin(classroom: MakeClassroom) -> None:
    room = classroom([text("t")])

    response = get(f"/f/{grants.sign_frame(room.grant())}/", room)

    policy = response["Content-Security-Policy"]
    own = f"http://{room.run.course.label}.blocks.localhost:8000"
    assert f"connect-src {own};" in policy
    assert "frame-ancestors http://localhost:8000" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/f/forged/", "/f/a:b:c/", "/h/forged/toggle_button"])
def test_a_forged_address_is_refused(classroom: MakeClassroom, path: str) -> None:
    classroom([block("done@d")])

    assert get(path).status_code == 403
    assert post(path, {"done": True}).status_code in (403, 405)
    assert not BlockState.objects.exists()


def test_an_address_for_one_purpose_is_forged_for_another(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])

    assert get(f"/f/{grants.sign_handler(room.grant())}/", room).status_code == 403
    assert post(f"/h/{grants.sign_frame(room.grant('done@d'))}/toggle_button", {"done": True}).status_code == 403
    assert not BlockState.objects.exists()


def test_an_expired_address_says_reload_and_writes_nothing(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])
    frame = grants.sign_frame(room.grant())
    handler = grants.sign_handler(room.grant("done@d"))

    with patch("django.core.signing.time.time", return_value=time.time() + grants.HANDLER_AGE_S_MAX + 1):
        shown, refused = get(f"/f/{frame}/", room), post(f"/h/{handler}/toggle_button", {"done": True})

    assert shown.status_code == 409
    assert refused.status_code == 409
    assert refused.json()["code"] == "address-expired"
    assert not BlockState.objects.exists()


def test_who_has_left_is_refused_by_page_and_handler(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])
    Enrolment.objects.update(status="withdrawn")

    assert get(f"/f/{grants.sign_frame(room.grant())}/", room).status_code == 403
    assert post(f"/h/{grants.sign_handler(room.grant('done@d'))}/toggle_button", {"done": True}).status_code == 403
    assert not BlockState.objects.exists()


def test_a_handler_answers_and_gives_the_block_as_it_is_now(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])
    path = f"/h/{grants.sign_handler(room.grant('done@d'))}/toggle_button"

    with ORIGIN:
        response = Client(HTTP_HOST=HOST).post(
            path, json.dumps({"done": True}), content_type="application/json", headers={"X-Guixue-View": "1"}
        )

    assert response.json()["reply"] == {"state": True}
    assert "done-mark" in response.json()["view"]


def test_a_handler_that_raises_answers_calmly_and_stores_nothing(classroom: MakeClassroom) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1)])
    path = f"/h/{grants.sign_handler(room.grant('word_cloud@w'))}/handle_submit_state"

    response = post(path, {"no": "words"})

    assert response.status_code == 500
    assert response.json()["code"] == "block-failed"
    assert "Traceback" not in response.content.decode()
    assert not BlockState.objects.exists()


@pytest.mark.parametrize("path", ["/zh-hans/", "/cms/", "/healthz", "/zh-hans/account/login/", "/api/v1/"])
def test_the_sites_own_pages_are_not_under_the_frames_origin(path: str) -> None:
    assert get(path).status_code == 404


def test_the_frames_addresses_are_not_under_the_sites_host(classroom: MakeClassroom) -> None:
    room = classroom([text("t")])

    with ORIGIN:
        response = Client(HTTP_HOST="localhost:8000").get(f"/f/{grants.sign_frame(room.grant())}/")

    assert response.status_code == 404


def test_with_one_hostname_the_frame_lies_under_a_path_and_still_takes_no_cookie(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])

    with override_settings(GUIXUE_BLOCKS_ORIGIN="opaque", ALLOWED_HOSTS=["*"]):
        client = Client(HTTP_HOST="localhost:8000")
        shown = client.get(f"/blocks/f/{grants.sign_frame(room.grant())}/")
        asked = client.options(f"/blocks/h/{grants.sign_handler(room.grant('done@d'))}/toggle_button")

    assert shown.status_code == 200
    assert 'data-handlers="/blocks/h/' in shown.content.decode()
    assert shown["Access-Control-Allow-Origin"] == "*"
    assert asked.status_code == 204
    assert not shown.cookies


def test_a_packages_script_has_an_address_that_names_what_it_holds_and_others_are_not_there(
    classroom: MakeClassroom,
) -> None:
    url = resources.package_url("problem", "public/js/ProblemBlockDisplay.js")

    response = get(url)

    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert get("/p/problem/x/capa_block.py").status_code == 404
    assert get("/p/problem/x/public/../capa_block.py").status_code == 404
    assert get("/p/nosuch/x/public/a.js").status_code == 404


def test_inline_resources_become_one_file(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    resources.inline_url.cache_clear()

    first = resources.inline_url("a{}", "text/css")

    assert first == resources.inline_url("a{}", "text/css")
    assert get(first).content == b"a{}"
    assert get("/r/nosuch.css").status_code == 404


def test_an_answer_by_get_or_of_another_person_changes_nothing(classroom: MakeClassroom) -> None:
    room = classroom([problem("p")])
    stranger = grants.Grant(room.person.pk + 999, room.run.pk, room.content.pk, room.unit, "problem@p", True, "en")

    assert post(f"/h/{grants.sign_handler(stranger)}/xmodule_handler/problem_check", {}).status_code == 403
    assert not BlockState.objects.exists()


def test_a_page_of_one_course_is_not_under_the_origin_of_another_and_reading_it_there_leaves_no_trace(
    classroom: MakeClassroom,
) -> None:
    room = classroom([text("t")])
    path = f"/f/{grants.sign_frame(room.grant())}/"

    assert get(path).status_code == 404
    assert not BlockCompletion.objects.exists()
    assert get(path, room).status_code == 200
    assert BlockCompletion.objects.exists()


def test_blocks_never_fill_a_window_since_only_the_sites_page_binds_them(classroom: MakeClassroom) -> None:
    room = classroom([text("t")])
    path = f"/f/{grants.sign_frame(room.grant())}/"

    assert get(path, room, {"Sec-Fetch-Dest": "document"}).status_code == 403
    assert not BlockCompletion.objects.exists()
    assert get(path, room, {"Sec-Fetch-Dest": "iframe"}).status_code == 200


def test_with_one_hostname_no_script_reads_a_frame_whose_address_it_knows(classroom: MakeClassroom) -> None:
    room = classroom([text("t")])
    path = f"/blocks/f/{grants.sign_frame(room.grant())}/"

    with override_settings(GUIXUE_BLOCKS_ORIGIN="opaque", ALLOWED_HOSTS=["*"]):
        client = Client(HTTP_HOST="localhost:8000")
        assert client.get(path, headers={"Sec-Fetch-Dest": "empty"}).status_code == 403
        assert not BlockCompletion.objects.exists()
        shown = client.get(path, headers={"Sec-Fetch-Dest": "iframe"})
    assert shown.status_code == 200
    assert (
        "connect-src http://localhost:8000/blocks/ http://localhost:8000/static/;" in shown["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "path",
    ["/worker.js", "/r/nosuch.css", "/f/forged/", "/static/nosuch.js", "/s/forged/", "/p/problem/x/public/a.js", "/"],
)
def test_no_answer_of_the_origin_can_become_a_page_without_a_policy(path: str) -> None:
    response = get(path)

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Connection-Allowlist"] == "(response-origin)"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-DNS-Prefetch-Control"] == "off"
    assert response["Origin-Agent-Cluster"] == "?1"
    assert not response.cookies


@pytest.mark.parametrize("change", ["person", "run", "block", "cut"])
def test_a_changed_address_is_forged_and_writes_nothing(classroom: MakeClassroom, change: str) -> None:
    room = classroom([block("done@d"), block("done@e")])
    other = classroom([block("done@d")])
    own = grants.sign_handler(room.grant("done@d"))
    wanted = {
        "person": grants.sign_handler(replace(room.grant("done@d"), person_id=other.person.pk)),
        "run": grants.sign_handler(other.grant("done@d")),
        "block": grants.sign_handler(room.grant("done@e")),
        "cut": own,
    }[change]
    signature = own.split(":", 1)[1]
    forged = f"{wanted.split(':', 1)[0]}:{signature if change != 'cut' else signature[:-1]}"

    response = post(f"/h/{forged}/toggle_button", {"done": True})

    assert (response.status_code, response.json()["code"]) == (403, "address-forged")
    assert not BlockState.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("en", "This answer is too long"), ("zh-hans", "太长")])
def test_why_an_answer_was_refused_is_said_in_the_language_of_the_page(
    classroom: MakeClassroom, language: str, words: str
) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1)])
    grant = replace(room.grant("word_cloud@w"), language=language)

    response = post(f"/h/{grants.sign_handler(grant)}/handle_submit_state", {"student_words": ["很长" * 200_000]})

    assert response.status_code == 422
    assert words in response.json()["error"]


@pytest.mark.parametrize(("language", "words"), [("en", "open for too long"), ("zh-hans", "时间过长")])
def test_an_expired_page_says_so_in_its_own_language(classroom: MakeClassroom, language: str, words: str) -> None:
    room = classroom([block("done@d")])
    frame = grants.sign_frame(replace(room.grant(), language=language))

    with patch("django.core.signing.time.time", return_value=time.time() + grants.FRAME_AGE_S_MAX + 1):
        page = get(f"/f/{frame}/", room).content.decode()

    assert words in page
    assert ('lang="en"' in page) is (language == "en")


def test_a_block_that_breaks_is_not_told_as_a_page_that_is_not_there(classroom: MakeClassroom) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1)])
    grant = replace(room.grant("word_cloud@w"), language="en")

    response = get(f"/h/{grants.sign_handler(grant)}/handle_submit_state", room)

    assert response.status_code in (405, 500)
    assert "Not found" not in response.content.decode()


@pytest.mark.parametrize("token", ["", "forged", ":::", "\ud800", "." + "A" * 40])
def test_an_address_that_was_not_signed_here_names_no_language(token: str) -> None:
    assert grants.language_of(token) == ""
