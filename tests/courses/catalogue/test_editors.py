"""Editors write, registrars approve, each for their own institution and as long as they hold the role."""

import datetime as dt

import pytest
from django.test import Client

from courses.catalogue.editors import ensure_editing, refresh_rights
from courses.catalogue.models import CoursePage
from edu.kernel import clock
from edu.people.models import Person
from tests.factories.courses import make_course, make_course_pages
from tests.factories.institutions import make_institution
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> CoursePage:
    return make_course_pages(make_course())["zh-hans"]


def staff(page: CoursePage, role: str) -> Person:
    person = make_person(role=role, institution=page.course.institution)
    refresh_rights(person.uuid)
    return person


def test_an_editor_edits_but_does_not_publish(page: CoursePage) -> None:
    rights = page.permissions_for_user(staff(page, "editor"))
    assert rights.can_edit()
    assert not rights.can_publish()


def test_a_registrar_of_the_institution_publishes(page: CoursePage) -> None:
    assert page.permissions_for_user(staff(page, "registrar")).can_publish()


def test_staff_of_another_institution_can_do_nothing(page: CoursePage) -> None:
    for role in ("editor", "registrar"):
        other = make_person(role=role, institution=make_institution())
        refresh_rights(other.uuid)
        assert not page.permissions_for_user(other).can_edit()


def test_the_right_ends_with_the_role(page: CoursePage) -> None:
    editor = staff(page, "editor")
    editor.affiliations.update(to_on=clock.today() - dt.timedelta(days=1))
    refresh_rights(editor.uuid)
    assert editor.groups.count() == 0


def test_a_draft_goes_through_moderation_before_it_is_seen(page: CoursePage, client: Client) -> None:
    editor, registrar = staff(page, "editor"), staff(page, "registrar")
    page.lead = "新的一句。"
    page.save_revision(user=editor)
    state = page.get_workflow().start(page, editor)
    assert "新的一句。" not in client.get(page.url).content.decode()
    state.current_task_state.specific.task.specific.on_action(state.current_task_state.specific, registrar, "approve")
    assert "新的一句。" in client.get(page.url).content.decode()


def test_making_the_editing_desk_again_changes_nothing(page: CoursePage) -> None:
    first = ensure_editing(page.course.institution.uuid)
    assert ensure_editing(page.course.institution.uuid) == first


def test_the_editors_screen_opens_for_an_editor_and_offers_only_own_courses(page: CoursePage, client: Client) -> None:
    elsewhere = make_course(make_institution(), name_zh="别校的课")
    editor = staff(page, "editor")
    sign_in(client, editor)
    assert client.get("/cms/").status_code == 200
    answer = client.get(f"/cms/pages/{page.pk}/edit/")
    assert answer.status_code == 200
    assert elsewhere.name_zh not in answer.content.decode()
    assert "'unsafe-inline'" in answer["Content-Security-Policy"]
    assert "'unsafe-inline'" not in client.get(page.url)["Content-Security-Policy"]


def test_the_editors_screen_is_closed_to_students(page: CoursePage, client: Client) -> None:
    sign_in(client, make_person(role="student"))
    assert client.get("/cms/").status_code in {302, 403, 404}
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code in {302, 403, 404}
