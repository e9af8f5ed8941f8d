"""Links that a holder makes: what they show, how they end, who looked, and what the database refuses."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from credits.certificates import actions as certificates
from credits.certificates.models import Certificate
from credits.checking import actions, rules, trust
from credits.checking.models import Share, ShareLook
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal
from tests.credits.checking.conftest import run_script
from tests.factories.certificates import Scene, make_scene
from tests.factories.logged import logged_certificate, make_checked_log
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db
USUAL = ["name", "course", "credits"]


@pytest.fixture(autouse=True)
def log(settings: Settings, tmp_path: Path, db: None) -> Path:
    cache.clear()
    return make_checked_log(settings, tmp_path)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def certificate(scene: Scene) -> Certificate:
    return logged_certificate(scene)


@pytest.fixture
def share(scene: Scene, certificate: Certificate) -> Share:
    return actions.share_certificate(
        certificate_uuid=certificate.uuid, scope=USUAL, days=30, note="某某人事处", acting=scene.as_student
    )


def refusal_of(scene: Scene, certificate: Certificate, **changes: Any) -> str:
    asked = {"certificate_uuid": certificate.uuid, "scope": USUAL, "days": 30, "acting": scene.as_student, **changes}
    with pytest.raises(Refusal) as error:
        actions.share_certificate(**asked)
    assert not Share.objects.exists()
    return error.value.code


def test_a_share_shows_what_was_picked_and_nothing_else(client: Client, share: Share) -> None:
    page = client.get(f"/s/{share.token}")
    text = page.content.decode()
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0")
    for shown in ("有效", "韦秀兰", "Wei Xiulan", "数据素养与统计入门", "桂江大学", "某某人事处"):
        assert shown in text
    said = share.certificate.statement
    for hidden in (said["number"], said["address"], "百分制", "漓水学院", "32", said["lot"]):
        assert hidden not in text


def test_the_proof_of_a_share_holds_without_a_network(client: Client, share: Share, tmp_path: Path) -> None:
    proof = client.get(f"/s/{share.token}/proof.json")
    (tmp_path / "shared.json").write_bytes(proof.content)
    (tmp_path / "list.json").write_bytes(client.get("/trust/list.json").content)
    done = run_script("--json", "--trust", str(tmp_path / "list.json"), str(tmp_path / "shared.json"))
    found = json.loads(done.stdout)
    assert (done.returncode, found["outcome"], found["log"]) == (0, "valid", True)
    assert found["statement"]["holder"]["name_zh"] == "韦秀兰"
    assert set(found["hidden"]) >= {"grade.value", "number", "address", "lot"}
    assert "grade" not in found["statement"]
    said = share.certificate.statement
    for hidden in (said["number"], said["address"], said["lot"], '"91"'):
        assert hidden not in proof.content.decode()


def said(answer: HttpResponseBase) -> str:
    """Return a page without its own address and time, which stand at the foot of its print."""
    return re.sub(r"/s/[\w-]{22}|\d{4}-\d\d-\d\d \d\d:\d\d", "", bytes(getattr(answer, "content", b"")).decode())


def test_unknown_ended_and_expired_links_look_the_same(client: Client, scene: Scene, share: Share) -> None:
    unknown = client.get("/s/AAAAAAAAAAAAAAAAAAAAAA")
    assert (unknown.status_code, "不再分享" in unknown.content.decode()) == (404, True)
    with clock.at(share.expires_at):
        expired = client.get(f"/s/{share.token}")
    actions.end_share(share_uuid=share.uuid, acting=scene.as_student)
    ended = client.get(f"/s/{share.token}")
    assert said(expired) == said(ended) == said(unknown)
    assert expired.status_code == ended.status_code == 404
    assert client.get(f"/s/{share.token}/proof.json").content == client.get("/s/x/proof.json").content
    assert not ShareLook.objects.exists()


def test_a_revoked_certificate_says_so_behind_its_link(client: Client, scene: Scene, share: Share) -> None:
    certificates.revoke_certificate(
        certificate_uuid=share.certificate.uuid, reason="更正成绩", acting=scene.as_registrar
    )
    text = client.get(f"/s/{share.token}").content.decode()
    assert "已撤销" in text
    cache.clear()
    listed = json.loads(trust.signed_list())["list"]["ended"]["entries"]
    assert [one["status"] for one in listed] == ["revoked"]


def test_the_holder_sees_when_somebody_looked(client: Client, scene: Scene, share: Share) -> None:
    now = clock.now()
    for minutes in (0, 5, 20):
        with clock.at(now + dt.timedelta(minutes=minutes)):
            client.get(f"/s/{share.token}")
    client.get(f"/s/{share.token}/proof.json")
    assert sorted(ShareLook.objects.values_list("kind", flat=True)) == ["file", "page", "page"]
    sign_in(client, scene.student)
    text = client.get(f"/zh-hans/credits/certificates/{share.certificate.uuid}/links/").content.decode()
    assert "打开了网页" in text
    assert "下载了证明" in text
    assert share.token in text


def test_the_list_of_links_costs_the_same_however_long(
    client: Client, scene: Scene, certificate: Certificate, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, scene.student)
    for note in "abcdefghij":
        made = actions.share_certificate(
            certificate_uuid=certificate.uuid, scope=USUAL, days=7, note=note, acting=scene.as_student
        )
        actions.note_look(made, "page")
    with django_assert_max_num_queries(14):
        assert client.get(f"/zh-hans/credits/certificates/{certificate.uuid}/links/").status_code == 200


def test_the_form_makes_and_ends_a_link(client: Client, scene: Scene, certificate: Certificate) -> None:
    sign_in(client, scene.student)
    page = f"/zh-hans/credits/certificates/{certificate.uuid}/links/"
    assert "还没有链接" in client.get(page).content.decode()
    assert client.post(page, {"scope": [], "days": "30"}).status_code == 422
    assert client.post(page, {"scope": ["name"], "days": "9999"}).status_code == 422
    assert not Share.objects.exists()
    assert client.post(page, {"scope": ["grade", "name"], "days": "7", "note": " 给学院 "})["Location"] == page
    share = Share.objects.get()
    assert (share.scope, share.note, share.expires_at - share.made_at) == (
        ["name", "grade"], "给学院", dt.timedelta(days=7),
    )  # fmt: skip
    client.post(f"/zh-hans/credits/certificates/links/{share.uuid}/end/")
    assert client.get(f"/s/{share.token}").status_code == 404
    assert "不再分享" in client.get(page).content.decode()


def test_strangers_share_nothing_and_end_nothing(client: Client, scene: Scene, share: Share) -> None:
    stranger = make_person(name="陌生人", role="student")
    with pytest.raises(NotThere):
        actions.end_share(share_uuid=share.uuid, acting=make_actor(stranger))
    with pytest.raises(NotThere):
        actions.share_certificate(
            certificate_uuid=share.certificate.uuid, scope=USUAL, days=7, acting=make_actor(stranger)
        )
    sign_in(client, stranger)
    assert client.get(f"/zh-hans/credits/certificates/{share.certificate.uuid}/links/").status_code == 404
    assert client.post(f"/zh-hans/credits/certificates/links/{share.uuid}/end/").status_code == 404
    assert Share.objects.get().ended_at is None


def test_refusals_leave_no_trace(scene: Scene, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal_of(scene, certificate, scope=["everything"]) == "nothing-picked"
    assert refusal_of(scene, certificate, days=365) == "no-such-period"
    assert refusal_of(scene, certificate, note="长" * 101) == "note-too-long"
    monkeypatch.setattr(rules, "SHARES_MAX", 0)
    assert refusal_of(scene, certificate) == "too-many-shares"
    monkeypatch.undo()
    monkeypatch.setattr(actions, "evidence_of", lambda row: None)
    assert refusal_of(scene, certificate) == "not-in-log"
    monkeypatch.undo()
    certificates.revoke_certificate(certificate_uuid=certificate.uuid, reason="更正", acting=scene.as_registrar)
    assert refusal_of(scene, certificate) == "not-in-force"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_share SET scope = '[]'",
        "UPDATE credits_share SET expires_at = expires_at + interval '1 year'",
        "UPDATE credits_share SET ended_at = NULL",
        "DELETE FROM credits_share",
        "UPDATE credits_sharelook SET kind = 'x'",
        "DELETE FROM credits_sharelook",
        "TRUNCATE credits_sharelook",
        "UPDATE credits_printedname SET name_zh = 'x'",
        "DELETE FROM credits_printedname",
    ],
)
def test_the_database_refuses(scene: Scene, share: Share, statement: str) -> None:
    actions.note_look(share, "page")
    actions.end_share(share_uuid=share.uuid, acting=scene.as_student)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_a_scope_shows() -> None:
    assert rules.scope_of(["grade", "x", "name", "name"]) == ["name", "grade"]
    assert rules.is_shown("issuer.name_zh", [])
    assert rules.is_shown("grade.value", ["grade"])
    assert not rules.is_shown("grade.value", ["name"])
    assert not rules.is_shown("number", USUAL)
    assert not rules.is_shown("address", list(rules.GROUPS))
