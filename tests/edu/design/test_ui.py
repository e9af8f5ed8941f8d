"""Template tags: what they draw, and that they escape what they are given."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from edu.design import icons
from edu.design.templatetags.ui import page_numbers
from edu.design.values import Chip, ComparisonLine, SummaryRow, Task, TimelineEntry

EVIL = "<script>alert(1)</script>"


def _draw(source: str, **values: object) -> str:
    request = RequestFactory().get(str(values.pop("path", "/en/styleguide/")))
    with override("en"):
        return Template("{% load ui %}" + source).render(Context({"request": request, **values}))


def test_a_status_is_a_word_on_a_tone() -> None:
    assert _draw('{% status "warn" word %}', word="To correct") == '<span class="tag tag-warn">To correct</span>'


def test_an_unknown_tone_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        _draw('{% status "purple" "word" %}')


def test_an_icon_is_silent_and_comes_from_the_sprite() -> None:
    html = _draw('{% icon "check" %}')
    assert 'aria-hidden="true"' in html
    assert "dist/icons" in html
    assert "#check" in html


def test_an_unknown_icon_says_where_to_add_it() -> None:
    with pytest.raises(ValueError, match=r"edu/client/icons\.json"):
        icons.known("no-such-icon")


def test_dates_carry_their_machine_form() -> None:
    assert _draw("{{ d|day }}", d=dt.date(2026, 1, 5)) == '<time datetime="2026-01-05">5 January 2026</time>'
    assert _draw("{{ d|day }}", d=None) == ""


def test_amounts_that_are_missing_are_blank() -> None:
    assert _draw("[{{ a|points }}{{ a|credit_points }}{{ a|hours }}{{ a|count }}]", a=None) == "[]"


@pytest.mark.parametrize(
    "source",
    [
        "{% status 'warn' evil %}",
        "{% person_name evil %}",
        "{% empty_state evil evil '#' evil %}",
        "{% summary_list rows %}",
        "{% task_list tasks %}",
        "{% timeline entries %}",
        "{% comparison lines evil evil evil %}",
        "{% chips chips '#' %}",
        "{% progress 1 2 evil %}",
        "{% verdict 'valid' evil evil evil %}",
    ],
)
def test_nothing_given_becomes_markup(source: str) -> None:
    html = _draw(
        source,
        evil=EVIL,
        rows=[SummaryRow(EVIL, EVIL, "#")],
        tasks=[Task(EVIL, EVIL, "warn", "#", EVIL)],
        entries=[TimelineEntry(EVIL, dt.datetime(2026, 1, 5, tzinfo=dt.UTC), EVIL, EVIL)],
        lines=[ComparisonLine(EVIL, EVIL, EVIL, True, EVIL)],
        chips=[Chip(EVIL, "#")],
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_empty_answer_is_said_and_nought_is_not_empty() -> None:
    assert "Not provided" in _draw("{% summary_list rows %}", rows=[SummaryRow("Pinyin", "")])
    assert "Not provided" not in _draw("{% summary_list rows %}", rows=[SummaryRow("Fee", 0)])


def test_a_difference_is_marked_by_a_word() -> None:
    html = _draw("{% comparison lines 'a' 'b' %}", lines=[ComparisonLine("Credits", "2", "3", differs=True)])
    assert "Differs" in html


@pytest.mark.parametrize(
    ("current", "last", "numbers"),
    [
        (1, 1, [1]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
        (1, 250, [1, 2, 3, "…", 250]),
        (125, 250, [1, "…", 123, 124, 125, 126, 127, "…", 250]),
        (250, 250, [1, "…", 248, 249, 250]),
    ],
)
def test_the_pager_shows_ends_and_neighbours(current: int, last: int, numbers: list[int | str]) -> None:
    assert page_numbers(current, last) == numbers


def test_the_pager_keeps_the_filters() -> None:
    page = Paginator(range(1000), 50).get_page(2)
    html = _draw("{% pager page %}", page=page, path="/en/cases/?home=gxu&page=2")
    assert "?home=gxu&amp;page=3" in html
    assert '<input type="hidden" name="home" value="gxu">' in html


def test_a_single_page_has_no_pager() -> None:
    assert _draw("{% pager page %}", page=Paginator(range(3), 50).get_page(1)).strip() == ""


def test_the_language_link_stays_on_the_page_with_its_filters() -> None:
    html = _draw("{% language_link %}", path="/en/styleguide/?base=staff")
    assert 'href="/zh-hans/styleguide/?base=staff"' in html
    assert 'hreflang="zh-Hans-CN"' in html


def test_an_address_without_language_leads_to_the_other_home() -> None:
    assert 'href="/zh-hans/"' in _draw("{% language_link %}", path="/v/token")


def test_a_view_may_say_where_the_other_language_is() -> None:
    assert 'href="/zh-hans/x/"' in _draw("{% language_link %}", other_language_url="/zh-hans/x/")


def test_a_name_is_never_translated_and_pinyin_stands_first_in_english() -> None:
    html = _draw("{% person_name '黄䶮' 'Huang Yan' %}")
    assert 'translate="no"' in html
    assert html.index("Huang Yan") < html.index("黄䶮")


def test_error_summary_is_silent_for_a_form_that_was_not_sent() -> None:
    assert _draw("{% error_summary form %}", form=SimpleNamespace(is_bound=False)).strip() == ""
