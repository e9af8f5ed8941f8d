"""From which institution an enrolment comes, and whose programs may read it."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from courses.enrolment.models import Enrolment
from edu.kernel import clock
from edu.people.api import Role


def with_home(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Annotate `home_uuid` and `home_number`: the learner's student record on the day of enrolling.

    Of several the latest begun; both are None for a learner without one.
    """
    affiliations: Any = Enrolment._meta.get_field("person").related_model
    held = (
        affiliations._meta.get_field("affiliations")
        .related_model._default_manager.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=OuterRef("day_on")),
            person=OuterRef("person"),
            role=Role.STUDENT,
            from_on__lte=OuterRef("day_on"),
        )
        .order_by("-from_on", "-pk")
    )
    return rows.annotate(day_on=TruncDate("enrolled_at", tzinfo=clock.SHANGHAI)).annotate(
        home_uuid=Subquery(held.values("institution__uuid")[:1]), home_number=Subquery(held.values("number")[:1])
    )


def readable_by(institution_uuid: UUID) -> Q:
    """Return the condition on rows of `with_home` for an institution's programs.

    The host reads every place in its runs. The home reads a place elsewhere only when it approved it: what its
    students learn for themselves is theirs.
    """
    at_home = Q(home_uuid=institution_uuid, cross_enrolment_uuid__isnull=False)
    return Q(run__course__institution__uuid=institution_uuid) | at_home
