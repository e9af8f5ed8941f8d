"""The door of people: what other apps may call."""

from edu.people.access import actor_of, require_role, signed_in
from edu.people.actions import issue_code, note_access, note_accesses
from edu.people.erasing import erase_person, erase_traces, register_eraser
from edu.people.imports import import_people
from edu.people.models import Role
from edu.people.queries import (
    affiliations,
    find_person,
    institutions_with_people,
    people_of,
    person,
    persons,
    student_record,
    student_records,
)
from edu.people.second_factor import current_code, remove_second_factor, set_up_second_factor

__all__ = [
    "Role",
    "actor_of",
    "affiliations",
    "current_code",
    "erase_person",
    "erase_traces",
    "find_person",
    "import_people",
    "institutions_with_people",
    "issue_code",
    "note_access",
    "note_accesses",
    "people_of",
    "person",
    "persons",
    "register_eraser",
    "remove_second_factor",
    "require_role",
    "set_up_second_factor",
    "signed_in",
    "student_record",
    "student_records",
]
