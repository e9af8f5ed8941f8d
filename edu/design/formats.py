"""Numbers, dates and names as readers of each language expect them; pure apart from the active language.

Sources: GB/T 7408 and GB/T 15835 for dates and digits; the credit's one decimal is the house's rule.
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils import formats as django_formats
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
BYTES_STEP = 1024
MINUTES_AN_HOUR = 60


def in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def local_day(value: date | datetime) -> date:
    """Return the calendar day in the site's time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def long_day(value: date | datetime) -> str:
    """Return the day for a sentence: 2026年11月23日, 23 November 2026."""
    day = local_day(value)
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def table_day(value: date | datetime) -> str:
    """Return the day for a table: 2026-11-23."""
    return local_day(value).isoformat()


def table_moment(value: datetime) -> str:
    """Return day and time in the site's time zone: 2026-11-23 15:08."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


def points(value: Decimal) -> str:
    """Return an amount of credit without its unit: one decimal, two only where the second is not nought."""
    two = value.quantize(Decimal("0.01"))
    one = value.quantize(Decimal("0.1"))
    return f"{one:,}" if one == two else f"{two:,}"


def points_with_unit(value: Decimal) -> str:
    return _("%(points)s credits") % {"points": points(value)}


def hours_with_unit(value: int | Decimal) -> str:
    return ngettext("%(n)s contact hour", "%(n)s contact hours", int(value)) % {"n": int(value)}


def count(value: int) -> str:
    """Return a whole number with thousands separators: 12,480 (never 1.2万 in official tables)."""
    return f"{int(value):,}"


def waiting(days: int) -> str:
    """Return how long something has waited: 今天, 9 天."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("today")


def file_size(size_bytes: int) -> str:
    """Return a file's size as people say it: 3.2 MB."""
    amount, units = float(size_bytes), ["B", "KB", "MB", "GB"]
    while amount >= BYTES_STEP and len(units) > 1:
        amount, units = amount / BYTES_STEP, units[1:]
    number = f"{amount:.0f}" if units[0] in {"B", "KB"} else django_formats.localize(round(amount, 1))
    return f"{number} {units[0]}"


def duration(minutes: int) -> str:
    """Return a length of time in words: 48 分钟, 1 小时 20 分钟."""
    hours, rest = divmod(int(minutes), MINUTES_AN_HOUR)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return _("%(h)s h %(n)s min") % {"h": hours, "n": rest} if rest else _("%(h)s h") % {"h": hours}
