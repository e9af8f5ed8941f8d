"""Who is in a run, for tools that may ask: pseudonyms and roles, names only of those who agreed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.lti.models import Tool, ToolSeat
from edu.people.models import AccessNote
from edu.people.queries import access_notes
from tests.courses.lti.conftest import CLIENT, JWT_BEARER, Lab, SmallTool, make_lab, path_of
from tests.courses.runtime.conftest import MakeClassroom
from tests.factories.courses import make_enrolment
from tests.factories.institutions import make_institution
from tests.factories.people import make_affiliation, make_person

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@pytest.fixture
def listed(small_tool: SmallTool, classroom: MakeClassroom) -> Lab:
    return make_lab(small_tool, classroom, lists_members=True)


def _token(lab: Lab, scope: str = SCOPE) -> Any:
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": lab.tool.assertion(lab.row.client_id, "http://localhost:8000/lti/token"),
        "scope": scope,
    }
    return Client().post("/lti/token", sent)


def _ask(lab: Lab, path: str = "", token: str = "", **query: str) -> Any:
    token = token or _token(lab).json()["access_token"]
    return Client().get(
        path or f"/lti/nrps/{lab.room.run.uuid}/memberships", query, headers={"authorization": f"Bearer {token}"}
    )


def _classmates(lab: Lab, count: int) -> None:
    for number in range(count):
        make_enrolment(run=lab.room.run, person=make_person(name=f"同学{number}"))


def test_a_launch_names_the_list_and_the_list_names_nobody(listed: Lab) -> None:
    listed.room.run.run_teachers.create(person=make_person(name="唐老师"))
    claims = listed.claims()
    assert claims[CLAIM]["service_versions"] == ["2.0"]
    answer = _ask(listed, path_of(claims[CLAIM]["context_memberships_url"]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == MEDIA_TYPE
    assert "Link" not in answer
    found = answer.json()
    assert found["id"] == claims[CLAIM]["context_memberships_url"]
    assert found["context"]["id"] == claims["https://purl.imsglobal.org/spec/lti/claim/context"]["id"]
    teacher, learner = found["members"]
    assert learner == {"status": "Active", "user_id": claims["sub"], "roles": [f"{MEMBERSHIP}Learner"]}
    assert teacher["roles"] == [f"{MEMBERSHIP}Instructor"]
    assert set(teacher) == {"status", "user_id", "roles"}


def test_a_tool_that_was_not_let_gets_no_token_and_no_list(lab: Lab) -> None:
    assert CLAIM not in lab.claims()
    assert _token(lab).status_code == 401
    both = _token(lab, f"{SCOPE} https://purl.imsglobal.org/spec/lti-ags/scope/score").json()
    assert SCOPE not in both["scope"]
    assert _ask(lab, token=both["access_token"]).status_code == 403


def test_a_grant_that_was_taken_back_ends_at_once(listed: Lab) -> None:
    token = _token(listed).json()["access_token"]
    assert _ask(listed, token=token).status_code == 200
    Tool.objects.update(lists_members=False)
    assert _ask(listed, token=token).status_code == 404
    assert _ask(listed, token="forged").status_code == 403
    assert Client().get(f"/lti/nrps/{listed.room.run.uuid}/memberships").status_code == 403


def test_another_run_another_institution_another_link_are_not_there(listed: Lab) -> None:
    assert _ask(listed, "/lti/nrps/00000000-0000-0000-0000-000000000000/memberships").status_code == 404
    assert _ask(listed, rlid="elsewhere").status_code == 404
    assert _ask(listed, rlid=f"{listed.room.run.uuid}:lti_consumer@t").status_code == 200
    token = _token(listed).json()["access_token"]
    Tool.objects.update(client_id="tool-other")  # no block opens this one
    assert _ask(listed, token=token).status_code == 404
    Tool.objects.update(client_id=CLIENT, institution=make_institution())
    assert _ask(listed, token=token).status_code == 404


def test_only_who_has_a_place_now_is_listed(listed: Lab) -> None:
    _classmates(listed, 2)
    listed.room.person.enrolments.update(status="withdrawn")
    assert len(_ask(listed).json()["members"]) == 2


def test_pages_follow_one_another_and_roles_can_be_chosen(listed: Lab) -> None:
    both = listed.room.person
    listed.room.run.run_teachers.create(person=both)  # a teacher who has a place too stands there once
    listed.room.run.run_teachers.create(person=make_person())
    _classmates(listed, 4)
    seen: list[str] = []
    answer, pages = _ask(listed, limit="2"), 1
    while "Link" in answer:
        seen += [one["user_id"] for one in answer.json()["members"]]
        url = answer["Link"].split(">")[0][1:]
        assert answer["Link"].endswith('>; rel="next"')
        assert "limit=2" in url
        answer, pages = _ask(listed, url.removeprefix("http://localhost:8000")), pages + 1
    seen += [one["user_id"] for one in answer.json()["members"]]
    assert (pages, len(seen), len(set(seen))) == (3, 6, 6)
    teachers = _ask(listed, role="Instructor").json()["members"]
    assert [one["roles"] for one in teachers] == [[f"{MEMBERSHIP}Instructor"]] * 2
    assert len(_ask(listed, role=f"{MEMBERSHIP}Learner").json()["members"]) == 4
    assert _ask(listed, role="Mentor").json()["members"] == []


@pytest.mark.parametrize("wrong", [{"limit": "0"}, {"limit": "x"}, {"limit": "9" * 12}, {"after": "forged"}], ids=str)
def test_a_question_out_of_order_is_refused(listed: Lab, wrong: dict[str, str]) -> None:
    assert _ask(listed, **wrong).status_code == 400


def test_a_name_stands_there_when_its_learner_agreed_and_while_the_office_says_so(
    small_tool: SmallTool, classroom: MakeClassroom
) -> None:
    lab = make_lab(small_tool, classroom, lists_members=True, sends_name=True, purpose="实验报告署名")
    _classmates(lab, 1)
    assert all("name" not in one for one in _ask(lab).json()["members"])
    lab.open()  # was asked, has not agreed
    assert all("name" not in one for one in _ask(lab).json()["members"])
    lab.launch()
    assert not access_notes(lab.room.person.uuid)
    assert [one.get("name") for one in _ask(lab).json()["members"]] == [lab.room.person.name, None]
    (note,) = access_notes(lab.room.person.uuid)  # nothing for who stayed a pseudonym
    assert AccessNote.objects.count() == 1
    assert (note.what, note.viewer_role) == ("tool-members", "tool")
    assert note.viewer_institution_uuid == Tool.objects.get().institution.uuid
    Tool.objects.update(sends_email=True)  # nobody was told of the address yet
    lab.room.person.email = "xiaoming@example.org"
    lab.room.person.save()
    assert "email" not in str(_ask(lab).json())
    Tool.objects.update(sends_name=False, sends_email=False)
    assert all("name" not in one for one in _ask(lab).json()["members"])


def test_pupils_of_schools_are_never_named(small_tool: SmallTool, classroom: MakeClassroom) -> None:
    lab = make_lab(small_tool, classroom, lists_members=True, sends_name=True, purpose="署名")
    lab.launch()
    make_affiliation(person=lab.room.person, role="student", institution=make_institution(kind="school"))
    assert ToolSeat.objects.get().told == ["name"]
    assert "name" not in _ask(lab).json()["members"][0]


def test_a_long_list_costs_as_many_queries_as_a_short_one(small_tool: SmallTool, classroom: MakeClassroom) -> None:
    lab = make_lab(small_tool, classroom, lists_members=True, sends_name=True, purpose="署名")
    lab.launch()
    token = _token(lab).json()["access_token"]
    with CaptureQueriesContext(connection) as few:
        _ask(lab, token=token)
    _classmates(lab, 9)
    with CaptureQueriesContext(connection) as many:
        _ask(lab, token=token)
    assert len(few) == len(many) <= 9
