"""What every deed in a draft has in common: the right, the lock, the next revision, the row of history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from courses.authoring.models import ContentDraft, DraftBlock, DraftDeed
from courses.content.actions import require_author
from courses.content.limits import BLOCKS_MAX
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale


@dataclass(slots=True)
class Deed:
    """A deed under way: the draft, locked, and the revision that the deed makes."""

    draft: ContentDraft
    revision: int
    usage_id: str = ""
    name: str = ""

    def about(self, usage_id: str, name: str) -> None:
        """Say for the history what the deed was about."""
        self.usage_id, self.name = usage_id, name

    def block(self, usage_id: str) -> DraftBlock:
        """Return a block of the draft; Stale when somebody has deleted it, NotThere when it never was."""
        row = DraftBlock.objects.filter(draft=self.draft, usage_id=usage_id).first()
        if row is not None:
            return row
        if DraftDeed.objects.filter(draft=self.draft, usage_id=usage_id).exists():
            raise gone()
        raise NotThere("no-such-block")

    def next_position(self, parent_usage_id: str) -> int:
        """Return the position after the last child of a block."""
        last = DraftBlock.objects.filter(draft=self.draft, parent_usage_id=parent_usage_id).aggregate(
            last=Max("position")
        )["last"]
        return 0 if last is None else last + 1

    def require_room(self, more: int) -> None:
        """Refuse when the course would have more blocks than a course may have."""
        if DraftBlock.objects.filter(draft=self.draft).count() + more > BLOCKS_MAX:
            raise Refusal(
                "too-many-blocks",
                _("The course has %(limit)s blocks, and no more are taken. Split it into two courses.")
                % {"limit": BLOCKS_MAX},
            )


@contextmanager
def deed(course_id: int, verb: str, acting: Actor) -> Iterator[Deed]:
    """Carry out one deed in a course's draft: whole, after all others, and written down; or not at all."""
    require_author(course_id, acting)
    with transaction.atomic():
        draft = ContentDraft.objects.select_for_update().filter(course_id=course_id).first()
        if draft is None:
            raise NotThere("no-draft")
        under_way = Deed(draft, draft.revision + 1)
        yield under_way
        draft.revision = under_way.revision
        draft.save(update_fields=["revision", "course_policy"])
        note(under_way, verb, acting)


def note(done: Deed, verb: str, acting: Actor) -> None:
    """Write down what was done."""
    DraftDeed.objects.create(
        draft=done.draft,
        revision=done.revision,
        verb=verb,
        usage_id=done.usage_id[:500],
        name=done.name[:500],
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )


def gone() -> Stale:
    """Return what is said when a block was deleted while somebody had it open."""
    return Stale("deleted-meanwhile", _("Somebody has deleted this block meanwhile. Open the outline again."))


def require_seen(is_now: int, seen: int, usage_id: str) -> None:
    """Refuse when a block is no longer what the person saw; `details` says which revision changed it."""
    if is_now > seen:
        raise Stale(
            "changed-meanwhile",
            _("Somebody has changed this meanwhile, and nothing was overwritten."),
            {"revision": is_now, "usage_id": usage_id},
        )
