"""What may become of a record store."""

from enum import StrEnum

from edu.kernel.states import StateTable


class StoreStatus(StrEnum):
    """Whether learning records go to a store."""

    ACTIVE = "active"
    CLOSED = "closed"


STORE = StateTable[StoreStatus](
    name="record store",
    initial=StoreStatus.ACTIVE,
    moves={StoreStatus.ACTIVE: frozenset({StoreStatus.CLOSED}), StoreStatus.CLOSED: frozenset()},
)
