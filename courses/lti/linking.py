"""Which account here is a platform's learner: said by the learner, never read from a name or an e-mail address."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.lti.platform_models import Passback, PlatformAccount, PlatformLogin
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a launch leads a person; `has_place` when they study there."""

    run: CourseRun
    unit: str
    has_place: bool


def account_of(login: PlatformLogin, acting: Actor) -> PlatformAccount | None:
    """Return the link between the launched learner and the actor, or None when neither has one.

    NotPermitted when the learner belongs to another account here, or the actor is another learner of the platform.
    """
    living = PlatformAccount.objects.select_related("person").filter(platform=login.platform, ended_at__isnull=True)
    by_subject = living.filter(subject=login.launch["subject"]).first()
    if by_subject is not None:
        if by_subject.person.uuid != acting.person_uuid:
            message = _(
                "This learner of the other platform belongs to another account here. Sign out and sign in as it."
            )
            raise NotPermitted("subject-of-another", message)
        return by_subject
    if living.filter(Q(person__uuid=acting.person_uuid)).exists():
        message = _("Your account is connected to another learner of this platform. Disconnect that one first.")
        raise NotPermitted("person-of-another", message)
    return None


@transaction.atomic
def link(login: PlatformLogin, *, acting: Actor) -> PlatformAccount:
    """Connect the launched learner to the actor's account; Refusal when one of both was connected meanwhile."""
    if acting.person_uuid is None or account_of(login, acting) is not None:
        raise Refusal("linked-already", _("This is connected already. Go on."))
    person = get_user_model()._default_manager.filter(uuid=acting.person_uuid).get()
    try:
        with transaction.atomic():
            row = PlatformAccount.objects.create(
                platform=login.platform, person=person, subject=login.launch["subject"], linked_at=clock.now()
            )
    except IntegrityError:
        raise Refusal("linked-already", _("This is connected already. Go on.")) from None
    payload = {"platform_uuid": str(login.platform.uuid), "person_uuid": str(acting.person_uuid)}
    record(events.PLATFORM_LINKED, payload, acting=acting)
    return row


@transaction.atomic
def unlink(*, account_id: int, acting: Actor) -> None:
    """End one of the actor's own connections; no score goes there any more. NotThere for any other."""
    rows = PlatformAccount.objects.select_related("platform").filter(pk=account_id, ended_at__isnull=True)
    row = rows.filter(Q(person__uuid=acting.person_uuid)).first()
    if (
        row is None
        or PlatformAccount.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=clock.now()) != 1
    ):
        raise NotThere("no-such-link", _("There is no such connection."))
    payload = {"platform_uuid": str(row.platform.uuid), "person_uuid": str(acting.person_uuid)}
    record(events.PLATFORM_UNLINKED, payload, acting=acting)


def links_of(acting: Actor) -> list[PlatformAccount]:
    """Return the actor's connections to platforms."""
    rows = PlatformAccount.objects.select_related("platform").filter(Q(person__uuid=acting.person_uuid))
    return list(rows.filter(ended_at__isnull=True).order_by("linked_at"))


def arrive(login: PlatformLogin, account: PlatformAccount) -> Arrival:
    """Return where the launch leads, and keep where the learner's score goes; Refusal for a link that leads nowhere."""
    said = login.launch
    run = _run(login, said["run"])
    place = Enrolment.objects.filter(run=run, person=account.person, status=EnrolmentStatus.ACTIVE.value).exists()
    if place and said["line_item"]:
        Passback.objects.get_or_create(
            account=account,
            person=account.person,
            run=run,
            unit_usage_id=said["unit"],
            line_item=said["line_item"],
            defaults={"changed_at": clock.now()},  # what was earned before goes there too
        )
    return Arrival(run, said["unit"], place)


def _run(login: PlatformLogin, named: str) -> CourseRun:
    try:
        wanted = UUID(named)
    except ValueError:
        message = _("This link names no course. The teacher of the other platform has to choose it again.")
        raise Refusal("link-without-run", message) from None
    rows = CourseRun.objects.select_related("course__institution", "content")
    run = rows.filter(uuid=wanted, course__institution_id=login.platform.institution_id).first()
    if run is None:
        raise NotThere("no-such-run", _("There is no such run."))
    return run
