"""Who does a deed: a value, so that the lowest layers need not know people."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the system) acting for one institution in one role.

    `person_uuid` is None only for the system; `role` is an affiliation role such as "registrar",
    "learner" for a person without affiliation, or "system".
    """

    person_uuid: UUID | None
    institution_uuid: UUID | None
    role: str

    @property
    def is_system(self) -> bool:
        """True for deeds that rules carry out, such as automatic recognition."""
        return self.person_uuid is None


SYSTEM = Actor(person_uuid=None, institution_uuid=None, role="system")
