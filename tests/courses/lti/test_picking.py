"""An author chooses content at a tool: what the tool is asked, what is taken of its answer, what is refused."""

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.authoring import structure
from courses.authoring.models import DraftBlock, DraftDeed
from courses.catalogue.models import Course
from courses.lti import erasing, picking
from courses.lti.models import SeenToken, Tool, ToolPick
from courses.lti.registering import close_tool
from edu.kernel import clock
from edu.people.models import Role
from tests.courses.lti.conftest import SmallTool, form_of, path_of, registered
from tests.factories.courses import make_course
from tests.factories.people import make_actor, make_affiliation, make_person, sign_in
from tests.factories.rsa_tokens import Signer, times, verified

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@dataclass
class Desk:
    """An author at a unit of a draft, and the tool."""

    tool: SmallTool
    row: Tool
    course: Course
    unit: str
    client: Client
    person: Any

    def add(self, **changes: Any) -> str:
        """Add the tool's block, and go on to choose; returns its usage id."""
        sent = {"name": "实验", "tool": self.row.client_id, "points": "2", "pick": "1", **changes}
        answer = self.client.post(
            f"{reverse('courses:authoring_new', args=[self.course.uuid])}?to={self.unit}&kind=tool", sent
        )
        assert answer.status_code == 302, answer.content.decode()
        block = DraftBlock.objects.latest("id").usage_id
        assert answer["Location"] == self.at("pick_begin", block)
        return block

    def at(self, name: str, block: str, *more: Any) -> str:
        return reverse(f"courses:authoring_{name}", args=[self.course.uuid, block, *more])

    def go(self, block: str) -> dict[str, Any]:
        """Go to the tool: the claims of the request, its signature proved."""
        answer = self.client.post(self.at("pick_begin", block))
        url, fields = form_of(answer.content.decode())
        assert url == f"{self.tool.server.address}/login"
        asked = self.tool.login(fields)
        answer = self.client.get("/lti/auth", asked)
        assert answer.status_code == 200, answer.content.decode()
        to, posted = form_of(answer.content.decode())
        assert (to, posted["state"]) == (self.tool.redirect, asked["state"])
        claims = verified(posted["id_token"], self.client.get("/lti/jwks").json())
        assert claims["nonce"] == asked["nonce"]
        return claims

    def response(self, asked: dict[str, Any], items: Any, **changes: Any) -> dict[str, Any]:
        """What the tool says, by the words of the standard; None leaves a claim out."""
        said = {
            "iss": asked["aud"],
            "aud": asked["iss"],
            "nonce": uuid.uuid4().hex,
            **times(),
            f"{CLAIM}message_type": "LtiDeepLinkingResponse",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}deployment_id": asked[f"{CLAIM}deployment_id"],
            f"{DL}data": asked[f"{DL}deep_linking_settings"]["data"],
            f"{DL}content_items": items,
        }
        return {name: value for name, value in {**said, **changes}.items() if value is not None}

    def post(self, asked: dict[str, Any], said: dict[str, Any], signer: Signer | None = None) -> Any:
        """Let the tool's page post its answer; no cookie of ours comes along."""
        to = path_of(asked[f"{DL}deep_linking_settings"]["deep_link_return_url"])
        return Client().post(to, {"JWT": (signer or self.tool.signer).sign(said)})

    def item(self, **changes: Any) -> dict[str, Any]:
        said = {
            "type": "ltiResourceLink",
            "title": "串联电路",
            "url": f"{self.tool.server.address}/exercise/7",
            "custom": {"chapter": "7", "level": "难"},
            "lineItem": {"scoreMaximum": 5, "label": "串联电路"},
        }
        return {name: value for name, value in {**said, **changes}.items() if value is not None}

    def settings(self, block: str) -> dict[str, Any]:
        found: dict[str, Any] = DraftBlock.objects.get(usage_id=block).fields["settings"]
        return found


def seen_in(page: str) -> dict[str, str]:
    """What the page's form sends: which revision of the block was seen."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return {"seen": found[1]}


@pytest.fixture
def desk(small_tool: SmallTool) -> Desk:
    course = make_course()
    row = registered(small_tool, course.institution, choosing_url=f"{small_tool.server.address}/choose")
    person = make_person(name="韦作者")
    affiliation = make_affiliation(person=person, institution=course.institution, role=Role.AUTHOR)
    client = sign_in(Client(), person, affiliation=affiliation)
    actor = make_actor(person)
    structure.begin(course_id=course.pk, acting=actor)
    place = "course@course"
    for name in ("第一章", "第一节", "第一单元"):
        place = structure.add_part(course_id=course.pk, parent=place, name=name, acting=actor)
    return Desk(small_tool, row, course, place, client, person)


def test_a_tool_is_asked_as_the_standard_says_and_learns_no_name(desk: Desk) -> None:
    block = desk.add()
    assert (
        "not who you are" in desk.client.get(desk.at("pick_begin", block).replace("/zh-hans/", "/en/")).content.decode()
    )
    asked = desk.go(block)
    settings = asked[f"{DL}deep_linking_settings"]
    assert asked[f"{CLAIM}message_type"] == "LtiDeepLinkingRequest"
    assert asked[f"{CLAIM}target_link_uri"] == f"{desk.tool.server.address}/choose"
    assert asked[f"{CLAIM}roles"] == [f"{MEMBERSHIP}Instructor", f"{MEMBERSHIP}ContentDeveloper"]
    assert (settings["accept_types"], settings["accept_multiple"]) == (["ltiResourceLink"], False)
    assert settings["accept_presentation_document_targets"] == ["window"]
    text = json.dumps(asked, ensure_ascii=False)
    assert desk.person.name not in text
    assert str(desk.person.uuid) not in text
    assert asked["sub"] == desk.go(block)["sub"]


def test_what_was_chosen_stands_in_the_block_once_the_author_has_looked_at_it(desk: Desk) -> None:
    block = desk.add()
    asked = desk.go(block)
    answer = desk.post(asked, desk.response(asked, [desk.item()]))
    assert answer.status_code == 303, answer.content.decode()
    assert desk.settings(block)["lti_1p3_launch_url"] == ""  # nothing changes by an answer alone
    page = desk.client.get(answer["Location"]).content.decode()
    for text in ("串联电路", "/exercise/7", "chapter=7", "level=难"):
        assert text in page
    assert desk.client.post(answer["Location"], seen_in(page)).status_code == 302
    settings = desk.settings(block)
    assert settings["lti_1p3_launch_url"] == f"{desk.tool.server.address}/exercise/7"
    assert settings["custom_parameters"] == ["chapter=7", "level=难"]
    assert (settings["has_score"], settings["weight"]) == (True, 5.0)
    assert (settings["lti_version"], settings["lti_id"]) == ("lti_1p3", desk.row.client_id)
    assert DraftBlock.objects.get(usage_id=block).display_name == "串联电路"
    assert "already" in desk.client.get(answer["Location"].replace("/zh-hans/", "/en/")).content.decode()


def test_an_item_without_more_leaves_name_and_points(desk: Desk) -> None:
    block = desk.add()
    asked = desk.go(block)
    answer = desk.post(asked, desk.response(asked, [{"type": "ltiResourceLink"}]))
    page = desk.client.get(answer["Location"]).content.decode()
    desk.client.post(answer["Location"], seen_in(page))
    settings = desk.settings(block)
    assert (settings["lti_1p3_launch_url"], settings["weight"]) == ("", 2.0)
    assert DraftBlock.objects.get(usage_id=block).display_name == "实验"


def test_who_chooses_nothing_comes_back_to_the_block_as_it_was(desk: Desk) -> None:
    block = desk.add()
    deeds = DraftDeed.objects.count()
    asked = desk.go(block)
    answer = desk.post(asked, desk.response(asked, None))
    page = desk.client.get(answer["Location"])
    assert page.status_code == 200
    assert 'name="seen"' not in page.content.decode()
    desk.client.post(answer["Location"], {"seen": "99"})
    assert DraftDeed.objects.count() == deeds


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_100},
        {"nonce": None},
        {f"{CLAIM}deployment_id": "another"},
        {f"{CLAIM}deployment_id": None},
        {f"{CLAIM}message_type": "LtiDeepLinkingRequest"},
        {f"{CLAIM}version": "1.1"},
        {f"{DL}data": "guessed"},
        {f"{DL}data": None},
        {f"{DL}content_items": "x"},
        {f"{DL}content_items": ["x"]},
        {f"{DL}content_items": [{"type": "link", "url": "https://elsewhere.example/"}]},
        {f"{DL}content_items": [{"type": "html", "html": "<b>x</b>"}]},
        {f"{DL}content_items": [{"type": "file"}]},
        {f"{DL}content_items": [{"type": "image"}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink"}, {"type": "ltiResourceLink"}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "url": "https://elsewhere.example/"}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "url": "javascript:alert(1)"}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "url": 7}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "title": ["x"]}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "custom": ["x"]}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "custom": {"a": {"b": 1}}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "custom": {"a": "1\nlti_id=x"}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "custom": {"a=b": "1"}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "custom": {"a": "x" * 1001}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "lineItem": {"scoreMaximum": -1}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "lineItem": {}}]},
        {f"{DL}content_items": [{"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 1e999}}]},
        {"signer": Signer()},
    ],
    ids=lambda wrong: "another signer" if "signer" in wrong else str(wrong)[:120],
)
def test_an_answer_that_does_not_hold_leaves_no_trace(desk: Desk, wrong: dict[str, Any]) -> None:
    asked = desk.go(desk.add())
    signer = wrong.get("signer")
    said = desk.response(asked, [desk.item()], **{name: value for name, value in wrong.items() if name != "signer"})
    answer = desk.post(asked, said, signer=signer)
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()
    pick = ToolPick.objects.get()
    assert (pick.answered_at, pick.item) == (None, {})
    assert not SeenToken.objects.exists()
    assert desk.post(asked, desk.response(asked, [desk.item()])).status_code == 303  # the true one still comes through


def test_an_answer_is_taken_once(desk: Desk) -> None:
    block = desk.add()
    asked = desk.go(block)
    said = desk.response(asked, [desk.item()])
    assert desk.post(asked, said).status_code == 303
    assert desk.post(asked, desk.response(asked, [desk.item(title="别的")])).status_code == 409
    assert ToolPick.objects.get().item["title"] == "串联电路"
    again = desk.go(block)
    replayed = {**said, f"{DL}data": again[f"{DL}deep_linking_settings"]["data"]}
    assert desk.post(again, replayed).status_code == 403  # the same nonce, signed anew
    assert ToolPick.objects.filter(answered_at__isnull=False).count() == 1


def test_an_answer_after_an_hour_or_from_a_closed_tool_is_too_late(desk: Desk) -> None:
    asked = desk.go(desk.add())
    said = desk.response(asked, [desk.item()])
    ToolPick.objects.update(expires_at=clock.now())
    assert desk.post(asked, said).status_code == 404
    asked = desk.go(DraftBlock.objects.latest("id").usage_id)
    office = make_actor(make_person(role="registrar", institution=desk.course.institution))
    close_tool(tool_uuid=desk.row.uuid, reason="合同到期", acting=office)
    assert desk.post(asked, desk.response(asked, [desk.item()])).status_code == 404
    assert not ToolPick.objects.filter(answered_at__isnull=False).exists()


def test_a_choice_is_the_authors_own(desk: Desk) -> None:
    block = desk.add()
    asked = desk.go(block)
    location = desk.post(asked, desk.response(asked, [desk.item()]))["Location"]
    other = make_person(name="别的作者")
    affiliation = make_affiliation(person=other, institution=desk.course.institution, role=Role.AUTHOR)
    deeds = DraftDeed.objects.count()
    for client in (sign_in(Client(), other, affiliation=affiliation), sign_in(Client(), make_person(role="student"))):
        assert client.get(location).status_code == 404
        assert client.post(location, {"seen": "99"}).status_code == 404
        assert client.get(location.replace(block, "lti_consumer@none")).status_code == 404
    assert DraftDeed.objects.count() == deeds
    way = desk.client.post(desk.at("pick_begin", block))
    fields = form_of(way.content.decode())[1]
    stranger = sign_in(Client(), other, affiliation=affiliation)
    assert stranger.get("/lti/auth", desk.tool.login(fields)).status_code == 403


def test_what_another_wrote_meanwhile_is_not_overwritten_unseen(desk: Desk) -> None:
    block = desk.add()
    asked = desk.go(block)
    location = desk.post(asked, desk.response(asked, [desk.item()]))["Location"]
    page = desk.client.get(location).content.decode()
    sent = {"name": "改了名", "tool": desk.row.client_id, "points": "3", "seen": "99"}
    assert desk.client.post(desk.at("edit", block), sent).status_code == 302
    answer = desk.client.post(location, seen_in(page))
    assert answer.status_code == 409
    assert DraftBlock.objects.get(usage_id=block).display_name == "改了名"
    again = seen_in(answer.content.decode())
    assert desk.client.post(location, again).status_code == 302
    assert DraftBlock.objects.get(usage_id=block).display_name == "串联电路"


def test_where_there_is_nothing_to_choose_there_is_no_page(desk: Desk) -> None:
    Tool.objects.update(choosing_url="")
    sent = {"name": "实验", "tool": desk.row.client_id, "points": "0", "pick": "1"}
    new = reverse("courses:authoring_new", args=[desk.course.uuid])
    answer = desk.client.post(f"{new}?to={desk.unit}&kind=tool", sent)
    block = DraftBlock.objects.latest("id").usage_id
    assert answer["Location"].endswith(f"#b-{block}")
    assert desk.settings(block)["has_score"] is False
    assert desk.client.get(desk.at("pick_begin", block)).status_code == 404
    assert not ToolPick.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"tool": "tool-nobody"}, {"parameters": "chapter"}, {"parameters": "=1"}, {"points": "-1"}], ids=str
)
def test_a_tools_block_out_of_order_is_not_made(desk: Desk, wrong: dict[str, str]) -> None:
    blocks = DraftBlock.objects.count()
    sent = {"name": "实验", "tool": desk.row.client_id, "points": "0", **wrong}
    new = reverse("courses:authoring_new", args=[desk.course.uuid])
    assert desk.client.post(f"{new}?to={desk.unit}&kind=tool", sent).status_code == 200
    assert DraftBlock.objects.count() == blocks


def test_a_tools_block_is_shown_as_it_was_written(desk: Desk) -> None:
    block = desk.add(parameters="a=1\nb=二", address=f"{desk.tool.server.address}/x")
    page = desk.client.get(desk.at("edit", block)).content.decode()
    for text in ("a=1\nb=二", f'value="{desk.tool.server.address}/x"', "selected>电路实验室"):
        assert text in page


def test_choices_that_are_over_are_forgotten_and_an_erased_author_too(desk: Desk) -> None:
    block = desk.add()
    desk.go(block)
    assert picking.forget_old() == 0
    ToolPick.objects.update(expires_at=clock.now().replace(year=2020))
    assert picking.forget_old() == 1
    desk.go(block)
    erasing.erase(desk.person.uuid)
    assert not ToolPick.objects.exists()
