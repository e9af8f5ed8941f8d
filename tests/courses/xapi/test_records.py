"""Learning records: off unless a store is named, under a pseudonym, in the background, each once."""

import base64
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from courses.grading import actions as grading
from courses.runtime.models import BlockCompletion, BlockScore, WatchedVideo
from courses.xapi import erasing
from courses.xapi.actions import close_store, name_store
from courses.xapi.describing import pseudonym
from courses.xapi.models import RecordStore, RecordStoreMove, Trace
from courses.xapi.sending import announce_waiting, forget_sent
from edu.events.actions import deliver_all, deliver_due, revive
from edu.events.models import Delivery, DeliveryStatus, Event
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotPermitted, Refusal
from tests.courses.grading.conftest import FINAL, QUIZ, Graded, graded  # noqa: F401  (a fixture)
from tests.courses.grading.test_actions import submit
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.small_server import Asked, SmallServer, small_server

pytestmark = pytest.mark.django_db
PAGE = "/en/registry/records/"
IRI = re.compile(r"https?://\S+")


@dataclass
class SmallStore:
    """A record store by the words of xAPI 1.0.3: checks what it takes, and keeps each statement once."""

    server: SmallServer
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: bool = False

    def __post_init__(self) -> None:
        self.server.answers["/xapi/statements"] = self._take

    @property
    def endpoint(self) -> str:
        return f"{self.server.address}/xapi"

    def _take(self, asked: Asked) -> tuple[int, Any]:
        if self.down:
            return 503, {}
        if asked.headers["authorization"] != "Basic " + base64.b64encode(b"key:secret").decode():
            return 401, {}
        assert asked.headers["x-experience-api-version"] == "1.0.3"
        sent = asked.json if asked.method == "POST" else [asked.json]
        for statement in sent:
            check(statement)
        if asked.method == "POST" and any(one["id"] in self.kept for one in sent):
            return 409, {}
        new = {one["id"]: one for one in sent if one["id"] not in self.kept}
        self.kept |= new
        return (200, [one["id"] for one in sent]) if asked.method == "POST" else (204 if new else 409, b"")


def check(statement: dict[str, Any]) -> None:
    """What the standard asks of a statement, as far as ours go."""
    assert set(statement) <= {"id", "actor", "verb", "object", "result", "context", "timestamp"}
    uuid.UUID(statement["id"])
    account = statement["actor"]["account"]
    assert set(statement["actor"]) == {"objectType", "account"}
    assert set(account) == {"homePage", "name"}
    assert IRI.fullmatch(account["homePage"])
    assert IRI.fullmatch(statement["verb"]["id"])
    assert IRI.fullmatch(statement["object"]["id"])
    assert IRI.fullmatch(statement["object"]["definition"]["type"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", statement["timestamp"])
    result = statement.get("result", {})
    if score := result.get("score"):
        assert -1 <= score["scaled"] <= 1
        assert score["min"] <= score["raw"] <= score["max"]
    if duration := result.get("duration"):
        assert re.fullmatch(r"PT\d+S", duration)


@pytest.fixture
def lrs() -> Iterator[SmallStore]:
    with small_server() as server:
        yield SmallStore(server)


def office(graded: Graded) -> Any:  # noqa: F811
    return make_actor(graded.registrar_person)


def named(graded: Graded, lrs: SmallStore) -> RecordStore:  # noqa: F811
    return name_store(
        endpoint=f"{lrs.endpoint}/", username="key", password="secret", purpose="学情分析", acting=office(graded)
    )


def sent(lrs: SmallStore) -> list[tuple[str, str]]:
    return [(one["verb"]["display"]["en"], one["object"]["id"].rpartition("/")[2]) for one in lrs.kept.values()]


def go() -> None:
    announce_waiting()
    deliver_all()


def complete(graded: Graded, usage_id: str, part: str = "1") -> None:  # noqa: F811
    BlockCompletion.objects.update_or_create(
        person=graded.enrolment.person, run=graded.run, usage_id=usage_id,
        defaults={"unit_usage_id": "vertical@q", "completion": Decimal(part), "completed_at": clock.now()},
    )  # fmt: skip


def test_nothing_is_kept_or_sent_unless_a_store_is_named(graded: Graded) -> None:  # noqa: F811
    graded.score(QUIZ, "3")
    complete(graded, QUIZ)
    assert announce_waiting() == 0
    assert not Trace.objects.exists()


def test_what_learners_do_goes_to_the_store_under_a_pseudonym(graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    named(graded, lrs)
    graded.score(QUIZ, "3")
    graded.score("lti_consumer@lab", "4")
    complete(graded, "html@h", "0.5")
    complete(graded, "html@h")
    complete(graded, "html@h")
    WatchedVideo.objects.create(person=graded.enrolment.person, run=graded.run, usage_id="video@v", watched_s=95)
    complete(graded, "video@v")
    assert lrs.kept == {}  # nothing is sent while the learner waits
    go()
    assert sorted(sent(lrs)) == sorted(
        [("answered", QUIZ), ("attempted", "lti_consumer@lab"), ("completed", "html@h"), ("watched", "video@v")]
    )
    text = json.dumps(list(lrs.kept.values()), ensure_ascii=False)
    person, host = graded.enrolment.person, graded.run.course.institution
    assert {one["actor"]["account"]["name"] for one in lrs.kept.values()} == {pseudonym(person.uuid, host.uuid)}
    for secret in (person.name, str(person.uuid), "S1"):
        assert secret not in text
    assert '"duration": "PT95S"' in text
    scores = [one["result"]["score"] for one in lrs.kept.values() if one["object"]["id"].endswith(QUIZ)]
    assert scores == [{"scaled": 0.75, "raw": 3.0, "min": 0, "max": 4.0}]
    go()
    assert len(lrs.kept) == 4


def test_a_certified_result_is_passed_or_failed(graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    named(graded, lrs)
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    row = submit(graded)
    grading.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    deliver_all()
    go()
    assert ("passed", str(graded.run.uuid)) in sent(lrs)


def test_one_person_has_another_pseudonym_elsewhere() -> None:
    person = uuid.uuid4()
    assert pseudonym(person, uuid.uuid4()) != pseudonym(person, uuid.uuid4())


def test_a_store_that_is_down_gets_them_later_and_a_dead_letter_can_be_revived(
    graded: Graded,  # noqa: F811
    lrs: SmallStore,
) -> None:
    named(graded, lrs)
    graded.score(QUIZ, "3")
    lrs.down = True
    announce_waiting()
    for _try in range(8):
        Delivery.objects.update(next_attempt_at=clock.now())
        deliver_due()
    delivery = Delivery.objects.get(subscriber="courses.xapi.send")
    assert delivery.status == DeliveryStatus.DEAD
    assert Trace.objects.get().sent_at is None
    lrs.down = False
    revive(delivery.pk, acting=SYSTEM)
    deliver_all()
    assert len(lrs.kept) == 1
    assert Trace.objects.get().sent_at is not None


def test_a_lost_answer_sends_nothing_twice(graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    named(graded, lrs)
    graded.score(QUIZ, "3")
    go()
    Trace.objects.update(sent_at=None, announced_at=None)  # the store answered, and the answer was lost
    graded.score(FINAL, "2")
    go()
    assert len(lrs.kept) == 2
    assert not Trace.objects.filter(sent_at=None).exists()


def test_a_closed_store_gets_nothing_and_its_password_goes(
    graded: Graded,  # noqa: F811
    lrs: SmallStore,
    settings: Settings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    row = named(graded, lrs)
    file = Path(settings.KEYS_DIR) / f"record-store-{row.uuid}.password"
    assert file.stat().st_mode & 0o077 == 0
    graded.score(QUIZ, "3")
    announce_waiting()
    with django_capture_on_commit_callbacks(execute=True):
        close_store(reason="合同到期", acting=office(graded))
    assert not file.exists()
    deliver_all()
    graded.score(QUIZ, "4")
    assert lrs.kept == {}
    assert not Trace.objects.exists()
    assert RecordStoreMove.objects.get().reason == "合同到期"


def test_the_password_is_in_no_row_and_no_event(graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    row = named(graded, lrs)
    assert "secret" not in json.dumps([list(map(str, vars(row).values())), list(Event.objects.values_list("payload"))])


def test_an_office_names_a_store_and_stops(client: Client, graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    sign_in(client, graded.registrar_person)
    filled = {"endpoint": lrs.endpoint, "username": "key", "password": "secret", "purpose": "学情分析"}
    for wrong in ({"endpoint": "http://lrs.example"}, {"purpose": " "}, {"password": ""}):
        assert client.post(PAGE, {**filled, **wrong}).status_code == 422
    assert not RecordStore.objects.exists()
    assert client.post(PAGE, filled).status_code == 302
    text = client.get(PAGE).content.decode()
    assert lrs.endpoint in text
    assert "secret" not in text
    with pytest.raises(Refusal):
        named(graded, lrs)
    assert client.post(PAGE, {"reason": ""}).status_code == 422
    assert client.post(PAGE, {"reason": "合同到期"}).status_code == 302
    assert "合同到期" in client.get(PAGE).content.decode()


def test_others_name_no_store(client: Client, graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    sign_in(client, graded.teacher_person)
    assert client.get(PAGE).status_code == 404
    with pytest.raises(NotPermitted):
        name_store(endpoint=lrs.endpoint, username="k", password="s", purpose="x", acting=graded.teacher)
    assert not RecordStore.objects.exists()


def test_a_teacher_downloads_the_records_of_a_run(client: Client, graded: Graded) -> None:  # noqa: F811
    sign_in(client, graded.teacher_person)
    path = f"/en/teach/runs/{graded.run.uuid}/statements.json"
    assert json.loads(b"".join(client.get(path).streaming_content)) == []  # type: ignore[attr-defined]
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    complete(graded, QUIZ)
    row = submit(graded)
    grading.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    first = b"".join(client.get(path).streaming_content)  # type: ignore[attr-defined]
    statements = json.loads(first)
    for statement in statements:
        check(statement)
    assert sorted(one["verb"]["display"]["en"] for one in statements) == ["answered", "answered", "completed", "passed"]
    assert first == b"".join(client.get(path).streaming_content)  # type: ignore[attr-defined]
    assert graded.enrolment.person.name not in first.decode()
    sign_in(client, make_person(role="teacher", institution=graded.run.course.institution))
    assert client.get(path).status_code == 404
    assert BlockScore.objects.count() == 2


def test_erasing_and_sweeping(graded: Graded, lrs: SmallStore) -> None:  # noqa: F811
    named(graded, lrs)
    graded.score(QUIZ, "3")
    go()
    assert forget_sent() == 0
    Trace.objects.update(sent_at=clock.now().replace(year=2020))
    assert forget_sent() == 1
    graded.score(QUIZ, "4")
    erasing.erase(graded.enrolment.person.uuid)
    assert not Trace.objects.exists()
