"""Reads of institutions by the door."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import TestCase

from edu.institutions import api
from edu.institutions.models import Institution, InstitutionName
from edu.kernel.errors import NotThere
from tests.factories.institutions import make_institution, make_programme, make_slot, make_term

pytestmark = pytest.mark.django_db


def renamed() -> Institution:
    """南宁师范大学, which was 广西师范学院 until a day of 2018 that nobody wrote down."""
    institution = make_institution(code="4145010603", name_zh="南宁师范大学", name_en="Nanning Normal University")
    institution.names.filter(language="zh-hans").update(from_on=dt.date(2018, 1, 1), by_year=True)
    InstitutionName.objects.create(
        institution=institution, language="zh-hans", name="广西师范学院", to_on=dt.date(2018, 12, 31), by_year=True
    )
    return institution


def test_an_institution_has_todays_names_in_both_languages() -> None:
    row = make_institution(name_zh="广西大学", name_en="Guangxi University")
    info = api.institution(row.uuid)
    assert (info.name("zh-hans"), info.name("en")) == ("广西大学", "Guangxi University")


def test_an_institution_without_english_name_is_shown_by_its_chinese_one() -> None:
    row = make_institution(name_zh="贺州学院")
    assert api.institution(row.uuid).name("en") == "贺州学院"


def test_a_certificate_of_2017_shows_both_names() -> None:
    name = api.institution_name(renamed().uuid, "zh-hans", dt.date(2017, 7, 1))
    assert (name.then, name.current, name.changed) == ("广西师范学院", "南宁师范大学", True)


def test_a_certificate_of_2019_shows_one_name() -> None:
    name = api.institution_name(renamed().uuid, "zh-hans", dt.date(2019, 7, 1))
    assert (name.then, name.changed) == ("南宁师范大学", False)


def test_in_the_year_of_the_change_both_names_are_shown() -> None:
    assert api.institution_name(renamed().uuid, "zh-hans", dt.date(2018, 6, 1)).then == "广西师范学院"


def test_a_language_without_a_name_falls_back_to_chinese() -> None:
    row = make_institution(name_zh="贺州学院")
    assert api.institution_name(row.uuid, "en", dt.date(2020, 1, 1)).current == "贺州学院"


def test_an_unknown_institution_is_not_there() -> None:
    with pytest.raises(NotThere):
        api.institution(uuid4())
    with pytest.raises(NotThere):
        api.institution_name(uuid4(), "en", dt.date(2020, 1, 1))


def test_an_institution_is_found_by_ten_digits_and_by_the_five_inside() -> None:
    row = make_institution(code="4145010593")
    assert api.institution_by_code("4145010593").uuid == row.uuid
    assert api.institution_by_code("10593").uuid == row.uuid


def test_five_digits_that_two_institutions_share_name_neither() -> None:
    make_institution(code="4145010593")
    make_institution(code="4144010593")
    with pytest.raises(NotThere):
        api.institution_by_code("10593")


def test_institutions_are_searched_by_former_names_too() -> None:
    row = renamed()
    assert [found.uuid for found in api.search_institutions("广西师范学院")] == [row.uuid]


def test_a_programme_comes_with_its_slots_in_two_queries() -> None:
    programme = make_programme(institution=make_institution())
    for code in ("B", "A"):
        make_slot(programme=programme, code=code)
    with TestCase().assertNumQueries(2):
        found = api.programme(programme.uuid)
    assert [slot.code for slot in found.slots] == ["A", "B"]
    assert api.slot(found.slots[0].uuid) == found.slots[0]


def test_many_institutions_cost_two_queries() -> None:
    wanted = [make_institution().uuid for _ in range(5)]
    with TestCase().assertNumQueries(2):
        assert set(api.institutions(wanted)) == set(wanted)


def test_the_current_term_is_the_one_the_day_lies_in() -> None:
    row = make_institution()
    make_term(institution=row)
    term = api.current_term(row.uuid, dt.date(2026, 11, 23))
    assert term is not None
    assert term.code == "2026-2027-1"
    assert api.current_term(row.uuid, dt.date(2027, 2, 1)) is None
