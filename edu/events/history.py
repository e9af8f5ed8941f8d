"""State moves by compare-and-set, with a history row beside each."""

from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Now

from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal, Stale
from edu.kernel.states import StateTable

M = TypeVar("M", bound=models.Model)


class StateMove(models.Model):
    """Base of every history table: one row per move of one row of `subject`; never changed.

    A concrete history table adds `subject = ForeignKey(..., related_name="moves")`.
    """

    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, blank=True)
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


def move[M: models.Model](
    row: M, *, to: str, table: StateTable[Any], acting: Actor, reason: str = "", **changes: Any
) -> M:
    """Move `row.status` to `to` by compare-and-set and write the history row; returns the row, updated.

    Refusal when the table has no such move; Stale when somebody else moved the row first.
    `changes` are further columns set in the same statement. The model's history is `row.moves`.
    """
    source = row.status  # type: ignore[attr-defined]  # every model with a StateTable has a status
    if not table.allows(source, to):
        raise Refusal(
            "no-such-move", f"{table.name}: {source} does not lead to {to}.", {"source": source, "target": to}
        )
    model = type(row)
    moved = model._default_manager.filter(pk=row.pk, status=source).update(status=to, **changes)
    if moved != 1:
        raise Stale("moved-meanwhile", f"{table.name} is no longer {source}.", {"source": source, "target": to})
    row.moves.create(  # type: ignore[attr-defined]  # related name of the history table
        source=source,
        target=to,
        reason=reason,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    row.status = to  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    return row
