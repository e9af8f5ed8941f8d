"""What people announce. Payloads hold uuids as text, never names."""

PEOPLE_IMPORTED = "people.people.imported"  # {institution_uuid, created, changed}: a school's list was taken over
PERSON_ACTIVATED = "people.person.activated"  # {person_uuid}: an account made by a school has got its password
CODE_ISSUED = "people.code.issued"  # {person_uuid, purpose}: a one-time code was printed
ACCOUNT_RESET = "people.account.reset"  # {person_uuid}: a new password, set with a code of the institution
SECOND_FACTOR_SET = "people.second_factor.set"  # {person_uuid}
SECOND_FACTOR_REMOVED = "people.second_factor.removed"  # {person_uuid}: by an operator, after a loss
PERSON_ERASED = "people.person.erased"  # {person_uuid}: nobody can be told any more
