"""Agreements and rules: both sides approve the same text, and what is not theirs they do not find."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from credits.agreements.actions import (
    approve_agreement,
    draft_agreement,
    edit_agreement,
    end_agreement,
    propose_agreement,
    return_agreement,
)
from credits.agreements.equivalence_actions import (
    approve_equivalence,
    discard_equivalence,
    draft_equivalence,
    retire_equivalence,
)
from credits.agreements.models import AgreementMove, AgreementVersion, Equivalence
from credits.agreements.queries import deciding_rule, version_in_force
from credits.agreements.rules import EquivalenceKind
from edu.events.models import Event
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.courses import make_course
from tests.factories.credits import (
    World,
    agreement_in_force,
    bring_into_force,
    make_rule_terms,
    make_terms,
    make_world,
    rule_in_force,
)
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def trace() -> tuple[int, int, list[str]]:
    statuses = AgreementVersion.objects.order_by("pk").values_list("status", flat=True)
    return AgreementMove.objects.count(), Event.objects.count(), list(statuses)


def seen(version: AgreementVersion) -> dict[str, Any]:
    return {"version_uuid": version.uuid, "seen_hash": version.content_hash}


def test_both_registrars_approve_the_same_text_and_it_comes_into_force(world: World) -> None:
    version = agreement_in_force(world)
    version.refresh_from_db()
    assert version.status == "in_force"
    assert {a.content_hash for a in version.approvals.all()} == {version.content_hash}
    assert {a.institution_uuid for a in version.approvals.all()} == {world.home.uuid, world.host.uuid}
    assert [m.target for m in version.moves.all()] == ["draft", "proposed", "approved_by_one", "in_force"]
    assert version_in_force(world.host.uuid, world.home.uuid, dt.date(2026, 9, 1)) == version


def test_one_side_cannot_approve_twice(world: World) -> None:
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    propose_agreement(**seen(version), acting=world.home_registrar)
    approve_agreement(**seen(version), acting=world.home_registrar)
    before = trace()
    colleague = make_actor(make_person(role="registrar", institution=world.home, number="T7"))
    with pytest.raises(Stale, match="already-approved"):
        approve_agreement(**seen(version), acting=colleague)
    assert trace() == before


def test_an_approval_of_an_older_text_is_stale_and_told_what_changed(world: World) -> None:
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    old = seen(version)
    propose_agreement(**old, acting=world.home_registrar)
    return_agreement(version_uuid=version.uuid, reason="改步长", acting=world.host_registrar)
    changed = edit_agreement(**old, terms=make_terms(rounding_step=Decimal("1.00")), acting=world.home_registrar)
    propose_agreement(**seen(changed), acting=world.home_registrar)
    before = trace()
    with pytest.raises(Stale, match="text-changed") as refused:
        approve_agreement(**old, acting=world.host_registrar)
    assert trace() == before
    assert [(c["before"], c["after"]) for c in refused.value.details["changes"]] == [("0.50", "1.00")]


def test_an_approval_does_not_survive_going_back_to_a_draft(world: World) -> None:
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    propose_agreement(**seen(version), acting=world.home_registrar)
    approve_agreement(**seen(version), acting=world.home_registrar)
    return_agreement(version_uuid=version.uuid, reason="再议", acting=world.host_registrar)
    propose_agreement(**seen(version), acting=world.home_registrar)
    again = approve_agreement(**seen(version), acting=world.host_registrar)
    assert again.status == "approved_by_one"


def test_the_next_version_ends_the_one_before_it(world: World) -> None:
    first = agreement_in_force(world)
    second = agreement_in_force(world, rounding_step=Decimal("1.00"))
    first.refresh_from_db()
    assert (first.status, second.status, second.edition) == ("ended", "in_force", 2)


def test_an_edit_over_an_edit_is_stale(world: World) -> None:
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    old = seen(version)
    edit_agreement(**old, terms=make_terms(note="甲"), acting=world.home_registrar)
    with pytest.raises(Stale, match="text-changed"):
        edit_agreement(**old, terms=make_terms(note="乙"), acting=world.host_registrar)


def test_a_proposed_text_stands_still(world: World) -> None:
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    propose_agreement(**seen(version), acting=world.home_registrar)
    with pytest.raises(Refusal, match="not-a-draft"):
        edit_agreement(**seen(version), terms=make_terms(note="甲"), acting=world.home_registrar)


def test_two_open_versions_are_refused(world: World) -> None:
    draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(), acting=world.home_registrar)
    before = trace()
    with pytest.raises(Refusal, match="open-version-exists"):
        draft_agreement(partner_uuid=world.home.uuid, terms=make_terms(), acting=world.host_registrar)
    with pytest.raises(Refusal, match="same-institution"):
        draft_agreement(partner_uuid=world.home.uuid, terms=make_terms(), acting=world.home_registrar)
    assert trace() == before


def test_strangers_find_no_agreement_and_students_may_not(world: World) -> None:
    version = agreement_in_force(world)
    stranger = make_actor(make_person(role="registrar"))
    with pytest.raises(NotThere):
        end_agreement(version_uuid=version.uuid, reason="", acting=stranger)
    with pytest.raises(NotPermitted):
        end_agreement(version_uuid=version.uuid, reason="", acting=world.student)


def test_a_retired_rule_still_decides_the_terms_of_its_period(world: World) -> None:
    rule = rule_in_force(world, valid_from_on=dt.date(2024, 9, 1))
    retire_equivalence(
        equivalence_uuid=rule.uuid, last_on=dt.date(2026, 8, 31), reason="新大纲", acting=world.home_registrar
    )
    asked = {"course_uuid": world.run.course.uuid, "programme_uuid": world.programme.uuid}
    assert deciding_rule(**asked, taken_on=dt.date(2025, 9, 1)) == rule
    assert deciding_rule(**asked, taken_on=dt.date(2026, 9, 1)) is None


def test_the_next_version_of_a_rule_decides_from_its_first_day(world: World) -> None:
    old = rule_in_force(world, valid_from_on=dt.date(2024, 9, 1))
    new = rule_in_force(world, follows_uuid=old.uuid, valid_from_on=dt.date(2026, 9, 1), ratio=Decimal("0.75"))
    asked = {"course_uuid": world.run.course.uuid, "programme_uuid": world.programme.uuid}
    assert deciding_rule(**asked, taken_on=dt.date(2026, 8, 31)) == old
    assert deciding_rule(**asked, taken_on=dt.date(2026, 9, 1)) == new
    assert (new.family, new.edition) == (old.family, 2)


def test_two_rules_for_the_same_day_are_refused(world: World) -> None:
    rule_in_force(world)
    second = draft_equivalence(terms=make_rule_terms(world), acting=world.home_registrar)
    with pytest.raises(Refusal, match="rule-overlaps"):
        approve_equivalence(equivalence_uuid=second.uuid, seen_hash=second.content_hash, acting=world.home_registrar)
    second.refresh_from_db()
    assert second.status == "draft"
    assert discard_equivalence(equivalence_uuid=second.uuid, acting=world.home_registrar).status == "discarded"


def test_a_rule_is_about_another_institutions_course_and_ones_own_slot(world: World) -> None:
    own = make_course(world.home)
    with pytest.raises(Refusal, match="course-is-own"):
        draft_equivalence(terms=make_rule_terms(world, host_course_uuid=own.uuid), acting=world.home_registrar)
    with pytest.raises(Refusal, match="slot-not-own"):
        draft_equivalence(terms=make_rule_terms(world), acting=world.host_registrar)
    with pytest.raises(Refusal, match="reason-missing"):
        draft_equivalence(terms=make_rule_terms(world, kind=EquivalenceKind.NONE), acting=world.home_registrar)
    assert Equivalence.objects.count() == 0


def test_bringing_a_draft_into_force_is_two_approvals(world: World) -> None:
    version = draft_agreement(partner_uuid=world.home.uuid, terms=make_terms(), acting=world.host_registrar)
    assert bring_into_force(world, version).status == "in_force"


def test_every_move_of_an_agreement_is_an_event(world: World) -> None:
    version = agreement_in_force(world)
    end_agreement(version_uuid=version.uuid, reason="到期", acting=world.host_registrar)
    told = Event.objects.filter(payload__agreement_version_uuid=str(version.uuid)).order_by("pk")
    kinds = {"drafted": "draft", "returned": "draft"}
    assert [kinds.get(e.name.rsplit(".", 1)[1], e.name.rsplit(".", 1)[1]) for e in told] == [
        move.target for move in version.moves.all()
    ]
