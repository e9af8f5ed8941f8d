"""A block as no author should write it: it fails where it is told to, and uses every scope there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import BlockScope, Field, Integer, Scope, String, UserScope

from courses.content import blocktypes


class Anything(Field):  # type: ignore[misc, unused-ignore]  # XBlock brings no types
    """A field that takes what it is given."""

    def enforce_type(self, value: Any) -> Any:
        """Return the value."""
        return value


class Unwilling(Integer):  # type: ignore[misc, unused-ignore]
    """A field whose default cannot be computed."""

    @property
    def default(self) -> Any:
        """Raise."""
        raise ValueError("no default today")


class Odd(XBlock):  # type: ignore[misc, unused-ignore]
    """Does what its setting `mode` says when it is shown."""

    mode = String(scope=Scope.settings, default="")
    count = Integer(scope=Scope.user_state, default=0)
    kept: Any = Anything(scope=Scope.user_state, enforce_type=True)
    unwilling = Unwilling(scope=Scope.user_state)
    for_type = Integer(scope=Scope(UserScope.ALL, BlockScope.TYPE), default=1)
    for_all = Integer(scope=Scope(UserScope.ALL, BlockScope.ALL), default=2)
    of_type = Integer(scope=Scope(UserScope.NONE, BlockScope.TYPE), default=3)
    of_all = Integer(scope=Scope(UserScope.NONE, BlockScope.ALL), default=4)
    of_definition = Integer(scope=Scope(UserScope.ONE, BlockScope.DEFINITION), default=5)

    LEFT = {"a set": {1, 2}, "nan": float("nan"), "half": "\ud800", "large": "x" * 600_000}

    def student_view(self, context: Any = None) -> Fragment:
        """Show a word, or raise, or leave something behind that no row can hold."""
        if self.mode == "raises":
            raise ValueError("boom")
        if self.mode == "default":
            return Fragment(str(self.unwilling))
        if self.mode in self.LEFT:
            self.kept = self.LEFT[self.mode]
        if self.mode == "scopes":
            for name in ("for_type", "for_all", "of_type", "of_all", "of_definition"):
                setattr(self, name, getattr(self, name) + 10)
        return Fragment(f"<p>odd {self.for_type} {self.for_all} {self.of_type} {self.of_all} {self.of_definition}</p>")

    @XBlock.json_handler
    def go(self, data: Any, suffix: str = "") -> dict[str, int]:
        """Count, and fail where it is told to."""
        self.count += 1
        if data == "raises":
            raise ValueError("boom")
        if data in self.LEFT:
            self.kept = self.LEFT[data]
        return {"count": self.count}


@contextmanager
def odd_blocks() -> Iterator[None]:
    """Let `odd` be a type of block, and `gone` one whose package is no longer there."""
    real = blocktypes.load_block_class

    def load(block_type: str) -> type[XBlock]:
        if block_type == "gone":
            raise blocktypes.UnknownBlockType(block_type)
        return Odd if block_type == "odd" else real(block_type)

    with patch("courses.runtime.runtime.load_block_class", load):
        yield
