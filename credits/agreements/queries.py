"""Reads of agreements and rules."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from credits.agreements.models import Agreement, AgreementVersion, Equivalence
from credits.agreements.rules import Change, document_changes
from credits.agreements.states import AgreementStatus, EquivalenceStatus


def version_in_force(first_uuid: UUID, second_uuid: UUID, on: dt.date) -> AgreementVersion | None:
    """Return the version in force between two institutions that covers a term beginning on this day."""
    a, b = sorted([first_uuid, second_uuid])
    return (
        AgreementVersion.objects.select_related("agreement")
        .filter(
            agreement__party_a_uuid=a,
            agreement__party_b_uuid=b,
            status=AgreementStatus.IN_FORCE,
            valid_from_on__lte=on,
            valid_to_on__gte=on,
        )
        .first()
    )


def any_version_in_force(first_uuid: UUID, second_uuid: UUID) -> AgreementVersion | None:
    """Return the version in force between two institutions whatever terms it covers, to say why it does not help."""
    a, b = sorted([first_uuid, second_uuid])
    return (
        AgreementVersion.objects.select_related("agreement")
        .filter(agreement__party_a_uuid=a, agreement__party_b_uuid=b, status=AgreementStatus.IN_FORCE)
        .first()
    )


def deciding_rule(*, course_uuid: UUID, programme_uuid: UUID, taken_on: dt.date) -> Equivalence | None:
    """Return the one rule that decides a course for a programme's plan in the term beginning on this day.

    Approved and retired rules alike: a retired one still decides the terms of its period.
    """
    return (
        Equivalence.objects.filter(
            Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=taken_on),
            host_course_uuid=course_uuid,
            programme_uuid=programme_uuid,
            valid_from_on__lte=taken_on,
            status__in=[EquivalenceStatus.APPROVED, EquivalenceStatus.RETIRED],
        )
        .order_by("-edition", "-id")
        .first()
    )


def versions_of(institution_uuid: UUID) -> QuerySet[AgreementVersion]:
    """Return every version of every agreement of an institution, newest first."""
    return (
        AgreementVersion.objects.select_related("agreement")
        .filter(Q(agreement__party_a_uuid=institution_uuid) | Q(agreement__party_b_uuid=institution_uuid))
        .order_by("-id")
    )


def partner_of(agreement: Agreement, institution_uuid: UUID) -> UUID:
    """Return the other party."""
    return agreement.party_b_uuid if agreement.party_a_uuid == institution_uuid else agreement.party_a_uuid


def changes_from_predecessor(version: AgreementVersion) -> tuple[Change, ...]:
    """Return how a version differs from the one before it; nothing for the first."""
    before = version.agreement.versions.filter(edition=version.edition - 1).first()
    return document_changes(before.document, version.document) if before else ()


def rules_of(home_uuid: UUID) -> QuerySet[Equivalence]:
    """Return every version of every rule of a home institution, newest first."""
    return Equivalence.objects.filter(home_uuid=home_uuid)
