"""Deeds around accounts: a look at a record, one-time codes, activation, reset."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from edu.events import actions as events
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.data import IssuedCode
from edu.people.events import ACCOUNT_RESET, CODE_ISSUED, PERSON_ACTIVATED
from edu.people.models import AccessNote, CodePurpose, OneTimeCode, Person
from edu.people.queries import affiliations, person_by_identifier
from edu.people.rules import Identifier, may_issue_code, new_code, plain_code, same_name

CODE_FAILURES_MAX = 5  # wrong tries that spend a code; see rules.CODE_CHARS
CODE_DAYS = {
    CodePurpose.ACTIVATION: 60,  # printed in summer for the first weeks of term
    CodePurpose.RESET: 2,  # asked for at the counter, used the same day
}

SAME_LOOK_S = 600  # pages opened within ten minutes are one look: a list and its case, a reload


@transaction.atomic
def note_access(viewer: Actor, subject_person_uuid: UUID, what: str) -> None:
    """Keep that somebody looked at a person's record; a look at one's own and a repeated look leave no row.

    `what` is a key of queries.RECORDS. NotThere when there is no such person.
    """
    if viewer.person_uuid == subject_person_uuid:
        return
    subject = Person.objects.filter(uuid=subject_person_uuid).only("pk").first()
    if subject is None:
        raise NotThere("person-not-there", _("There is no such person."))
    look = {
        "subject": subject,
        "what": what,
        "viewer_person_uuid": viewer.person_uuid,
        "viewer_institution_uuid": viewer.institution_uuid,
        "viewer_role": viewer.role,
    }
    now = clock.now()
    if not AccessNote.objects.filter(**look, happened_at__gt=now - dt.timedelta(seconds=SAME_LOOK_S)).exists():
        AccessNote.objects.create(**look, happened_at=now)


def note_accesses(viewer: Actor, subject_person_uuids: Iterable[UUID], what: str) -> None:
    """Keep that somebody looked at many people's records, in one statement, as note_access does for one."""
    with connection.cursor() as cursor:
        cursor.execute(
            NOTES_SQL,
            {
                "subjects": sorted(set(subject_person_uuids) - {viewer.person_uuid}),
                "what": what,
                "person": viewer.person_uuid,
                "institution": viewer.institution_uuid,
                "role": viewer.role,
                "now": clock.now(),
                "same_look_s": SAME_LOOK_S,
            },
        )


NOTES_SQL = """
INSERT INTO people_accessnote
  (subject_id, what, viewer_person_uuid, viewer_institution_uuid, viewer_role, happened_at)
SELECT p.id, %(what)s, %(person)s::uuid, %(institution)s::uuid, %(role)s, %(now)s::timestamptz
FROM people_person p
WHERE p.uuid = ANY(%(subjects)s::uuid[]) AND NOT EXISTS (
  SELECT 1 FROM people_accessnote n
  WHERE n.subject_id = p.id AND n.what = %(what)s AND n.viewer_role = %(role)s
    AND n.viewer_person_uuid IS NOT DISTINCT FROM %(person)s::uuid
    AND n.viewer_institution_uuid IS NOT DISTINCT FROM %(institution)s::uuid
    AND n.happened_at > %(now)s::timestamptz - make_interval(secs => %(same_look_s)s))
"""


@transaction.atomic
def issue_code(*, person_uuid: UUID, acting: Actor) -> IssuedCode:
    """Give a person a one-time code, which is shown now and never again: to activate, or to set a new password.

    Earlier codes for the same end. Of an institution its registrars and coordinators may issue codes, within
    rules.may_issue_code. The person sees in the access log that it happened.
    """
    person = Person.objects.select_for_update().filter(uuid=person_uuid).first()
    held = affiliations(person_uuid)
    if person is None or not any(
        acting.role in {"operator", "system"} or one.institution_uuid == acting.institution_uuid for one in held
    ):
        raise NotThere("person-not-there", _("There is no such person."))
    if not may_issue_code(acting, held):
        raise NotPermitted(
            "code-for-colleague",
            _("This person also holds an office that you may not open. Ask the operator of the site for the code."),
        )
    purpose = CodePurpose.RESET if person.has_usable_password() else CodePurpose.ACTIVATION
    end_codes([person.pk], purpose)
    row, code = make_code(person, purpose, acting)
    row.save()
    note_access(acting, person.uuid, "code")
    events.record(CODE_ISSUED, {"person_uuid": str(person.uuid), "purpose": str(purpose)}, acting=acting)
    number = next((one.number for one in held if one.institution_uuid == acting.institution_uuid), held[0].number)
    return IssuedCode(person.uuid, person.name, number, code, row.expires_at)


def make_code(person: Person, purpose: CodePurpose, acting: Actor) -> tuple[OneTimeCode, str]:
    """Return an unsaved row and the code in clear, for one person or for many at once."""
    code = new_code()
    now = clock.now()
    row = OneTimeCode(
        person=person,
        purpose=purpose,
        digest=_digest(code),
        issued_at=now,
        issued_by_person_uuid=acting.person_uuid,
        issued_by_institution_uuid=acting.institution_uuid,
        issued_by_role=acting.role,
        expires_at=now + dt.timedelta(days=CODE_DAYS[purpose]),
    )
    return row, code


def end_codes(person_ids: list[int], purpose: CodePurpose) -> None:
    """End the living codes of people for a purpose."""
    OneTimeCode.objects.filter(person_id__in=person_ids, purpose=purpose, ended_at__isnull=True).update(
        ended_at=clock.now()
    )


def check_code(*, purpose: CodePurpose, identifier: Identifier, code: str, name: str | None = None) -> OneTimeCode:
    """Return the living code that fits the person; Refusal, the same for every reason, when it does not.

    A wrong code for a real person counts against the living one, which CODE_FAILURES_MAX tries spend.
    """
    person = person_by_identifier(identifier)
    row = (
        OneTimeCode.objects.filter(person=person, purpose=purpose, ended_at__isnull=True, expires_at__gt=clock.now())
        .select_related("person")
        .first()
    )
    fits = row is not None and constant_time_compare(row.digest, _digest(code))
    if row is not None and not fits:
        OneTimeCode.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
        spent = OneTimeCode.objects.filter(pk=row.pk, failures__gte=CODE_FAILURES_MAX, ended_at__isnull=True)
        spent.update(ended_at=clock.now())
    if row is None or not fits or (name is not None and not same_name(row.person.name, name)):
        raise Refusal(
            "code-does-not-fit",
            _("These entries do not belong together, or the code was used or is too old. Compare them with the sheet."),
        )
    return row


@transaction.atomic
def set_password_by_code(*, code_id: int, password: str) -> Person:
    """Use a checked code up and set the password; Stale when it was used meanwhile, Refusal for a weak password."""
    now = clock.now()
    row = OneTimeCode.objects.select_related("person").filter(pk=code_id).first()
    if row is None:
        raise NotThere("code-not-there", _("There is no such code."))
    person = row.person
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal("weak-password", " ".join(error.messages)) from error
    living = OneTimeCode.objects.filter(pk=code_id, ended_at__isnull=True, expires_at__gt=now)
    if living.update(ended_at=now, used=True) != 1:
        raise Stale("code-used", _("This code has been used or has expired. Ask your school for a new one."))
    person.set_password(password)
    person.save(update_fields=["password"])
    event = PERSON_ACTIVATED if row.purpose == CodePurpose.ACTIVATION else ACCOUNT_RESET
    acting = Actor(person.uuid, row.issued_by_institution_uuid, "learner")
    events.record(event, {"person_uuid": str(person.uuid)}, acting=acting)
    return person


@transaction.atomic
def sign_up(*, name: str, identifier: Identifier, password: str) -> Person:
    """Make the account of a public learner; Refusal when the e-mail or phone number has one, or the password is weak.

    The one deed without an acting person: nobody is there before it.
    """
    if identifier.kind == "number":
        raise Refusal("number-needs-school", _("Accounts with a student or staff number come from the school."))
    if person_by_identifier(identifier):
        raise Refusal("identifier-taken", _("There is an account with this e-mail or phone number. Sign in with it."))
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refusal("weak-password", " ".join(error.messages)) from error
    return Person.objects.create_user(name=name, password=password, **{identifier.kind: identifier.value})


def set_language(*, person_uuid: UUID, language: str, acting: Actor) -> None:
    """Keep in which language a person wants notices; only one's own."""
    if acting.person_uuid != person_uuid:
        raise NotPermitted("not-yours", _("Only you can change this."))
    Person.objects.filter(uuid=person_uuid).update(language=language)


def _digest(code: str) -> str:
    return salted_hmac("edu.people.codes", plain_code(code), algorithm="sha256").hexdigest()
