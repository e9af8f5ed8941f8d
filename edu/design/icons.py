"""The icon sprite: names come from one list that the front-end build reads too."""

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static

LIST = Path(__file__).resolve().parent.parent / "client" / "icons.json"
SPRITE = "dist/icons.svg"


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    return frozenset(json.loads(LIST.read_text(encoding="utf-8")))


def known(name: str) -> str:
    """Return `name` if the sprite has it; ValueError says where to add it."""
    if name not in names():
        raise ValueError(f"No icon {name!r}: add it to edu/client/icons.json and build.")
    return name


@lru_cache(maxsize=1)
def sprite_url() -> str:
    return static(SPRITE)
