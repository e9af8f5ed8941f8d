"""Policies: taken from the content, proposed by a teacher, approved by another person, with a preview of the change."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.enrolment.models import Enrolment
from courses.grading import facts as facts_of
from courses.grading import queries, rules
from courses.grading.access import NOT_THERE, taught_run
from courses.grading.data import HeldPolicy, Policies
from courses.grading.documents import policy_document, policy_from_document
from courses.grading.models import GradingPolicy, Result
from courses.grading.policy import Policy, PolicyUnusable, Source, checked, policy_from_olx
from courses.grading.states import POLICY, PolicyStatus, ResultStatus
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people import api as people

CONTENT_SOURCE = "content version {number}"


def policy_in_force(run: CourseRun) -> GradingPolicy:
    """Return the general policy of a run; the first time it is taken from the pinned content.

    Refusal "no-content" without pinned content, "policy-unusable" when the content's policy makes no sense.
    """
    return GradingPolicy.objects.get(pk=policies_in_force(run).general.id)


def policies_in_force(run: CourseRun, on: dt.date | None = None) -> Policies:
    """Return the policies that hold for a run on a day, in one query; the refusals are those of `policy_in_force`."""
    held = queries.policies_held(run, on)
    general = next((one for one in held if one.home_uuid is None), None)
    if general is None:
        general = queries.held_policy(_from_content(run))
    return Policies(general, {one.home_uuid: one for one in held if one.home_uuid})


@transaction.atomic
def _from_content(run: CourseRun) -> GradingPolicy:
    if run.content is None:
        raise Refusal("no-content", _("This run has no content yet. Pin a version of the content to it first."))
    try:
        policy = policy_from_olx(run.content.grading_policy)
    except PolicyUnusable as error:
        raise Refusal("policy-unusable", _("The grading policy of the content cannot be used: %s") % error) from error
    CourseRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    for row in GradingPolicy.objects.filter(run=run, home_uuid=None, status=PolicyStatus.APPROVED.value, from_on=None):
        return row  # another request was faster
    source = Source(CONTENT_SOURCE.format(number=run.content.number))
    document = policy_document(policy, run=str(run.uuid), source=source)
    return _create(run, document, reason="taken from the pinned content", status=PolicyStatus.APPROVED, acting=SYSTEM)


def _create(
    run: CourseRun, document: dict[str, Any], *, reason: str, status: PolicyStatus, acting: Actor, **more: Any
) -> GradingPolicy:
    last = GradingPolicy.objects.filter(run=run).order_by("-number").first()
    row = GradingPolicy.objects.create(
        run=run,
        number=last.number + 1 if last else 1,
        status=status.value,
        document=document,
        content_hash=content_hash(document),
        reason=reason,
        actor_person_uuid=acting.person_uuid,
        decided_at=clock.now(),
        **more,
    )
    row.moves.create(
        source="",
        target=status.value,
        reason=reason,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    return row


@transaction.atomic
def propose_policy(
    *,
    run_uuid: UUID,
    policy: Policy,
    source: Source,
    reason: str,
    acting: Actor,
    home_uuid: UUID | None = None,
    from_on: dt.date | None = None,
) -> GradingPolicy:
    """Propose a new version of how a run is graded; it holds once another person has approved it.

    Refusals: "no-source", "no-reason", "policy-unusable", "policy-unchanged" when the same already holds.
    """
    run = taught_run(acting, run_uuid)
    if not source.title.strip():
        raise Refusal("no-source", _("Name the document that the policy rests on."))
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the policy changes."))
    try:
        document = policy_document(
            checked(policy), run=str(run.uuid), source=source, home=str(home_uuid) if home_uuid else ""
        )
    except PolicyUnusable as error:
        raise Refusal("policy-unusable", _("The policy cannot be used: %s") % _(str(error))) from error
    policies_in_force(run)  # the content's own comes first
    CourseRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    held = policies_in_force(run)
    now_held = held.of_homes.get(home_uuid) if home_uuid else held.general
    if now_held and now_held.content_hash == content_hash(document):
        raise Refusal("policy-unchanged", _("This policy already holds."))
    row = _create(
        run, document, reason=reason.strip(), status=PolicyStatus.PROPOSED, acting=acting, home_uuid=home_uuid,
        from_on=from_on,
    )  # fmt: skip
    record(events.POLICY_PROPOSED, _payload(row), acting=acting)
    return row


@transaction.atomic
def approve_policy(*, policy_uuid: UUID, seen_hash: str, acting: Actor) -> GradingPolicy:
    """Let a proposed policy hold from its day on, by another person than its proposer.

    NotPermitted "same-person"; Refusal "results-exist" when results of its learners were already submitted by the
    policy in force; Stale when the policy was decided meanwhile.
    """
    row = policy_to_decide(acting, policy_uuid)
    CourseRun.objects.select_for_update(of=("self",)).get(pk=row.run_id)
    if row.actor_person_uuid == acting.person_uuid:
        raise NotPermitted("same-person", _("Who proposed a policy cannot approve it. Ask a colleague."))
    if row.content_hash != seen_hash:
        raise Refusal("policy-changed", _("This is another policy than the one you saw. Reload the page."))
    if _covers_results(row):
        raise Refusal(
            "results-exist",
            _("Results of these learners were already submitted by the policy in force. It stays for this run."),
        )
    move(
        row, to=PolicyStatus.APPROVED, table=POLICY, acting=acting,
        approved_by_uuid=acting.person_uuid, approved_at=clock.now(),
    )  # fmt: skip
    record(events.POLICY_APPROVED, _payload(row), acting=acting)
    return row


@transaction.atomic
def refuse_policy(*, policy_uuid: UUID, reason: str, acting: Actor) -> GradingPolicy:
    """Refuse a proposed policy with a reason; who proposed it withdraws it by this."""
    row = policy_to_decide(acting, policy_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the policy is not approved."))
    own = row.actor_person_uuid == acting.person_uuid
    target = PolicyStatus.WITHDRAWN if own else PolicyStatus.REFUSED
    return move(row, to=target, table=POLICY, acting=acting, reason=reason.strip())


def policy_to_decide(acting: Actor, policy_uuid: UUID) -> GradingPolicy:
    """Return a policy of a run that the actor teaches, or of the registrar's institution; NotThere for others."""
    row = (
        GradingPolicy.objects.select_related("run__course__institution", "run__content")
        .filter(uuid=policy_uuid)
        .first()
    )
    if row is None:
        raise NotThere(*NOT_THERE)
    if acting.role == "registrar" and row.run.course.institution.uuid == acting.institution_uuid:
        return row
    taught_run(acting, row.run.uuid)
    return row


def _covers_results(row: GradingPolicy) -> bool:
    results = Result.objects.filter(enrolment__run_id=row.run_id).exclude(status=ResultStatus.RETURNED.value)
    if row.home_uuid is None:
        return results.exists()
    uuids = list(results.values_list("enrolment__person__uuid", flat=True))
    return any(info.institution_uuid == row.home_uuid for info in people.student_records(uuids).values())


@dataclass(frozen=True, slots=True)
class Shift:
    """What a policy would change for one learner."""

    enrolment_uuid: UUID
    name: str
    score_before: Decimal
    score_after: Decimal
    passed_before: bool
    passed_after: bool
    entered_before: bool
    entered_after: bool

    @property
    def changes(self) -> bool:
        """True when the learner would notice."""
        return self.score_before != self.score_after or self.passed_before != self.passed_after or (
            self.entered_before != self.entered_after
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would change for the learners for whom it would hold."""

    learners: int
    shifts: tuple[Shift, ...]  # of those who would notice, the largest loss first
    pass_gained: int
    pass_lost: int
    entry_lost: int
    mean_before: Decimal
    mean_after: Decimal


def preview(row: GradingPolicy) -> Preview:
    """Return what a proposed policy would change, computed for every learner of the run whom it would concern."""
    policies = policies_in_force(row.run)
    new = queries.held_policy(row)
    places = list(queries.places(row.run))
    records = people.student_records([place.person.uuid for place in places])
    homes = {uuid: info.institution_uuid for uuid, info in records.items()}
    concerned = [place for place in places if _concerns(new, policies, homes.get(place.person.uuid))]
    wanted = [held.policy for held in [*policies.all, new]]
    loaded = facts_of.load(row.run, Enrolment.objects.filter(pk__in=[place.pk for place in concerned]), wanted)
    shifts = [_shift(place, loaded, policies.for_home(homes.get(place.person.uuid)), new) for place in concerned]
    return _summed(shifts)


def _concerns(new: HeldPolicy, policies: Policies, home: UUID | None) -> bool:
    """A home's policy concerns its learners; the general one those whose home has none of its own."""
    return new.home_uuid == home if new.home_uuid else policies.for_home(home) is policies.general


def _shift(place: Enrolment, loaded: facts_of.Loaded, old: HeldPolicy, new: HeldPolicy) -> Shift:
    before, after = (rules.compute(held.policy, loaded.facts(place.pk, held.policy)) for held in (old, new))
    return Shift(
        place.uuid, place.person.name, before.score, after.score, before.passed, after.passed,
        before.may_enter, after.may_enter,
    )  # fmt: skip


def _summed(shifts: list[Shift]) -> Preview:
    number = len(shifts) or 1
    noticed = sorted((s for s in shifts if s.changes), key=lambda s: (s.score_after - s.score_before, s.name))
    return Preview(
        learners=len(shifts),
        shifts=tuple(noticed),
        pass_gained=sum(s.passed_after and not s.passed_before for s in shifts),
        pass_lost=sum(s.passed_before and not s.passed_after for s in shifts),
        entry_lost=sum(s.entered_before and not s.entered_after for s in shifts),
        mean_before=(sum((s.score_before for s in shifts), Decimal(0)) / number).quantize(Decimal("0.01")),
        mean_after=(sum((s.score_after for s in shifts), Decimal(0)) / number).quantize(Decimal("0.01")),
    )


def _payload(row: GradingPolicy) -> dict[str, str]:
    return {"policy_uuid": str(row.uuid), "run_uuid": str(row.run.uuid), "home_uuid": str(row.home_uuid or "")}


def policy_value(row: GradingPolicy) -> Policy:
    """Return the policy in a row's document."""
    return policy_from_document(row.document)


def grading_of(run_uuid: UUID, *, acting: Actor) -> Policy:
    """Return the general policy of a run that the actor teaches."""
    return policies_in_force(taught_run(acting, run_uuid)).general.policy
