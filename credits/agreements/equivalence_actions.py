"""Writing, approving and retiring the rules by which a host course counts at home."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import api as courses
from credits import events
from credits.agreements import rules
from credits.agreements.actions import begin_history, require_registrar
from credits.agreements.locks import one_at_a_time
from credits.agreements.models import Equivalence
from credits.agreements.rules import EquivalenceKind, EquivalenceTerms
from credits.agreements.states import EQUIVALENCE_MOVES, EquivalenceStatus
from credits.agreements.words import REFUSALS, refusal
from edu.events.actions import record
from edu.events.history import move
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotThere, Stale
from edu.kernel.periods import Period

DECIDES = (EquivalenceStatus.APPROVED, EquivalenceStatus.RETIRED)


@transaction.atomic
def draft_equivalence(*, terms: EquivalenceTerms, acting: Actor, follows_uuid: UUID | None = None) -> Equivalence:
    """Write a rule, or with `follows_uuid` the next version of an approved one; it decides nothing until approved."""
    own = require_registrar(acting)
    assert acting.person_uuid is not None
    if fault := rules.fault_of_equivalence(terms):
        raise refusal(fault)
    course = courses.course(terms.host_course_uuid)
    slot = institutions.slot(terms.slot_uuid)
    programme = institutions.programme(slot.programme_uuid)
    if programme.institution_uuid != own:
        raise refusal("slot-not-own")
    if course.institution_uuid == own:
        raise refusal("course-is-own")
    family, edition = _place_in_family(follows_uuid, acting)
    uuid = uuid4()
    document = rules.equivalence_document(
        uuid=uuid, edition=edition, host_course_code=course.code, slot_code=slot.code,
        plan_version=programme.plan_version, terms=terms,
    )  # fmt: skip
    rule = Equivalence.objects.create(
        uuid=uuid, family=family, edition=edition, home_uuid=own, host_uuid=course.institution_uuid,
        programme_uuid=programme.uuid, author_person_uuid=acting.person_uuid, document=document,
        content_hash=content_hash(document), **_columns(terms),
    )  # fmt: skip
    begin_history(rule, EquivalenceStatus.DRAFT, acting)
    _announce(events.EQUIVALENCE_DRAFTED, rule, acting)
    return rule


@transaction.atomic
def approve_equivalence(*, equivalence_uuid: UUID, seen_hash: str, acting: Actor) -> Equivalence:
    """Let a rule decide from its first day on; the version before it is retired to the day before.

    Refused while another rule decides the same course, programme and a day of the same period: which rule
    counts must never be a matter of luck.
    """
    rule = _locked(equivalence_uuid, acting)
    if rule.content_hash != seen_hash:
        raise Stale("text-changed", REFUSALS["text-changed"])
    one_at_a_time("equivalence", rule.host_course_uuid, rule.programme_uuid)
    older = _family_in_force(rule)
    if older:
        _retire_before(older, rule.valid_from_on, acting)
    if _overlapping(rule):
        raise refusal("rule-overlaps")
    move(
        rule, to=EquivalenceStatus.APPROVED, table=EQUIVALENCE_MOVES, acting=acting,
        approved_by_person_uuid=acting.person_uuid, approved_at=clock.now(),
    )  # fmt: skip
    _announce(events.EQUIVALENCE_APPROVED, rule, acting)
    return rule


@transaction.atomic
def retire_equivalence(*, equivalence_uuid: UUID, last_on: dt.date, reason: str, acting: Actor) -> Equivalence:
    """Let a rule end with the terms that begin on or before `last_on`; those it goes on to decide."""
    rule = _locked(equivalence_uuid, acting)
    if last_on < rule.valid_from_on:
        raise refusal("period-out-of-order")
    _retire(rule, last_on, acting, reason)
    return rule


@transaction.atomic
def discard_equivalence(*, equivalence_uuid: UUID, acting: Actor) -> Equivalence:
    """Put a draft away; it never decided anything."""
    rule = _locked(equivalence_uuid, acting)
    move(rule, to=EquivalenceStatus.DISCARDED, table=EQUIVALENCE_MOVES, acting=acting)
    _announce(events.EQUIVALENCE_DISCARDED, rule, acting)
    return rule


def _columns(terms: EquivalenceTerms) -> dict[str, Any]:
    none = terms.kind is EquivalenceKind.NONE
    return {
        "host_course_uuid": terms.host_course_uuid,
        "slot_uuid": terms.slot_uuid,
        "kind": terms.kind,
        "ratio": Decimal(0) if none else terms.ratio,
        "minimum_grade": terms.minimum_grade,
        "valid_from_on": terms.valid_from_on,
        "valid_to_on": terms.valid_to_on,
        "reason": terms.reason,
        "evidence": terms.evidence,
    }


def _place_in_family(follows_uuid: UUID | None, acting: Actor) -> tuple[UUID, int]:
    if follows_uuid is None:
        return uuid4(), 1
    older = _locked(follows_uuid, acting)
    versions = Equivalence.objects.filter(family=older.family)
    if versions.filter(status=EquivalenceStatus.DRAFT).exists():
        raise refusal("open-version-exists")
    return older.family, versions.count() + 1


def _locked(equivalence_uuid: UUID, acting: Actor) -> Equivalence:
    """Return the rule with its row locked, for a registrar of the home institution; NotThere for others."""
    own = require_registrar(acting)
    rule = Equivalence.objects.select_for_update().filter(uuid=equivalence_uuid, home_uuid=own).first()
    if rule is None:
        raise NotThere("equivalence-not-there", _("There is no such rule."))
    return rule


def _family_in_force(rule: Equivalence) -> Equivalence | None:
    return Equivalence.objects.filter(family=rule.family, status=EquivalenceStatus.APPROVED).first()


def _overlapping(rule: Equivalence) -> bool:
    own = Period(rule.valid_from_on, rule.valid_to_on)
    others = Equivalence.objects.filter(
        host_course_uuid=rule.host_course_uuid, programme_uuid=rule.programme_uuid, status__in=DECIDES
    ).exclude(pk=rule.pk)
    return any(own.overlaps(Period(other.valid_from_on, other.valid_to_on)) for other in others)


def _retire_before(rule: Equivalence, new_from_on: dt.date, acting: Actor) -> None:
    try:
        left = rules.period_before(Period(rule.valid_from_on, rule.valid_to_on), new_from_on)
    except ValueError:
        raise refusal("nothing-left") from None
    assert left.to_on is not None
    _retire(rule, left.to_on, acting, "superseded by the next version")


def _retire(rule: Equivalence, last_on: dt.date, acting: Actor, reason: str) -> None:
    """End the rule's period and write it into its document: what was promised under the old text shows as changed."""
    document = {**rule.document, "valid_to_on": last_on.isoformat()}
    move(
        rule, to=EquivalenceStatus.RETIRED, table=EQUIVALENCE_MOVES, acting=acting, reason=reason,
        valid_to_on=last_on, document=document, content_hash=content_hash(document),
    )  # fmt: skip
    _announce(events.EQUIVALENCE_RETIRED, rule, acting)


def _announce(name: str, rule: Equivalence, acting: Actor) -> None:
    record(name, {"equivalence_uuid": str(rule.uuid), "content_hash": rule.content_hash}, acting=acting)
