"""Short messages: one contract for every driver, a relay that answers badly, and nothing personal in the log."""

import datetime as dt
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.notices import actions, sending
from edu.notices.data import News
from edu.notices.drivers import Driver, LogDriver, Message, NotTaken, RelayDriver, driver_for, loopback
from edu.notices.models import Notice, NoticePreference, Sending
from edu.notices.rules import ATTEMPTS_MAX
from edu.people.models import Person
from tests.factories.people import make_person

MESSAGE = Message("7d1c", "sms", "+8613800138000", "zh-hans", "数据素养：你预约的一次答疑已取消", "http://localhost/x")


class Relay:
    """A relay on this machine that answers as it is told."""

    def __init__(self) -> None:
        self.answer = 202
        self.got: list[dict[str, str]] = []
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                relay.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(relay.answer)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Stay silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sms"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    running = Relay()
    yield running
    running.stop()


@pytest.fixture(params=["log", "relay"])
def driver(request: pytest.FixtureRequest, relay: Relay) -> Driver:
    return LogDriver() if request.param == "log" else RelayDriver(relay.address)


def test_every_driver_takes_a_message_and_takes_it_twice(driver: Driver) -> None:
    driver.send(MESSAGE)
    driver.send(MESSAGE)


def test_a_relay_gets_what_the_manual_says(relay: Relay) -> None:
    RelayDriver(relay.address).send(MESSAGE)

    assert relay.got == [
        {
            "type": "guixue.short-message", "version": "1", "id": "7d1c", "channel": "sms", "to": "+8613800138000",
            "language": "zh-hans", "text": MESSAGE.text, "url": MESSAGE.url,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(("answer", "final"), [(400, True), (422, True), (500, False), (503, False), (302, False)])
def test_what_a_relay_does_not_take_is_final_or_waits(relay: Relay, answer: int, final: bool) -> None:
    relay.answer = answer

    with pytest.raises(NotTaken) as refused:
        RelayDriver(relay.address).send(MESSAGE)

    assert refused.value.final is final
    assert len(relay.got) == 1  # a redirect is not followed


def test_a_relay_that_is_away_is_asked_again() -> None:
    with pytest.raises(NotTaken) as refused:
        RelayDriver("http://127.0.0.1:9/sms").send(MESSAGE)
    assert not refused.value.final


@pytest.mark.parametrize("address", ["https://sms.example.org/", "http://10.0.0.7/", "http://127.0.0.1.example.org/"])
def test_phone_numbers_leave_this_machine_by_no_other_way(address: str) -> None:
    with pytest.raises(ValueError, match="on this machine"):
        loopback(address)


def test_the_log_names_neither_number_nor_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        LogDriver().send(MESSAGE)

    assert "7d1c" in caplog.text
    assert "138" not in caplog.text
    assert "数据素养" not in caplog.text


@pytest.fixture
def waiting(db: None) -> Sending:
    person = make_person(name="韦晓梅", phone="+8613800138000")
    NoticePreference.objects.create(person=person, sms=True)
    news = News("courses.slot_cancelled", uuid4(), "people:account", (), {"course_zh": "数据素养"})
    actions.send(news, to=[person.uuid], acting=SYSTEM)
    return Sending.objects.get()


def test_an_urgent_notice_goes_out_once(waiting: Sending, relay: Relay, settings: Settings) -> None:
    settings.GUIXUE_SMS_DRIVER = relay.address

    assert sending.send_waiting() == 1
    assert sending.send_waiting() == 0

    waiting.refresh_from_db()
    assert (waiting.status, len(relay.got)) == ("sent", 1)
    assert "韦晓梅" not in json.dumps(relay.got, ensure_ascii=False)


def test_a_bad_day_of_the_relay_passes_or_ends(waiting: Sending, relay: Relay, settings: Settings) -> None:
    settings.GUIXUE_SMS_DRIVER = relay.address
    relay.answer = 503
    now = clock.now()
    for attempt in range(ATTEMPTS_MAX):
        with clock.at(now + dt.timedelta(days=2 * attempt)):
            sending.send_waiting()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts, waiting.last_error) == ("dropped", ATTEMPTS_MAX, "http-503")


@pytest.mark.parametrize("why", ["channel off", "read", "no number"])
def test_what_is_of_no_use_is_dropped(waiting: Sending, settings: Settings, why: str) -> None:
    settings.GUIXUE_SMS_DRIVER = "" if why == "channel off" else "log"
    if why == "read":
        Notice.objects.update(read_at=clock.now())
    if why == "no number":
        Person.objects.update(phone=None)

    assert sending.send_waiting() == 0

    waiting.refresh_from_db()
    assert waiting.status == "dropped"


def test_ordinary_news_send_no_short_message(db: None) -> None:
    person = make_person(name="韦晓梅", phone="+8613800138000")
    NoticePreference.objects.create(person=person, sms=True, wechat=True)
    actions.send(News("courses.reply", uuid4(), "people:account"), to=[person.uuid], acting=SYSTEM)

    assert not Sending.objects.exists()


def test_settings_name_the_driver(settings: Settings) -> None:
    settings.GUIXUE_WECHAT_DRIVER = ""
    assert driver_for("wechat") is None
    settings.GUIXUE_WECHAT_DRIVER = "log"
    assert isinstance(driver_for("wechat"), LogDriver)
    settings.GUIXUE_WECHAT_DRIVER = "http://127.0.0.1:8093/wechat"
    assert isinstance(driver_for("wechat"), RelayDriver)
