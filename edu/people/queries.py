"""Reads of people, their affiliations and who looked at their records."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from edu.institutions import api as institutions_api
from edu.institutions.data import InstitutionInfo
from edu.kernel import clock
from edu.kernel.errors import NotThere
from edu.people.data import AccessNoteInfo, AffiliationInfo, Identity, PersonInfo
from edu.people.models import AccessNote, Affiliation, Person, Role
from edu.people.rules import Identifier, read_identifier

INSTITUTION_CODE_DIGITS = 10  # the full code; five digits are the short one inside it
NUMBER_HOLDERS_MAX = 5  # a number belongs to one person in up to a few roles; two people make it ambiguous

# What can be looked at in a person's record, as the person is told.
RECORDS = {
    "study-record": _("Courses and results"),
    "credits": _("Credits"),
    "record-file": _("Study record taken out as a file"),
    "certificates": _("Certificates"),
    "recognition": _("Recognition cases"),
    "study-plan": _("Study plans"),
    "grades": _("Grades in a course"),
    "account": _("Account and affiliations"),
    "code": _("One-time code for signing in"),
    "tool-members": _("Name or e-mail address in a tool's list of members"),
}


def person(uuid: UUID) -> PersonInfo:
    """Return a person; NotThere when there is none."""
    found = persons([uuid]).get(uuid)
    if found is None:
        raise NotThere("person-not-there", _("There is no such person."))
    return found


def persons(uuids: Iterable[UUID]) -> dict[UUID, PersonInfo]:
    """Return people by uuid in one query; unknown ones are left out."""
    rows = Person.objects.filter(uuid__in=set(uuids)).only("uuid", "name", "name_latin", "language")
    return {row.uuid: PersonInfo(row.uuid, row.name, row.name_latin, row.language) for row in rows}


def affiliations(person_uuid: UUID, on: dt.date | None = None) -> tuple[AffiliationInfo, ...]:
    """Return what a person is to institutions on a day (today without one), in the order of recording."""
    return _infos(_holding(on).filter(person__uuid=person_uuid).order_by("pk"))


def student_record(
    person_uuid: UUID, institution_uuid: UUID | None = None, on: dt.date | None = None
) -> AffiliationInfo | None:
    """Return the student affiliation on a day (at an institution, if named), the latest begun, or None."""
    rows = _holding(on).filter(person__uuid=person_uuid, role=Role.STUDENT)
    if institution_uuid:
        rows = rows.filter(institution__uuid=institution_uuid)
    return next(iter(_infos(rows.order_by("-from_on", "-pk")[:1])), None)


def student_records(person_uuids: Iterable[UUID], on: dt.date | None = None) -> dict[UUID, AffiliationInfo]:
    """Return many people's student affiliations on a day by person, the latest begun of each, in one query."""
    rows = _holding(on).filter(person__uuid__in=set(person_uuids), role=Role.STUDENT)
    return {info.person_uuid: info for info in _infos(rows.order_by("from_on", "pk"))}


def people_of(institution_uuid: UUID, role: str, on: dt.date | None = None) -> tuple[AffiliationInfo, ...]:
    """Return who holds a role at an institution on a day (today without one), by number."""
    return _infos(_holding(on).filter(institution__uuid=institution_uuid, role=role).order_by("number", "pk"))


def identities_of(user: Person | AnonymousUser) -> tuple[Identity, ...]:
    """Return the identities under which a person may act today, with their labels, in two queries."""
    if not isinstance(user, Person):
        return ()
    rows = list(_holding(None).filter(person=user).select_related("institution", "programme").order_by("pk"))
    language = get_language() or "zh-hans"
    names = institutions_api.names_today([row.institution.uuid for row in rows], language) if rows else {}
    return tuple(_identity(row, user, names.get(row.institution.uuid, "")) for row in rows)


def access_notes(person_uuid: UUID) -> tuple[AccessNoteInfo, ...]:
    """Return who looked at a person's record, latest first."""
    rows = AccessNote.objects.filter(subject__uuid=person_uuid).order_by("-happened_at", "-pk")
    return tuple(
        AccessNoteInfo(row.what, row.viewer_role, row.viewer_institution_uuid, row.happened_at) for row in rows
    )


def person_by_identifier(identifier: Identifier) -> Person | None:
    """Return whose identifier this is, or None; a number counts while its affiliation holds."""
    if identifier.kind == "email":
        return Person.objects.filter(email__iexact=identifier.value).first()
    if identifier.kind == "phone":
        return Person.objects.filter(phone=identifier.value).first()
    held = _holding(None).filter(number__iexact=identifier.value)
    if len(identifier.institution_code) == INSTITUTION_CODE_DIGITS:
        held = held.filter(institution__code=identifier.institution_code)
    else:
        held = held.filter(institution__code__endswith=identifier.institution_code)
    people = {row.person for row in held.select_related("person")[:NUMBER_HOLDERS_MAX]}
    return people.pop() if len(people) == 1 else None


def find_person(text: str) -> PersonInfo | None:
    """Return whose identifier the text is: an e-mail address, a phone number, or "10593/2023001"; or None."""
    identifier = read_identifier(text)
    found = person_by_identifier(identifier) if identifier else None
    return PersonInfo(found.uuid, found.name, found.name_latin, found.language) if found else None


def institutions_with_people() -> tuple[InstitutionInfo, ...]:
    """Return the institutions at which somebody may sign in by number, by code."""
    institutions: Any = Affiliation._meta.get_field("institution").related_model
    numbered = Affiliation.objects.filter(institution=OuterRef("pk")).exclude(number="")
    uuids = institutions.objects.filter(Exists(numbered)).values_list("uuid", flat=True)  # one probe a school
    found = institutions_api.institutions(uuids).values()
    return tuple(sorted(found, key=lambda institution: institution.code or ""))


def office_rows(institution_uuid: UUID, query: str) -> QuerySet[Affiliation, dict[str, Any]]:
    """Return who belongs to an institution today, by number, as values for a list; searched by number or name."""
    rows = _holding(None).filter(institution__uuid=institution_uuid)
    if query:
        rows = rows.filter(Q(number__istartswith=query) | Q(person__name__icontains=query))
    columns = "uuid", "role", "number", "person__uuid", "person__name", "programme__name_zh", "from_on", "to_on"
    activated = ~Q(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return (
        rows.order_by("number", "pk")
        .annotate(activated=ExpressionWrapper(activated, BooleanField()))
        .values(*columns, "activated")
    )


def record_name(what: str) -> str:
    """Return what was looked at in the visitor's language; unknown keys stand for themselves."""
    return str(RECORDS.get(what, what))


def _holding(on: dt.date | None) -> QuerySet[Affiliation]:
    day = on or clock.today()
    return Affiliation.objects.filter(from_on__lte=day).filter(Q(to_on__isnull=True) | Q(to_on__gte=day))


def _infos(rows: QuerySet[Affiliation]) -> tuple[AffiliationInfo, ...]:
    columns = "uuid", "person__uuid", "institution__uuid", "role", "number", "programme__uuid", "from_on", "to_on"
    return tuple(AffiliationInfo(*values) for values in rows.values_list(*columns))


def _identity(row: Affiliation, user: Person, institution_name: str) -> Identity:
    held = str(Role(row.role).label)
    if row.role == Role.STUDENT and row.number:
        second = gettext("Student no. %(number)s") % {"number": row.number}
    else:
        second = held
    return Identity(
        uuid=row.uuid,
        person_uuid=user.uuid,
        person_name=user.name,
        institution_uuid=row.institution.uuid,
        institution_name=institution_name,
        role=row.role,
        role_name=held,
        number=row.number,
        programme_uuid=row.programme.uuid if row.programme else None,
        from_on=row.from_on,
        to_on=row.to_on,
        label=gettext("%(institution)s · %(second)s") % {"institution": institution_name, "second": second},
    )
