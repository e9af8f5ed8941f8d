"""What may become of a registration."""

from enum import StrEnum

from edu.kernel.states import StateTable


class RegistrationStatus(StrEnum):
    """Where a registration of an outside tool or platform stands."""

    WAITING = "waiting"  # came by itself (dynamic registration); opens nothing until a person has looked at it
    ACTIVE = "active"
    CLOSED = "closed"


REGISTRATION = StateTable[RegistrationStatus](
    name="registration",
    initial=RegistrationStatus.WAITING,  # what an office typed in begins as active
    moves={
        RegistrationStatus.WAITING: frozenset({RegistrationStatus.ACTIVE, RegistrationStatus.CLOSED}),
        RegistrationStatus.ACTIVE: frozenset({RegistrationStatus.CLOSED}),
        RegistrationStatus.CLOSED: frozenset(),  # a partner that comes back is registered anew, with new ids
    },
)
