"""What may become of a post."""

from enum import StrEnum

from edu.kernel.states import StateTable


class PostStatus(StrEnum):
    """Where a post stands."""

    SHOWN = "shown"
    REPORTED = "reported"  # shown, and a moderator looks at it
    HIDDEN = "hidden"  # by a moderator, with a reason
    REMOVED = "removed"  # by its author: the text is gone


POST = StateTable[PostStatus](
    name="post",
    initial=PostStatus.SHOWN,
    moves={
        PostStatus.SHOWN: frozenset({PostStatus.REPORTED, PostStatus.HIDDEN, PostStatus.REMOVED}),
        PostStatus.REPORTED: frozenset({PostStatus.SHOWN, PostStatus.HIDDEN}),  # its author cannot make it vanish now
        PostStatus.HIDDEN: frozenset({PostStatus.SHOWN}),
        PostStatus.REMOVED: frozenset(),
    },
)
READABLE = frozenset({PostStatus.SHOWN, PostStatus.REPORTED})
