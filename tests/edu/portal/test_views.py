"""Home pages: the next step first, for each kind of person."""

import pytest
from django.test import Client

from edu.kernel import clock
from tests.factories.courses import make_course, make_course_pages, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (answer.status_code, url)
    return answer.content.decode()


def test_a_visitor_is_led_to_the_courses(client: Client) -> None:
    course = make_course()
    make_course_pages(course)
    text = text_of(client, "/en/")
    assert "Show courses" in text
    assert "Data literacy" in text
    assert text.count("btn-primary") == 1


def test_the_home_page_speaks_both_languages(client: Client) -> None:
    make_course_pages(make_course())
    assert "数据素养" in text_of(client, "/zh-hans/")
    assert 'hreflang="en"' in text_of(client, "/zh-hans/")


def test_a_student_continues_where_teaching_goes_on(client: Client) -> None:
    student = make_person(role="student")
    course = make_course()
    make_course_pages(course)
    later, now = make_run(course), make_run(course, starts_on=clock.today())
    make_enrolment(student, later)
    make_enrolment(student, now)
    sign_in(client, student)
    for url in ("/en/", "/en/home/"):
        text = text_of(client, url)
        assert text.index(f"/en/learn/{now.uuid}/") > 0
        assert "Continue learning" in text
        assert text.count("btn-primary") == 1


def test_a_learner_without_courses_is_led_to_the_courses(client: Client) -> None:
    make_course_pages(make_course())
    sign_in(client, make_person())
    text = text_of(client, "/en/home/")
    assert "You study no course at the moment." in text
    assert "/en/courses/" in text


def test_a_teacher_sees_the_runs_taught(client: Client) -> None:
    teacher = make_person(role="teacher")
    run = make_run(teacher=teacher)
    sign_in(client, teacher)
    text = text_of(client, "/en/home/")
    assert "You teach 1 run" in text
    assert f"/en/teach/runs/{run.uuid}/grades/" in text


def test_a_registrar_sees_the_queues(client: Client) -> None:
    sign_in(client, make_person(role="registrar"))
    text = text_of(client, "/en/home/")
    assert "Grades to certify" in text
    assert "Nothing waits for you" in text


def test_a_supervisor_sees_what_institutions_do_with_the_moment_of_counting(client: Client) -> None:
    make_enrolment(make_person(), make_run(make_course(make_institution(name_zh="甲大学", name_en="A University"))))
    sign_in(client, make_person(role="supervisor"))
    assert client.get("/en/home/")["Location"] == "/en/overview/"
    text = text_of(client, "/en/overview/")
    assert "A University" in text
    assert "As of <time" in text
    table = client.get("/en/overview/overview.csv").content.decode("utf-8-sig").splitlines()
    assert table[1].endswith("A University,1,1,1,0.00,0.00")


def test_the_overview_is_not_there_for_others(client: Client) -> None:
    sign_in(client, make_person(role="student"))
    text_of(client, "/en/overview/", 404)
    client.logout()
    assert client.get("/en/overview/").status_code == 302


def test_nobody_has_a_desk_without_signing_in(client: Client) -> None:
    answer = client.get("/en/home/")
    assert answer.status_code == 302
    assert "login" in answer["Location"]
