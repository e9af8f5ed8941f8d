"""Which blocks of a draft name which of its files, so that nobody removes a picture from under a text."""

from collections.abc import Iterator, Mapping
from typing import Any

from courses.authoring.models import ContentDraft, DraftBlock, DraftFile
from courses.content import building, rules

ROWS_AT_ONCE = 500
COURSE = "course"


def of_draft(draft: ContentDraft) -> dict[str, list[str]]:
    """Return the usage ids of the blocks that name a file, by the file's key, in one query for any number of blocks.

    The course's own block stands for its settings and policies. Files that name each other (a web page its pictures)
    are not looked into.
    """
    found: dict[str, list[str]] = {}
    rows = DraftBlock.objects.filter(draft=draft).order_by("id").only("usage_id", "block_type", "olx", "fields")
    for row in rows.iterator(ROWS_AT_ONCE):
        for key in _keys(draft, row):
            found.setdefault(key, []).append(row.usage_id)
    return found


def of_file(draft: ContentDraft, file: DraftFile) -> list[str]:
    """Return the usage ids of the blocks that name one file."""
    return of_draft(draft).get(file.key, [])


def _keys(draft: ContentDraft, row: DraftBlock) -> set[str]:
    if row.block_type == COURSE:
        names = {name.removeprefix("/") for name in _words([row.fields, draft.course_policy])}
        names |= rules.static_files(row.olx)
    else:
        content = row.fields.get("content", {}).get("data") if row.block_type == "html" else None
        names = building.asked_for(row.block_type, f"{row.olx}\n{content or ''}", row.fields)[0]
    return {rules.asset_key(spelt) for name in names for spelt in (f"static/{name}", name)}


def _words(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, with the files that it names."""
    if isinstance(value, str):
        yield value
        yield from rules.static_files(value)
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _words(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _words(inside)
