"""Pages of textbooks: who sees and fetches what, downloads that go on, keys and script, the author's page."""

import hashlib
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse

from courses.catalogue.models import Course, Textbook
from courses.enrolment.states import EnrolmentStatus
from courses.textbooks import marking, storage, tasks, verify_textbook
from courses.textbooks.models import TextbookPack
from edu.kernel.actor import Actor
from edu.people.models import Person, Role
from tests.factories.courses import make_course, make_course_pages, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_affiliation, make_person, sign_in

pytestmark = pytest.mark.django_db


def signed_in_as(role: str | None, institution: object = None) -> Client:
    person = make_person()
    if role is None:
        return sign_in(Client(), person)
    there = institution or make_institution()
    affiliation = make_affiliation(person=person, role=role, institution=there)  # type: ignore[arg-type]
    return sign_in(Client(), person, affiliation=affiliation)


def page_of(course: Course) -> str:
    return reverse("courses:textbook", args=[course.uuid])


def file_of(pack: TextbookPack) -> str:
    return reverse("courses:textbook_fetch", args=[pack.textbook.course.uuid, pack.uuid])


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def status(client: Client, address: str) -> int:
    response = client.get(address)
    if response.streaming:
        body(response)
    return response.status_code


def whole(pack: TextbookPack) -> bytes:
    with storage.open_pack(pack.sha256) as stream:
        return stream.read()


# Reading about it


def test_anybody_reads_what_it_is_and_how_to_check_it(packed: TextbookPack, client: Client) -> None:
    text = client.get(page_of(packed.textbook.course)).content.decode()
    assert packed.sha256 in text
    assert f"certutil -hashfile {packed.textbook.course.label}-v1-{packed.sha256[:8]}.zip SHA256" in text
    assert "CC BY-SA 4.0" in text
    assert reverse("textbooks:script") in text
    assert file_of(packed) not in text, "a visitor is asked to sign in first"


def test_the_page_and_the_shelf_need_few_queries(
    packed: TextbookPack, client: Client, django_assert_max_num_queries: object
) -> None:
    for address, most in ((page_of(packed.textbook.course), 7), (reverse("courses:textbooks"), 4)):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(address).status_code == 200


def test_a_course_that_is_no_textbook_has_no_such_page(packed: TextbookPack, author: Actor, client: Client) -> None:
    marking.end(course_id=packed.textbook.course_id, acting=author)
    assert client.get(page_of(packed.textbook.course)).status_code == 404
    assert client.get(page_of(make_course())).status_code == 404
    assert "第1版" not in client.get(reverse("courses:textbooks")).content.decode()
    assert signed_in_as(Role.TEACHER).get(file_of(packed)).status_code == 404


def test_before_the_first_pack_the_page_says_so(textbook: Textbook, client: Client) -> None:
    assert "尚未打包" in client.get(page_of(textbook.course)).content.decode()


def test_course_page_and_catalogue_show_the_mark(textbook: Textbook, client: Client) -> None:
    page = make_course_pages(textbook.course)["zh-hans"]
    assert page_of(textbook.course) in client.get(page.get_url()).content.decode()
    assert "数字教材" in client.get(reverse("courses:catalogue")).content.decode()


def test_the_shelf_stands_in_the_menu_of_schools(packed: TextbookPack) -> None:
    for role, seen in ((Role.SCHOOL_COORDINATOR, True), (Role.TEACHER, True), (Role.SUPERVISOR, False)):
        text = signed_in_as(role).get(reverse("portal:home"), follow=True).content.decode()
        assert (reverse("courses:textbooks") in text) is seen, role


def test_the_learners_page_leads_to_it(packed: TextbookPack) -> None:
    run = make_run(packed.textbook.course, content=packed.version)
    person = make_person()
    make_enrolment(person, run)
    run.starts_on = run.enrolment_opens_at.date()
    run.save(update_fields=["starts_on"])
    text = sign_in(Client(), person).get(reverse("courses:learn", args=[run.uuid])).content.decode()
    assert page_of(packed.textbook.course) in text


# Fetching it


@pytest.mark.parametrize("role", [Role.SCHOOL_COORDINATOR, Role.TEACHER, Role.ASSISTANT_TEACHER])
def test_schools_fetch_it_wherever_they_are(packed: TextbookPack, role: str) -> None:
    client = signed_in_as(role)
    assert file_of(packed) in client.get(page_of(packed.textbook.course)).content.decode()
    response = client.get(file_of(packed))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert hashlib.sha256(body(response)).hexdigest() == packed.sha256


def test_learners_of_the_course_fetch_it_and_those_who_left_do_not(packed: TextbookPack) -> None:
    run = make_run(packed.textbook.course)
    places: dict[Person, str] = {make_person(): place.value for place in EnrolmentStatus}
    for person, place in places.items():
        make_enrolment(person, run, status=place)
    found = {place: status(sign_in(Client(), person), file_of(packed)) for person, place in places.items()}
    assert found == {"active": 200, "completed": 200, "withdrawn": 404}


def test_its_author_fetches_it_and_another_universitys_author_does_not(packed: TextbookPack) -> None:
    home = packed.textbook.course.institution
    assert status(signed_in_as(Role.AUTHOR, home), file_of(packed)) == 200
    assert status(signed_in_as(Role.AUTHOR), file_of(packed)) == 404


def test_for_strangers_the_file_is_as_missing_as_one_that_never_was(packed: TextbookPack, client: Client) -> None:
    stranger = signed_in_as(None)
    never = reverse("courses:textbook_fetch", args=[packed.textbook.course.uuid, uuid4()])
    assert stranger.get(file_of(packed)).status_code == 404
    assert signed_in_as(Role.TEACHER).get(never).status_code == 404
    assert "login" in client.get(file_of(packed))["Location"]


def test_a_file_that_is_gone_is_said_to_be(packed: TextbookPack) -> None:
    storage.drop(packed.sha256)
    response = signed_in_as(Role.TEACHER).get(file_of(packed), follow=True)
    assert response.redirect_chain == [(page_of(packed.textbook.course), 302)]
    assert "重新打包" in response.content.decode()


# Going on where it broke off


def test_a_broken_download_goes_on(packed: TextbookPack) -> None:
    client = signed_in_as(Role.TEACHER)
    first = client.get(file_of(packed), headers={"Range": "bytes=0-9999"})
    assert (first.status_code, first["Content-Range"]) == (206, f"bytes 0-9999/{packed.size}")
    rest = client.get(file_of(packed), headers={"Range": "bytes=10000-", "If-Range": first["ETag"]})
    assert (rest.status_code, rest["Content-Length"]) == (206, str(packed.size - 10_000))
    assert body(first) + body(rest) == whole(packed)


def test_another_file_is_not_appended_to_the_first_ones_half(packed: TextbookPack) -> None:
    headers = {"Range": "bytes=10000-", "If-Range": '"another"'}
    response = signed_in_as(Role.TEACHER).get(file_of(packed), headers=headers)
    assert (response.status_code, response["Content-Length"]) == (200, str(packed.size))
    assert body(response) == whole(packed)


def test_beyond_the_end_there_is_nothing(packed: TextbookPack) -> None:
    response = signed_in_as(Role.TEACHER).get(file_of(packed), headers={"Range": f"bytes={packed.size}-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{packed.size}")


def test_a_head_says_the_size_and_sends_nothing(packed: TextbookPack) -> None:
    response = signed_in_as(Role.TEACHER).head(file_of(packed))
    assert (response.status_code, response["Content-Length"], response.content) == (200, str(packed.size), b"")


def test_the_server_sends_pieces_and_not_the_whole_from_memory(packed: TextbookPack) -> None:
    person = make_person()
    affiliation = make_affiliation(person=person, role=Role.TEACHER, institution=make_institution())
    signed = sign_in(Client(), person, affiliation=affiliation)
    from_server = AsyncClient()
    from_server.cookies = signed.cookies

    address = file_of(packed)

    async def fetched() -> list[int]:
        response = await from_server.get(address)
        assert response.is_async  # type: ignore[attr-defined]
        return [len(piece) async for piece in response.streaming_content]  # type: ignore[attr-defined]

    pieces = async_to_sync(fetched)()
    assert sum(pieces) == packed.size
    assert len(pieces) == -(-packed.size // (256 * 1024))


# Keys and script


def test_keys_and_script_are_public_at_addresses_without_a_language(packed: TextbookPack, client: Client) -> None:
    assert packed.key is not None
    institution = packed.textbook.course.institution
    text = client.get(f"/textbooks/keys/{institution.uuid}.txt").content.decode()
    assert f"{packed.key.key_id} {packed.key.public_key} " in text
    script = client.get("/textbooks/verify_textbook.py")
    with open(verify_textbook.__file__, "rb") as source:
        assert script.content == source.read()
    assert client.get(f"/textbooks/keys/{uuid4()}.txt").status_code == 404


# The author's page


def desk_of(course: Course) -> str:
    return reverse("courses:textbook_desk", args=[course.uuid])


@pytest.fixture
def writer(course: Course) -> Client:
    return signed_in_as(Role.EDITOR, course.institution)


def test_an_author_marks_packs_and_ends_on_screen(course: Course, packed: TextbookPack, writer: Client) -> None:
    said = {"deed": "mark", "edition": "第2版", "approval_number": "桂审1号", "licence": "自治区内学校教学使用"}
    assert writer.post(desk_of(course), said).status_code == 302
    assert writer.post(desk_of(course), {"deed": "pack", "number": "1"}).status_code == 302
    assert "排队中" in writer.get(desk_of(course)).content.decode()
    tasks.make_packs()
    text = writer.get(desk_of(course)).content.decode()
    assert "桂审1号" in text
    assert TextbookPack.objects.filter(status="done", approval_number="桂审1号").count() == 1
    fragment = writer.get(desk_of(course), headers={"X-Fragment": "1"}).content.decode()
    assert "data-done" in fragment
    assert "<h1" not in fragment
    assert writer.post(desk_of(course), {"deed": "end"}).status_code == 302
    assert not Textbook.objects.get().is_active


def test_what_is_missing_is_said_and_nothing_is_written(course: Course, writer: Client) -> None:
    text = writer.post(desk_of(course), {"deed": "mark", "edition": "", "licence": ""}).content.decode()
    assert text.count("error") >= 2
    assert not Textbook.objects.exists()
    assert writer.post(desk_of(course), {"deed": "pack", "number": "7"}).status_code == 200
    assert writer.post(desk_of(course), {"deed": "burn"}).status_code == 404
    assert not TextbookPack.objects.exists()


def test_others_do_not_find_the_authors_page(course: Course) -> None:
    for client in (signed_in_as(Role.AUTHOR), signed_in_as(Role.STUDENT, course.institution), signed_in_as(None)):
        assert client.get(desk_of(course)).status_code == 404
        assert client.post(desk_of(course), {"deed": "mark", "edition": "x", "licence": "y"}).status_code == 404
    assert not Textbook.objects.exists()
