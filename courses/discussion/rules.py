"""How fast one may write, and which name fellow learners see: pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

SHORT_WINDOW: Final = dt.timedelta(minutes=10)
SHORT_MAX: Final = 8  # a lively exchange, not a flood
DAY_WINDOW: Final = dt.timedelta(hours=24)
DAY_MAX: Final = 80
REPORTS_A_DAY_MAX: Final = 20  # nobody sees more than that in one course

# Surnames of two characters (百家姓 and the most frequent today): the first character alone would be another name.
COMPOUND: Final = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐"}
    | {"宇文", "长孙", "司徒", "夏侯", "轩辕", "端木", "百里", "南宫", "独孤", "拓跋"}
)


def too_fast(moments: Iterable[dt.datetime], now: dt.datetime) -> bool:
    """True when somebody who wrote at these moments has to wait before writing again."""
    written = list(moments)
    lately = sum(1 for moment in written if moment > now - SHORT_WINDOW)
    today = sum(1 for moment in written if moment > now - DAY_WINDOW)
    return lately >= SHORT_MAX or today >= DAY_MAX


def surname(name: str, latin: str, *, chinese: bool) -> str:
    """Return the part of a name that fellow learners see; they need to tell voices apart, not to look people up."""
    if not chinese and latin:
        return latin.split()[0]
    if "·" in name:
        return name.split("·", 1)[0]
    if " " in name:
        return name.split()[0]
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]
