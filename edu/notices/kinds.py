"""What people can be told: a registry that the apps above fill at start, so that this app knows none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`sentence` is lazily translated and may hold %(name)s for each pair name_zh, name_en of a notice's params.

    An urgent kind also goes out by SMS or WeChat to those who asked for it.
    """

    key: str
    sentence: Any
    urgent: bool = False


_kinds: dict[str, NoticeKind] = {}


def register_kind(*kinds: NoticeKind) -> None:
    """Offer kinds; the same key again replaces the earlier one, so reloading is safe."""
    for kind in kinds:
        _kinds[kind.key] = kind


def known(key: str) -> NoticeKind:
    """Return a kind; LookupError when no app offers it: a mistake in the code that sends."""
    return _kinds[key]


def sentence(key: str, params: Mapping[str, str]) -> str:
    """Return what a notice says in the active language; "" for a kind that is offered no more."""
    kind = _kinds.get(key)
    return str(kind.sentence) % _in_language(params) if kind else ""


def _in_language(params: Mapping[str, str]) -> dict[str, str]:
    """Return the params without their language: English where there is some, Chinese otherwise."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    names = {name.rsplit("_", 1)[0] for name in params}
    zh = {name: params.get(f"{name}_zh", "") for name in names}
    return zh if chinese else {name: params.get(f"{name}_en") or zh[name] for name in names}
