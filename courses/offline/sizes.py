"""How much a unit weighs when it is taken along: its text and the files it shows, each file of a course once."""

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from courses.content.models import ContentAsset, ContentBlock
from courses.media.queries import lightest
from courses.runtime.assets import bare

VERSIONS_MAX = 64  # versions never change; a few KB each
PAGE_BYTES = 6_000  # the frame around the blocks
REFERENCE = re.compile(r"/?static/([^\"'()<>\s?#&\\]+)")


@dataclass(frozen=True, slots=True)
class UnitWeight:
    """One unit's bytes; `files` names its files by their hash, so that a shared one is counted once."""

    usage_id: str
    text_bytes: int
    files: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Text and files together."""
        return self.text_bytes + sum(size for _name, size in self.files)


@lru_cache(maxsize=VERSIONS_MAX)
def weights(version_id: int, version_uuid: UUID) -> dict[str, UnitWeight]:
    """Return the weight of each unit of a version, in two queries, kept."""
    known = {path: (sha, size) for path, sha, size in _assets(version_id)}
    texts: dict[str, int] = {}
    files: dict[str, dict[str, int]] = {}
    rows = ContentBlock.objects.filter(version_id=version_id).exclude(unit_usage_id="")
    for unit_id, fields in rows.values_list("unit_usage_id", "fields"):
        text = json.dumps(fields, ensure_ascii=False)
        texts[unit_id] = texts.get(unit_id, PAGE_BYTES) + len(text.encode())
        found = files.setdefault(unit_id, {})
        found.update(dict(known[path] for path in _references(text, fields) if path in known))
    return {unit: UnitWeight(unit, size, tuple(files[unit].items())) for unit, size in texts.items()}


def taken_along(version_id: int, version_uuid: UUID) -> dict[str, UnitWeight]:
    """Return the weight of each unit as it is fetched: a film with a light copy is taken along in that copy."""
    lighter = lightest(version_id, version_uuid)
    weighed = weights(version_id, version_uuid)
    return {
        unit: replace(weight, files=tuple(lighter.get(sha, (sha, size)) for sha, size in weight.files))
        for unit, weight in weighed.items()
    }


def total(weighed: dict[str, UnitWeight]) -> int:
    """Return the bytes of all units, files that several show once."""
    files = dict(entry for unit in weighed.values() for entry in unit.files)
    return sum(unit.text_bytes for unit in weighed.values()) + sum(files.values())


def _assets(version_id: int) -> list[tuple[str, str, int]]:
    rows = ContentAsset.objects.filter(version_id=version_id).values_list("path", "sha256", "size")
    return [(bare(path), sha, size) for path, sha, size in rows]


def _references(text: str, fields: dict[str, dict[str, Any]]) -> set[str]:
    found = set(REFERENCE.findall(text))
    for scope in fields.values():
        found |= {bare(str(source)) for source in scope.get("html5_sources") or [] if source}
        found |= {bare(str(name)) for name in (scope.get("transcripts") or {}).values()}
    return found
