"""Policies as canonical documents, written and read: pure. The hash of a document stands in every result.

Version 1 (before components, process score and conditions) is read for ever; version 2 is written.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from courses.grading.policy import (
    PERCENT_SCALE,
    SCORE_PLACES,
    AssignmentRule,
    ComponentRule,
    EntryRule,
    LateRule,
    Policy,
    PolicyUnusable,
    ProcessRule,
    ResitRule,
    ScaleRule,
    Source,
    checked,
)


def policy_document(policy: Policy, *, run: str, source: Source, home: str = "") -> dict[str, Any]:
    """Return the canonical document of a policy; `home` is the institution whose learners it is for, "" for all."""
    return {
        "type": "guixue.grading-policy",
        "version": "2",
        "run": run,
        "home": home,
        "source": {
            "title": source.title, "issuer": source.issuer, "number": source.number, "dated_on": source.dated_on,
        },
        "pass_mark": decimal_text(policy.pass_mark),
        "scale": {
            "name": PERCENT_SCALE,
            "places": str(policy.scale.places),
            "rounding": policy.scale.rounding,
            "levels": [{"from": decimal_text(border), "word": word} for border, word in policy.scale.levels],
        },
        "assignments": [_assignment(rule) for rule in policy.assignments],
        "components": [_component(rule) for rule in policy.components],
        "process": _process(policy.process) if policy.process else {},
        "entry": {
            "gates": list(policy.entry.gates),
            "video_percent_min": decimal_text(policy.entry.video_percent_min),
            "tasks_percent_min": decimal_text(policy.entry.tasks_percent_min),
            "study_days_min": str(policy.entry.study_days_min),
            "meetings_min": str(policy.entry.meetings_min),
        },
        "late": {
            "grace_hours": str(policy.late.grace_hours),
            "percent_per_day": decimal_text(policy.late.percent_per_day),
            "percent_max": decimal_text(policy.late.percent_max),
        },
        "resit": {
            "attempts_max": str(policy.resit.attempts_max),
            "cap_score": "" if policy.resit.cap_score is None else decimal_text(policy.resit.cap_score),
            "absent_may": "yes" if policy.resit.absent_may else "no",
        },
    }  # fmt: skip


def decimal_text(value: Decimal) -> str:
    """Return a decimal with two places, the one spelling of documents."""
    return str(value.quantize(SCORE_PLACES))


def _assignment(rule: AssignmentRule) -> dict[str, str]:
    return {
        "name": rule.name,
        "weight_percent": decimal_text(rule.weight_percent),
        "min_count": str(rule.min_count),
        "drop_count": str(rule.drop_count),
    }


def _component(rule: ComponentRule) -> dict[str, str]:
    return {
        "kind": rule.kind,
        "name": rule.name,
        "weight_percent": decimal_text(rule.weight_percent),
        "min_count": str(rule.min_count),
        "late_percent": decimal_text(rule.late_percent),
    }


def _process(rule: ProcessRule) -> dict[str, str]:
    return {
        "name": rule.name,
        "weight_percent": decimal_text(rule.weight_percent),
        "days_share": decimal_text(rule.days_share),
        "minutes_share": decimal_text(rule.minutes_share),
        "interactions_share": decimal_text(rule.interactions_share),
        "days_full": str(rule.days_full),
        "day_minutes": str(rule.day_minutes),
        "minutes_full": str(rule.minutes_full),
        "interactions_full": str(rule.interactions_full),
    }


def policy_from_document(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a document that `policy_document` made, of either version; PolicyUnusable for others."""
    try:
        assignments = tuple(_read_assignment(entry) for entry in document["assignments"])
        pass_mark = Decimal(document["pass_mark"])
        if document["version"] == "1":
            return checked(Policy(assignments, pass_mark))
        return checked(_read_second(document, assignments, pass_mark))
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise PolicyUnusable(f"The grading policy cannot be read: {error}") from error


def source_of(document: Mapping[str, Any]) -> Source:
    """Return what a policy's document rests on."""
    given = document["source"]
    return Source(given) if isinstance(given, str) else Source(**given)


def _read_assignment(entry: Mapping[str, str]) -> AssignmentRule:
    return AssignmentRule(
        entry["name"], Decimal(entry["weight_percent"]), int(entry["min_count"]), int(entry["drop_count"])
    )


def _read_second(document: Mapping[str, Any], assignments: tuple[AssignmentRule, ...], pass_mark: Decimal) -> Policy:
    entry, late, resit, scale = document["entry"], document["late"], document["resit"], document["scale"]
    return Policy(
        assignments,
        pass_mark,
        components=tuple(_read_component(part) for part in document["components"]),
        process=_read_process(document["process"]) if document["process"] else None,
        entry=EntryRule(
            tuple(entry["gates"]),
            Decimal(entry["video_percent_min"]),
            Decimal(entry["tasks_percent_min"]),
            int(entry["study_days_min"]),
            int(entry["meetings_min"]),
        ),
        late=LateRule(int(late["grace_hours"]), Decimal(late["percent_per_day"]), Decimal(late["percent_max"])),
        resit=ResitRule(
            int(resit["attempts_max"]),
            Decimal(resit["cap_score"]) if resit["cap_score"] else None,
            resit["absent_may"] == "yes",
        ),
        scale=ScaleRule(
            int(scale["places"]),
            scale["rounding"],
            tuple((Decimal(level["from"]), level["word"]) for level in scale["levels"]),
        ),
    )


def _read_component(part: Mapping[str, str]) -> ComponentRule:
    return ComponentRule(
        part["kind"],
        part["name"],
        Decimal(part["weight_percent"]),
        int(part["min_count"]),
        Decimal(part["late_percent"]),
    )


def _read_process(part: Mapping[str, str]) -> ProcessRule:
    return ProcessRule(
        part["name"],
        Decimal(part["weight_percent"]),
        Decimal(part["days_share"]),
        Decimal(part["minutes_share"]),
        Decimal(part["interactions_share"]),
        int(part["days_full"]),
        int(part["day_minutes"]),
        int(part["minutes_full"]),
        int(part["interactions_full"]),
    )


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return path, old and new text of every leaf that differs between two policy documents, in order of paths."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    ignored = {"version", "run", "home"}
    paths = sorted((before.keys() | after.keys()) - ignored)
    return [(p, before.get(p, ""), after.get(p, "")) for p in paths if before.get(p, "") != after.get(p, "")]


def _leaves(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [leaf for key, item in value.items() for leaf in _leaves(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list | tuple):
        named = [(item.get("name") if isinstance(item, Mapping) else None) or str(i) for i, item in enumerate(value)]
        return [leaf for key, item in zip(named, value, strict=True) for leaf in _leaves(item, f"{path}[{key}]")]
    return [(path, str(value))]
