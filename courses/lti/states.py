"""What may become of a registration."""

from enum import StrEnum

from edu.kernel.states import StateTable


class RegistrationStatus(StrEnum):
    """Where a registration of an outside tool or platform stands."""

    ACTIVE = "active"
    CLOSED = "closed"


REGISTRATION = StateTable[RegistrationStatus](
    name="registration",
    initial=RegistrationStatus.ACTIVE,
    moves={
        RegistrationStatus.ACTIVE: frozenset({RegistrationStatus.CLOSED}),
        RegistrationStatus.CLOSED: frozenset(),  # a partner that comes back is registered anew, with new ids
    },
)
