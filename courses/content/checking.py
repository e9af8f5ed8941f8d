"""What checks found in versions: made by linting.py once for each version and edition of its rules, and kept.

`findings_of(version)` is what other applets call; drafts that are no versions yet are checked by `linting.lint`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from courses.content import linting
from courses.content.linting import File, Film, Finding, Item, Report, Severity, UnitWeight
from courses.content.models import ContentAsset, ContentBlock, ContentCheck, ContentVersion

ROWS_AT_ONCE = 500


def findings_of(version: ContentVersion) -> Report:
    """Return the findings and weights of a version: one query when they are kept, else they are made and kept."""
    return report_of(kept_check(version))


def kept_check(version: ContentVersion) -> ContentCheck:
    """Return the check of a version by the present rules, made now if nobody asked before."""
    found = ContentCheck.objects.filter(version=version, edition=linting.EDITION).first()
    return found or check(version)


def check(version: ContentVersion) -> ContentCheck:
    """Check a version and keep what was found; of two at once the first one's is kept, and both found the same."""
    url_names = ContentBlock.objects.filter(version=version).values_list("url_name", flat=True)
    report = linting.lint(_items(version), _files(version), url_names)
    made = ContentCheck(
        version=version,
        edition=linting.EDITION,
        findings=[_finding_document(finding) for finding in report.findings],
        units=[_unit_document(unit) for unit in report.units],
        **report.counts(),
    )
    ContentCheck.objects.bulk_create([made], ignore_conflicts=True)
    return made


def counts_of(version_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return version → severity → number of findings, in one query; versions not checked yet are left out."""
    rows = ContentCheck.objects.filter(version_id__in=list(version_ids), edition=linting.EDITION)
    return {
        version_id: {Severity.MUST.value: must, Severity.LOOK.value: look, Severity.INFO.value: info}
        for version_id, must, look, info in rows.values_list("version_id", "must", "look", "info")
    }


def must_be_fixed(version: ContentVersion) -> list[dict[str, Any]]:
    """Return the findings that hold a publication up, as [{"code": …, "count": …}]."""
    row = kept_check(version)
    if not row.must:
        return []
    codes = Counter(document["code"] for document in row.findings)
    return [
        {"code": code, "count": count} for code, count in codes.items() if linting.SEVERITIES.get(code) == Severity.MUST
    ]


def report_of(row: ContentCheck) -> Report:
    """Return a kept check as values."""
    return Report(
        tuple(_finding(document) for document in row.findings if document["code"] in linting.SEVERITIES),
        tuple(_unit(document) for document in row.units),
    )


def _items(version: ContentVersion) -> Iterator[Item]:
    rows = ContentBlock.objects.filter(version=version).order_by("ordinal")
    columns = (
        "usage_id", "block_type", "level", "unit_usage_id", "display_name", "fields", "support", "reason",
        "needs_sandbox",
    )  # fmt: skip
    for usage_id, kind, level, unit, name, fields, support, reason, sandbox in rows.values_list(*columns).iterator(
        ROWS_AT_ONCE
    ):
        yield Item(
            usage_id, kind, level, unit, name, fields.get("settings", {}), fields.get("content", {}), support, reason,
            sandbox,
        )  # fmt: skip


def _files(version: ContentVersion) -> Iterator[File]:
    rows = ContentAsset.objects.filter(version=version).order_by("path")
    yield from (File(*row) for row in rows.values_list("path", "size", "media_type"))


def _finding_document(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "block": finding.usage_id,
        "unit": finding.unit_usage_id,
        "name": finding.block_name,
        "names": list(finding.names),
        "count": finding.count,
    }


def _finding(document: dict[str, Any]) -> Finding:
    return Finding(
        document["code"],
        document["block"],
        document["unit"],
        document["name"],
        tuple(document["names"]),
        document["count"],
    )


def _unit_document(unit: UnitWeight) -> dict[str, Any]:
    return {
        "unit": unit.usage_id,
        "name": unit.name,
        "text": unit.text_bytes,
        "files": [[path, size, kind] for path, (size, kind) in sorted(unit.files.items())],
        "offered": sorted(unit.offered.items()),
        "films": [[[film.name, film.size, film.quality] for film in films] for films in unit.films],
        "hinders": sorted(unit.hinders),
        "on_line": sorted(unit.on_line),
    }


def _unit(document: dict[str, Any]) -> UnitWeight:
    return UnitWeight(
        document["unit"],
        document["name"],
        document["text"],
        {path: (size, kind) for path, size, kind in document["files"]},
        dict(document["offered"]),
        [tuple(Film(*film) for film in films) for films in document["films"]],
        set(document["hinders"]),
        set(document["on_line"]),
    )
