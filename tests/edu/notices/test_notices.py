"""The inbox: told once while unread, counted in the header, read by its owner only."""

import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotThere, Refusal
from edu.notices import actions
from edu.notices.data import News
from edu.notices.models import Notice, NoticePreference
from edu.people.models import Person
from tests.factories.people import make_person, sign_in

COURSE = {"course_zh": "数据素养", "course_en": "Data literacy"}


def news(about: UUID | None = None, kind: str = "courses.reply") -> News:
    return News(kind, about or uuid4(), "people:account", (), COURSE)


def me(person: Person) -> Actor:
    return Actor(person.uuid, None, "learner")


@pytest.fixture
def person(db: None) -> Person:
    return make_person(name="韦晓梅", email="one@guixue.example")


def unread(person: Person) -> int:
    person.refresh_from_db()
    return person.unread_notices


def test_more_of_the_same_counts_up_while_it_is_unread(person: Person) -> None:
    about = uuid4()
    assert actions.send(news(about), to=[person.uuid], acting=SYSTEM) == 1
    assert actions.send(news(about), to=[person.uuid], acting=SYSTEM) == 0
    assert (Notice.objects.get().times, unread(person)) == (2, 1)

    actions.read_one(notice_uuid=Notice.objects.get().uuid, acting=me(person))
    assert unread(person) == 0
    actions.send(news(about), to=[person.uuid], acting=SYSTEM)

    assert (Notice.objects.count(), unread(person)) == (2, 1)


def test_nobody_is_told_of_their_own_deed_nor_when_their_account_is_closed(person: Person) -> None:
    closed = make_person(name="已注销", is_active=False)

    assert actions.send(news(), to=[person.uuid, closed.uuid], acting=me(person)) == 0


def test_a_kind_that_nobody_offers_is_a_mistake(person: Person) -> None:
    with pytest.raises(LookupError):
        actions.send(news(kind="courses.nothing"), to=[person.uuid], acting=SYSTEM)


def test_others_cannot_read_my_notices(person: Person) -> None:
    actions.send(news(), to=[person.uuid], acting=SYSTEM)
    notice = Notice.objects.get()
    other = make_person(name="外人")

    with pytest.raises(NotThere):
        actions.read_one(notice_uuid=notice.uuid, acting=me(other))
    assert sign_in(Client(), other).get(f"/en/notices/{notice.uuid}/").status_code == 404

    assert unread(person) == 1


def test_the_header_counts_without_a_query_of_its_own(person: Person) -> None:
    client = sign_in(Client(), person)
    client.get("/en/account/")
    with CaptureQueriesContext(connection) as before:
        client.get("/en/account/")
    actions.send(news(), to=[person.uuid], acting=SYSTEM)
    with CaptureQueriesContext(connection) as after:
        page = client.get("/en/account/").content.decode()

    assert len(after) == len(before)
    assert 'class="inbox-count"' in page


def test_the_inbox_speaks_the_readers_language_and_leads_on(person: Person) -> None:
    actions.send(news(), to=[person.uuid], acting=SYSTEM)
    client = sign_in(Client(), person)

    assert "Data literacy: a reply" in client.get("/en/notices/").content.decode()
    assert "数据素养：" in client.get("/zh-hans/notices/").content.decode()
    led = client.get(f"/en/notices/{Notice.objects.get().uuid}/")
    assert led["Location"] == "/en/account/"
    assert unread(person) == 0


def test_a_notice_whose_page_is_gone_leads_to_the_inbox(person: Person) -> None:
    actions.send(News("courses.reply", uuid4(), "no:such"), to=[person.uuid], acting=SYSTEM)

    led = sign_in(Client(), person).get(f"/en/notices/{Notice.objects.get().uuid}/")

    assert led["Location"] == "/en/notices/"


def test_everything_is_read_at_once_and_the_list_costs_the_same(person: Person) -> None:
    client = sign_in(Client(), person)

    def count() -> int:
        client.get("/en/notices/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/notices/")
        return len(captured)

    actions.send(news(), to=[person.uuid], acting=SYSTEM)
    few = count()
    for _number in range(8):
        actions.send(news(), to=[person.uuid], acting=SYSTEM)
    assert count() == few <= 6

    client.post("/en/notices/read/")

    assert unread(person) == 0
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_an_unknown_choice_is_refused_and_changes_nothing(person: Person) -> None:
    with pytest.raises(Refusal, match="unknown-choice"):
        actions.choose(mail="hourly", sms=False, wechat=False, acting=me(person))

    assert not NoticePreference.objects.exists()


def test_two_senders_at_once_lose_no_count(committed_database: str) -> None:
    people = [make_person(name=f"学生{number}") for number in range(4)]
    uuids = [person.uuid for person in people]
    barrier = threading.Barrier(6)

    def tell(order: list[UUID]) -> None:
        try:
            barrier.wait()
            actions.send(news(), to=order, acting=SYSTEM)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell, args=(uuids[:: 1 - 2 * (n % 2)],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [unread(person) for person in people] == [6, 6, 6, 6]
