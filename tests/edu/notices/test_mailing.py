"""Mail of notices: when, what it says, how it ends, and a mail server that is away."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django.fixtures import Settings

from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.notices import actions, mailing
from edu.notices.data import News
from edu.notices.models import Notice, NoticePreference
from edu.notices.rules import MailChoice, mail_is_due, wait_s
from edu.people.models import Person
from tests.factories.people import make_person

MORNING = dt.datetime(2026, 11, 26, 8, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def person(db: None) -> Person:
    return make_person(name="韦晓梅", email="one@guixue.example")


def tell(person: Person, times: int = 1) -> None:
    for _number in range(times):
        news = News("courses.reply", uuid4(), "people:account", (), {"course_zh": "数据素养", "course_en": "DL"})
        actions.send(news, to=[person.uuid], acting=SYSTEM)


def wants(person: Person, choice: MailChoice) -> None:
    NoticePreference.objects.update_or_create(person=person, defaults={"mail": choice})


@pytest.mark.parametrize(
    ("choice", "hour", "digest", "due"),
    [
        (MailChoice.NONE, 9, None, False),
        (MailChoice.AT_ONCE, 3, None, True),
        (MailChoice.DAILY, 7, None, False),
        (MailChoice.DAILY, 8, None, True),
        (MailChoice.DAILY, 8, MORNING.date(), False),
        (MailChoice.DAILY, 8, MORNING.date() - dt.timedelta(days=1), True),
    ],
)
def test_mail_is_due_at_once_or_once_a_day(choice: MailChoice, hour: int, digest: dt.date | None, due: bool) -> None:
    moment = MORNING.replace(hour=hour)

    assert mail_is_due(choice, local_now=moment, digest_on=digest, retry_at=None) is due
    assert not mail_is_due(choice, local_now=moment, digest_on=digest, retry_at=moment + dt.timedelta(minutes=1))


def test_waits_grow_to_a_day() -> None:
    assert [wait_s(failures) for failures in (1, 2, 3, 30)] == [900, 1800, 3600, 86400]


def test_a_digest_says_all_of_a_day_in_one_mail_and_not_again(person: Person) -> None:
    with clock.at(MORNING):
        tell(person, 3)
        assert mailing.mail_due() == 1
        assert mailing.mail_due() == 0
        tell(person)
        assert mailing.mail_due() == 0
    with clock.at(MORNING + dt.timedelta(days=1)):
        assert mailing.mail_due() == 1

    assert [message.subject for message in mail.outbox] == ["桂学：3条新消息", "桂学：1条新消息"]
    assert mail.outbox[0].to == ["one@guixue.example"]
    assert mail.outbox[0].body.count("数据素养：你参与的话题有新回复") == 3
    assert "韦晓梅" not in mail.outbox[0].body


def test_at_once_comes_at_night_too_and_none_never(person: Person) -> None:
    other = make_person(name="欧阳明", email="two@guixue.example", language="en")
    wants(person, MailChoice.AT_ONCE)
    wants(other, MailChoice.NONE)
    with clock.at(MORNING.replace(hour=2)):
        tell(person)
        tell(other)
        assert mailing.mail_due() == 1


def test_what_was_read_before_and_who_has_no_address_gets_no_mail(person: Person) -> None:
    nobody = make_person(name="小学生")
    wants(person, MailChoice.AT_ONCE)
    wants(nobody, MailChoice.AT_ONCE)
    tell(person)
    tell(nobody)
    Notice.objects.update(read_at=clock.now())
    tell(nobody)

    assert mailing.mail_due() == 0


def test_a_mail_server_that_is_away_keeps_the_notices_and_is_asked_later(
    person: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(person, MailChoice.AT_ONCE)
    other = make_person(name="欧阳明", email="two@guixue.example")
    wants(other, MailChoice.AT_ONCE)
    tell(person)
    tell(other)
    send = EmailMessage.send

    def fails_for_one(message: EmailMessage) -> int:
        if message.to == ["one@guixue.example"]:
            raise ConnectionRefusedError
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", fails_for_one)
    assert mailing.mail_due() == 1
    assert Notice.objects.get(person=person).mailed_at is None
    assert mailing.mail_due() == 0

    monkeypatch.setattr(EmailMessage, "send", send)
    with clock.at(clock.now() + dt.timedelta(minutes=16)):
        assert mailing.mail_due() == 1


def test_one_click_in_the_mail_ends_mail_without_signing_in(person: Person) -> None:
    wants(person, MailChoice.AT_ONCE)
    tell(person)
    mailing.mail_due()
    headers = mail.outbox[0].extra_headers
    link = re.fullmatch(r"<https?://[^/]+(/.+)>", headers["List-Unsubscribe"])
    assert link is not None
    client = Client(enforce_csrf_checks=True)

    asked = client.get(link[1])
    assert "停发" in asked.content.decode()
    assert NoticePreference.objects.get().mail == MailChoice.AT_ONCE
    assert client.post(link[1], {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert NoticePreference.objects.get().mail == MailChoice.NONE


@pytest.mark.parametrize("change", [lambda link: link[:-3] + "xyz", lambda link: str(uuid4()), lambda link: "x:y"])
def test_a_link_that_was_not_signed_here_is_not_there(person: Person, change: object) -> None:
    wants(person, MailChoice.DAILY)
    forged = change(actions.unsubscribe_token(person.uuid))  # type: ignore[operator]

    assert Client().post(f"/en/notices/stop/{forged}/").status_code == 404
    assert NoticePreference.objects.get().mail == MailChoice.DAILY
