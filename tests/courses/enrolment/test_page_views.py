"""The public pages: what they say in each state, at what price in queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.api import register_course_panel
from courses.catalogue import panels
from courses.catalogue.models import Course
from courses.data import Panel
from edu.kernel import clock
from tests.factories.courses import make_course, make_course_pages, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

COURSE_PAGE_SQL_MAX = 10  # issue 3: with runs and institutions


@pytest.fixture(autouse=True)
def _no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other apps' panels have their own tests and their own queries."""
    monkeypatch.setattr(panels, "_panels", [])


@pytest.fixture
def course() -> Course:
    made = make_course()
    make_course_pages(made)
    return made


def address(course: Course, language: str = "zh-hans") -> str:
    return f"/{language}/institutions/{course.institution.code}/{course.label}/"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (answer.status_code, url)
    return answer.content.decode()


def test_a_visitor_of_an_open_run_is_asked_to_sign_in(client: Client, course: Course) -> None:
    make_run(course)
    text = text_of(client, address(course, "en"))
    assert "Sign in to enrol" in text
    assert text.count("btn-primary") == 1
    assert "2.0 credits" in text


def test_the_page_shows_every_kind_of_text(client: Client, course: Course) -> None:
    text = text_of(client, address(course))
    for words in ("四周时间", "说出均值与中位数的区别", "坐标轴", "覃老师", "60%", "CC BY-SA 4.0"):
        assert words in text


def test_a_signed_in_learner_may_enrol_by_form_and_then_waits_for_the_start(client: Client, course: Course) -> None:
    run = make_run(course)
    client.force_login(make_person())
    assert f"/en/runs/{run.uuid}/enrol/" in text_of(client, address(course, "en"))
    answer = client.post(f"/en/runs/{run.uuid}/enrol/", follow=True)
    text = answer.content.decode()
    assert "Enrolled in Data literacy." in text
    assert "You are enrolled" in text


def test_a_learner_of_a_running_course_continues(client: Client, course: Course) -> None:
    run = make_run(course, starts_on=clock.today())
    person = make_person()
    make_enrolment(person, run)
    client.force_login(person)
    text = text_of(client, address(course, "en"))
    assert "Continue learning" in text
    assert f"/en/learn/{run.uuid}/" in text


@pytest.mark.parametrize(
    ("opens", "closes", "starts", "ends", "words"),  # in days from now
    [
        (3, 30, 7, 107, "Enrolment opens on"),
        (-9, -1, 7, 107, "Enrolment in this run is over"),
        (-90, -80, -70, -1, "The last run ended on"),
    ],
)
def test_the_page_says_what_the_dates_mean(
    client: Client, course: Course, opens: int, closes: int, starts: int, ends: int, words: str
) -> None:
    now, today = clock.now(), clock.today()
    make_run(
        course,
        enrolment_opens_at=now + dt.timedelta(days=opens),
        enrolment_closes_at=now + dt.timedelta(days=closes),
        starts_on=today + dt.timedelta(days=starts),
        ends_on=today + dt.timedelta(days=ends),
    )
    text = text_of(client, address(course, "en"))
    assert words in text
    assert "btn-primary" not in text


def test_a_full_run_says_so(client: Client, course: Course) -> None:
    make_enrolment(make_person(), make_run(course, seats=1))
    client.force_login(make_person())
    assert "Every seat is taken" in text_of(client, address(course, "en"))


def test_enrolling_in_a_full_run_is_refused_in_words(client: Client, course: Course) -> None:
    run = make_run(course, seats=1)
    make_enrolment(make_person(), run)
    client.force_login(make_person())
    text = client.post(f"/en/runs/{run.uuid}/enrol/", follow=True).content.decode()
    assert "Every seat of this run is taken." in text
    assert run.enrolments.count() == 1


def test_the_language_switch_leads_to_the_sibling_page(client: Client, course: Course) -> None:
    text = text_of(client, address(course))
    assert f'hreflang="en" href="http://testserver{address(course, "en")}"' in text
    assert f'<a href="{address(course, "en")}" lang="en"' in text


def test_an_app_above_adds_its_panel(client: Client, course: Course) -> None:
    make_run(course)
    register_course_panel(
        lambda request, run: Panel("What counts for you", "courses/catalogue/blocks/licence.html", {"code": run.code})
    )
    assert "What counts for you" in text_of(client, address(course, "en"))


@pytest.fixture
def count_queries(client: Client) -> Callable[[str], int]:
    def count(url: str) -> int:
        client.get(url)  # the first visit fills Wagtail's cache of root paths
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        return len(queries)

    return count


@pytest.mark.parametrize("runs", [1, 5])
def test_the_course_page_stays_within_ten_queries(
    course: Course, count_queries: Callable[[str], int], runs: int
) -> None:
    for _ in range(runs):
        make_run(course)
    assert count_queries(address(course)) <= COURSE_PAGE_SQL_MAX


def test_the_index_costs_the_same_for_two_and_for_twelve_courses(count_queries: Callable[[str], int]) -> None:
    def publish(number: int) -> None:
        for _ in range(number):
            course = make_course(make_institution(name_zh="甲大学"))
            make_run(course)
            make_course_pages(course)

    publish(2)
    two = count_queries("/zh-hans/courses/")
    publish(10)
    assert count_queries("/zh-hans/courses/") == two


def test_the_index_filters_by_text_institution_and_phase(client: Client, course: Course) -> None:
    make_run(course)
    other = make_course(make_institution(name_zh="乙大学"), name_zh="壮族织锦", name_en="Zhuang brocade")
    pages = make_course_pages(other)
    for page, title in zip(pages.values(), ("壮族织锦", "Zhuang brocade"), strict=True):
        page.title = title
        page.save()
    brocade, literacy = "壮族织锦</a>", "数据素养</a>"
    assert literacy in (every := text_of(client, "/zh-hans/courses/"))
    assert brocade in every
    assert brocade in (found := text_of(client, "/zh-hans/courses/?q=织锦"))
    assert literacy not in found
    assert brocade not in text_of(client, f"/zh-hans/courses/?institution={course.institution.code}")
    assert brocade not in text_of(client, "/zh-hans/courses/?phase=open")
    assert brocade in text_of(client, "/zh-hans/courses/?phase=nonsense")


def test_an_empty_result_says_why_and_how_to_go_on(client: Client, course: Course) -> None:
    text = text_of(client, "/en/courses/?q=astrology")
    assert "No course fits" in text
    assert "Show every course" in text
    assert "astrology" in text


def test_an_institutions_page_shows_former_names_and_courses(client: Client, course: Course) -> None:
    course.institution.names.create(
        language="zh-hans", name="桂海学院", from_on=dt.date(1990, 1, 1), to_on=dt.date(2017, 12, 31), by_year=True
    )
    text = text_of(client, f"/zh-hans/institutions/{course.institution.code}/")
    assert "桂海学院" in text
    assert "2017" in text
    assert "数据素养" in text


def test_the_institution_index_counts_courses(client: Client, course: Course) -> None:
    text = text_of(client, "/en/institutions/")
    assert "Guihai University" in text
    assert "1 course<" in text


def test_a_draft_is_not_shown(client: Client, course: Course) -> None:
    page = course.pages.get(locale__language_code="zh-hans")
    page.unpublish()
    assert client.get(address(course)).status_code == 404
