"""Template tags and filters for every page: `{% load ui %}`."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms, template
from django.template.context import Context
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from edu.design import charts, formats, icons, values
from edu.kernel import clock

register = template.Library()
TONES = {"neutral": "", "info": "tag-info", "warn": "tag-warn", "ok": "tag-ok", "bad": "tag-bad", "done": "tag-done"}
PAGES_AROUND = 2
PAGES_ALL_MAX = 7  # up to here every page has its link
GAP = "…"


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite, hidden from screen readers: the word beside it speaks."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css, icons.sprite_url(), icons.known(name),
    )  # fmt: skip


@register.simple_tag
def status(tone: str, text: str) -> SafeString:
    """Draw a status: always a word; tone is neutral, info, warn, ok, bad, or done (plain text)."""
    return format_html('<span class="tag {}">{}</span>', TONES[tone], text)


# Values


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def points(value: Any) -> str:
    """2.00 → "2.0": for table cells whose head says the unit; empty for None."""
    amount = _decimal(value)
    return "" if amount is None else formats.points(amount)


@register.filter
def credit_points(value: Any) -> str:
    """2.00 → "2.0 学分", "2.0 credits"."""
    amount = _decimal(value)
    return "" if amount is None else formats.points_with_unit(amount)


@register.filter
def hours(value: Any) -> str:
    """32 → "32 学时", "32 contact hours"."""
    return "" if value in (None, "") else formats.hours_with_unit(value)


@register.filter
def count(value: Any) -> str:
    """12480 → "12,480"."""
    return "" if value in (None, "") else formats.count(value)


@register.filter
def waiting(value: Any) -> str:
    """Days as a number → "9 天", "今天"."""
    return "" if value is None else formats.waiting(int(value))


@register.filter
def file_size(value: Any) -> str:
    return "" if value in (None, "") else formats.file_size(int(value))


@register.filter
def duration(value: Any) -> str:
    """Minutes → "48 分钟", "1 小时 20 分钟"."""
    return "" if value in (None, "") else formats.duration(value)


def _time(value: date | datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in a sentence: 2026年11月23日, 23 November 2026."""
    return _time(value, formats.long_day(value)) if value else ""


@register.filter
def day_iso(value: date | datetime | None) -> str:
    """A day in a table: 2026-11-23."""
    return _time(value, formats.table_day(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time: 2026-11-23 15:08."""
    return _time(value, formats.table_moment(value)) if value else ""


@register.simple_tag
def now_moment() -> str:
    return formats.table_moment(clock.now())


@register.simple_tag
def person_name(name: str, latin: str = "") -> SafeString:
    """Draw a person's name as the holder writes it, never translated; pinyin only outside Chinese pages."""
    if latin and not formats.in_chinese():
        return format_html('<span translate="no">{} <span lang="zh-Hans-CN">({})</span></span>', latin, name)
    return format_html('<bdi translate="no" lang="zh-Hans-CN">{}</bdi>', name)


# Frame


@register.simple_tag
def lang_tag(code: str) -> str:
    """zh-hans → zh-Hans-CN, the tag that also picks the right glyphs."""
    return "zh-Hans-CN" if code.startswith("zh") else code


@register.simple_tag
def home_url() -> str:
    return f"/{get_language()}/"


@register.simple_tag(takes_context=True)
def language_link(context: Context) -> SafeString:
    """Link to this page in the other language; a view may set `other_language_url` where addresses differ."""
    code, label, tag = ("en", "English", "en") if formats.in_chinese() else ("zh-hans", "中文", "zh-Hans-CN")
    url = context.get("other_language_url") or _translated_page_url(context, code) or _translated_path(context, code)
    return format_html('<a href="{}" lang="{}" hreflang="{}">{}</a>', url, tag, tag, label)


def _translated_path(context: Context, code: str) -> str:
    request = context.get("request")
    if request is None:
        return f"/{code}/"
    translated = str(translate_url(request.get_full_path(), code))
    return f"/{code}/" if translated == request.get_full_path() else translated


def _translated_page_url(context: Context, code: str) -> str:
    """Return the address of the Wagtail page's translation, empty when there is none."""
    page = context.get("page")
    if not hasattr(page, "get_translation_or_none"):
        return ""
    locale = type(page.locale).objects.filter(language_code=code).first() if page is not None else None
    other = page.get_translation_or_none(locale) if page is not None and locale else None
    with override(code):
        return str(other.get_url(context.get("request")) or "") if other and other.live else ""


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    """`crumbs`: pairs (label, url); the last has an empty url."""
    return {"crumbs": crumbs}


# Forms


@register.filter
def field_kind(field: forms.BoundField) -> str:
    """How the field template draws it: group (radios, boxes), parts (several controls), check, file, one."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "parts" if field.use_fieldset else "one"


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*bound_forms: Any) -> dict[str, Any]:
    """Say above the h1 what is to be corrected; takes forms, shows nothing when all is well."""
    return {"errors": values.field_errors(form for form in bound_forms if form is not None and form.is_bound)}


# Lists


def page_numbers(current: int, last: int) -> list[int | str]:
    """Return the pages to link: first, last, some around the current one, gaps between."""
    if last <= PAGES_ALL_MAX:
        return list(range(1, last + 1))
    near = range(max(current - PAGES_AROUND, 1), min(current + PAGES_AROUND, last) + 1)
    shown = sorted({1, last, *near})
    numbers: list[int | str] = []
    for number in shown:
        if numbers and isinstance(numbers[-1], int) and number - numbers[-1] > 1:
            numbers.append(GAP)
        numbers.append(number)
    return numbers


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Links through a Django `Page`, keeping every other parameter of the address; nothing for a single page."""
    request = context["request"]
    kept = [(name, value) for name, items in request.GET.lists() if name != "page" for value in items]
    return {
        "request": request,
        "page": page,
        "numbers": page_numbers(page.number, page.paginator.num_pages),
        "kept": kept,
    }


@register.inclusion_tag("ui/empty.html")
def empty_state(title: str, why: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    return {"title": title, "why": why, "url": url, "label": label}


@register.inclusion_tag("ui/summary_list.html")
def summary_list(rows: list[values.SummaryRow | Mapping[str, Any]]) -> dict[str, Any]:
    return {"rows": rows}


@register.inclusion_tag("ui/task_list.html")
def task_list(tasks: list[values.Task | Mapping[str, Any]]) -> dict[str, Any]:
    return {"tasks": tasks}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: list[values.TimelineEntry | Mapping[str, Any]]) -> dict[str, Any]:
    return {"entries": entries}


@register.inclusion_tag("ui/comparison.html")
def comparison(
    lines: list[values.ComparisonLine | Mapping[str, Any]], left: str, right: str, caption: str = ""
) -> dict[str, Any]:
    return {"lines": lines, "left": left, "right": right, "caption": caption}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: list[values.Tab | Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    return {"tabs": items, "label": label or _("Views")}


@register.inclusion_tag("ui/chips.html")
def chips(items: list[values.Chip | Mapping[str, Any]], clear_url: str = "") -> dict[str, Any]:
    return {"chips": items, "clear_url": clear_url}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int, words: str) -> dict[str, Any]:
    """Progress in words with a bar behind them: `words` is whole ("已完成 7/12 节")."""
    return {"done": done, "total": total, "words": words}


# Figures and verdicts


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(chart: charts.BarChart) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("ui/line_chart.html")
def line_chart(chart: charts.LineChart) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("ui/verdict.html")
def verdict(state: str, word: str, said: str = "", checked: str = "") -> dict[str, Any]:
    """State of a certificate: valid, revoked, unknown, unavailable; `checked` says when, by the server's clock."""
    return {"state": state, "word": word, "said": said, "checked": checked}
