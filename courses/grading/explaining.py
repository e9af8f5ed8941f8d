"""The document of a result: what two persons sign. It holds the tree of what counted how, and the facts under it."""

from collections.abc import Mapping
from typing import Any

from courses.enrolment.models import Enrolment
from courses.grading import facts as facts_of
from courses.grading import rules
from courses.grading.data import HeldPolicy
from courses.grading.documents import decimal_text, policy_from_document
from courses.grading.policy import PERCENT_SCALE
from courses.grading.rules import Computed, Facts, Line, Piece


def result_document(
    enrolment: Enrolment, attempt: int, held: HeldPolicy, facts: Facts, computed: Computed
) -> dict[str, Any]:
    """Return the canonical document of a computed result, before any override at its submission."""
    return {
        "type": "guixue.result",
        "version": "2",
        "enrolment": str(enrolment.uuid),
        "run": str(enrolment.run.uuid),
        "person": str(enrolment.person.uuid),
        "attempt": str(attempt),
        "policy": held.content_hash,
        "policy_number": str(held.number),
        "home": str(held.home_uuid or ""),
        "content_version": str(enrolment.run.content.uuid) if enrolment.run.content else "",
        "scale": PERCENT_SCALE,
        **outcome(computed),
        "facts": facts_of.as_document(facts),
    }


def outcome(computed: Computed) -> dict[str, Any]:
    """Return score, grade and the tree, all as strings."""
    decided = {"computed_score": str(computed.computed_score), "override_reason": computed.reason}
    return {
        "score": str(computed.score),
        "grade": str(computed.grade),
        "level": computed.level,
        "passed": "yes" if computed.passed else "no",
        **(decided if computed.reason else {}),
        "capped": "yes" if computed.capped else "no",
        "lines": [line_document(line) for line in computed.lines],
        "requirements": [
            {
                "code": requirement.code,
                "needed": decimal_text(requirement.needed),
                "reached": decimal_text(requirement.reached),
                "met": "yes" if requirement.met else "no",
            }
            for requirement in computed.requirements
        ],
    }


def line_document(line: Line) -> dict[str, Any]:
    """Return one line of the tree as strings, as documents and templates have it."""
    return {
        "kind": line.kind,
        "name": line.name,
        "weight_percent": decimal_text(line.weight_percent),
        "computed_percent": decimal_text(line.computed_percent),
        "mean_percent": decimal_text(line.mean_percent),
        "points": decimal_text(line.points),
        "missing": str(line.missing),
        "note": line.note,
        "reason": line.reason,
        "works": [_piece(piece) for piece in line.pieces],
    }


def _piece(piece: Piece) -> dict[str, str]:
    return {
        "usage_id": piece.key,
        "name": piece.name,
        "earned": decimal_text(piece.earned),
        "possible": decimal_text(piece.possible),
        "late_points": decimal_text(piece.late_points),
        "dropped": "no" if piece.counts else "yes",
        "note": piece.note,
    }


def computed_again(document: Mapping[str, Any], policy_document: Mapping[str, Any]) -> Computed:
    """Return the grade that a result's own facts give under a policy document: for checks years later."""
    return rules.compute(policy_from_document(policy_document), facts_of.from_document(document["facts"]))
