"""Taking over an institution's list of people."""

import datetime as dt
import io
import time
from typing import Any

import pytest
from openpyxl import load_workbook

from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotThere, Refusal
from edu.people import api
from edu.people.models import Affiliation, OneTimeCode, Person
from tests.factories.institutions import make_institution, make_programme
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.sheets import make_csv, make_xlsx

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "学号", "角色", "专业代码", "手机", "结束日期"]
WEI = ["韦小明", "2023001", "学生", "071201", "13800138000", ""]
LI = ["李婷", "2023002", "", "", "", ""]
SCREEN = "/zh-hans/account/people/import/"


@pytest.fixture
def university() -> Institution:
    institution = make_institution(code="4145010593", name_zh="广西大学")
    make_programme(institution=institution, code="071201", plan_version="2020")
    make_programme(institution=institution, code="071201", plan_version="2024")
    return institution


@pytest.fixture
def registrar(university: Institution) -> Person:
    return make_person(name="黄老师", role="registrar", institution=university, number="T1")


def take_over(institution: Institution, *rows: list[str], **options: Any) -> Any:
    return api.import_people(make_csv([HEAD, *rows]), institution_uuid=institution.uuid, acting=SYSTEM, **options)


def test_students_get_accounts_numbers_programmes_and_codes(university: Institution) -> None:
    result = take_over(university, WEI, LI)
    wei = Affiliation.objects.get(number="2023001")
    assert wei.programme
    assert (result.report.created, result.report.ok) == (2, True)
    assert (wei.role, wei.programme.plan_version, wei.person.phone) == ("student", "2024", "+8613800138000")
    assert not wei.person.has_usable_password()
    assert [one.number for one in result.codes] == ["2023001", "2023002"]
    assert OneTimeCode.objects.filter(purpose="activation").count() == 2


def test_a_second_run_changes_nothing_and_issues_no_codes(university: Institution) -> None:
    take_over(university, WEI, LI)
    again = take_over(university, WEI, LI)
    assert (again.report.created, again.report.changed, again.report.unchanged, again.codes) == (0, 0, 2, ())
    assert OneTimeCode.objects.count() == 2
    assert Event.objects.count() == 1


def test_a_dry_run_writes_nothing(university: Institution) -> None:
    result = take_over(university, WEI, dry_run=True)
    assert (result.report.created, result.codes) == (1, ())
    assert Person.objects.count() == OneTimeCode.objects.count() == Event.objects.count() == 0


def test_an_end_is_brought_up_to_date(university: Institution) -> None:
    take_over(university, LI)
    ended = [*LI]
    ended[5] = "2030/6/30"
    assert take_over(university, ended).report.changed == 1
    assert Affiliation.objects.get().to_on == dt.date(2030, 6, 30)


def test_a_known_person_in_a_further_role_keeps_one_account(university: Institution) -> None:
    take_over(university, LI)
    result = take_over(university, ["李婷", "2023002", "助教", "", "", ""])
    assert (result.report.created, result.codes, Person.objects.count()) == (1, (), 1)
    assert {one.role for one in api.affiliations(Person.objects.get().uuid)} == {"student", "assistant_teacher"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "1", "", "", "", ""], "name"),
        (["张三", "", "", "", "", ""], "number"),
        (["张三", "a b", "", "", "", ""], "number"),
        (["张三", "1", "校长", "", "", ""], "role"),
        (["张三", "1", "", "999999", "", ""], "programme_code"),
        (["张三", "1", "", "", "123", ""], "phone"),
        (["张三", "1", "", "", "", "明年"], "to_on"),
        (["张三", "2023001", "", "", "", ""], "number"),
        (["张三", "1", "", "", "13800138000", ""], "phone"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_written(university: Institution, row: list[str], column: str) -> None:
    result = take_over(university, WEI, row)
    assert [(problem.row, problem.column) for problem in result.report.problems] == [(3, column)]
    assert Person.objects.count() == OneTimeCode.objects.count() == Event.objects.count() == 0


def test_a_number_of_another_name_is_not_taken_over(university: Institution) -> None:
    take_over(university, WEI)
    result = take_over(university, ["李四", "2023001", "", "", "", ""])
    assert result.report.problems[0].column == "number"


def test_a_strangers_phone_does_not_join_accounts(university: Institution) -> None:
    make_person(name="韦小明", phone="+8613800138000")
    result = take_over(university, WEI)
    assert result.report.problems[0].column == "phone"
    assert Affiliation.objects.count() == 0


def test_a_list_does_not_change_what_people_say_of_themselves(university: Institution) -> None:
    take_over(university, WEI)
    Person.objects.update(phone="+8613900139000")
    assert take_over(university, WEI).report.unchanged == 1
    assert Person.objects.get().phone == "+8613900139000"


def test_a_registrar_does_not_make_registrars(university: Institution, registrar: Person) -> None:
    content = make_csv([HEAD, ["张三", "T2", "教务管理员", "", "", ""]])
    result = api.import_people(content, institution_uuid=university.uuid, acting=make_actor(registrar))
    assert result.report.problems[0].column == "role"


def test_another_schools_registrar_may_not_send_a_list(university: Institution) -> None:
    stranger = make_person(role="registrar", institution=make_institution())
    with pytest.raises(NotThere):
        api.import_people(make_csv([HEAD, WEI]), institution_uuid=university.uuid, acting=make_actor(stranger))


def test_a_bad_workbook_is_refused_without_trace(university: Institution) -> None:
    with pytest.raises(Refusal):
        api.import_people(make_xlsx([HEAD, ["=A1", "1"]]), institution_uuid=university.uuid, acting=SYSTEM)
    assert Person.objects.count() == 0


def test_two_thousand_people_take_a_few_seconds(university: Institution) -> None:
    rows = [[f"学生{n}", f"2026{n:05d}", "", "071201", "", ""] for n in range(2000)]
    started = time.monotonic()
    assert take_over(university, *rows).report.created == 2000
    assert time.monotonic() - started < 10  # about 2 s on two cores


def test_the_screen_checks_then_takes_over_and_shows_the_codes_once(
    client: Any, university: Institution, registrar: Person
) -> None:
    sign_in(client, registrar)
    file = io.BytesIO(make_xlsx([HEAD, WEI]))
    file.name = "people.xlsx"
    checked = client.post(SCREEN, {"file": file, "dry_run": "on"})
    assert (checked.context["report"].created, Person.objects.count()) == (1, 1)
    file.seek(0)
    done = client.post(SCREEN, {"file": file})
    code = done.context["result"].codes[0].code
    assert code in done.content.decode()
    assert code not in client.get(SCREEN).content.decode()


def test_the_screen_says_what_is_wrong_with_a_file(client: Any, registrar: Person) -> None:
    sign_in(client, registrar)
    file = io.BytesIO(b"%PDF")
    file.name = "people.xlsx"
    assert "file" in client.post(SCREEN, {"file": file}).context["form"].errors


def test_the_template_has_the_heads_that_the_import_knows(client: Any, registrar: Person) -> None:
    sign_in(client, registrar)
    content = client.get("/zh-hans/account/people/import/people.xlsx").content
    heads = [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][1]]
    assert heads[:2] == ["姓名", "学号或工号"]


def test_the_office_lists_its_people_with_a_fixed_number_of_queries(
    client: Any, university: Institution, registrar: Person, django_assert_max_num_queries: Any
) -> None:
    take_over(university, *[[f"学生{n}", f"{n:03d}", "", "", "", ""] for n in range(60)])
    sign_in(client, registrar)
    with django_assert_max_num_queries(7):  # session, user, identity 2, count, page, one to spare
        page = client.get("/zh-hans/account/people/")
    assert page.context["page"].paginator.count == 61


def test_students_do_not_find_the_office(client: Any) -> None:
    sign_in(client, make_person(role="student"))
    assert client.get("/zh-hans/account/people/").status_code == 404
    assert client.get(SCREEN).status_code == 404
    assert client.get("/zh-hans/account/institutions/import/").status_code == 404


def test_an_operator_takes_over_institutions_on_screen(client: Any) -> None:
    sign_in(client, make_person(role="operator", institution=make_institution(kind="provider")))
    file = io.BytesIO(make_csv([["学校标识码", "学校名称"], ["4145010593", "广西大学"]]))
    file.name = "list.csv"
    assert client.post("/zh-hans/account/institutions/import/", {"file": file}).context["report"].created == 1
