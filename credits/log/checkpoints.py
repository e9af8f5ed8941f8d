"""Checkpoints (C2SP tlog-checkpoint): what a log says of its tree, signed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from credits.log import merkle
from credits.log.faults import Fault
from credits.log.notes import DASH, Note, PublicKey, Signature, Tree, check_name, decode, encode, parse_note, verified

LINES_MAX = 16  # extension lines are allowed, and ours has none


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree and the note that says it; the signatures are as found until `require_signed`."""

    tree: Tree
    note: Note

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.tree.origin

    @property
    def size(self) -> int:
        """How many entries the tree has."""
        return self.tree.size

    @property
    def root(self) -> bytes:
        """The root over them."""
        return self.tree.root

    def signatures_by(self, keys: Iterable[PublicKey]) -> tuple[Signature, ...]:
        """Return the lines by these keys, verified; Fault when one is bad."""
        return verified(self.note, keys, self.tree)

    def require_signed(self, keys: Iterable[PublicKey]) -> None:
        """Fault unless one of the log's keys signed, and no line by any of them is bad."""
        if not self.signatures_by(keys):
            raise Fault("checkpoint-not-signed", self.origin)

    def with_signatures(self, more: Iterable[Signature]) -> "Checkpoint":
        """Return the checkpoint with lines added."""
        return Checkpoint(self.tree, self.note.with_signatures(more))


def body(tree: Tree) -> str:
    """Return the text that is signed."""
    if tree.size == 0 and tree.root != merkle.EMPTY_ROOT:
        raise Fault("root-differs", "a tree of nothing has one root only")
    return f"{check_name(tree.origin)}\n{tree.size}\n{encode(tree.root)}\n"


def parse(data: bytes) -> Checkpoint:
    """Return the checkpoint in a note; Fault when it is none. Its signatures are not verified here."""
    note = parse_note(data)
    return Checkpoint(parse_body(note.text), note)


def parse_body(text: str) -> Tree:
    """Return what the text of a checkpoint says; Fault for a text that says it differently."""
    lines = text.split("\n")
    if lines[-1] != "" or not 4 <= len(lines) <= LINES_MAX or any(not line for line in lines[:-1]):
        raise Fault("checkpoint-malformed", "lines")
    origin, size, root = lines[:3]
    if origin.startswith(DASH):
        raise Fault("checkpoint-malformed", "origin")
    found = decode(root)
    if len(found) != merkle.HASH_SIZE:
        raise Fault("checkpoint-malformed", "root")
    return Tree(check_name(origin), parse_number(size), found)


def parse_number(text: str) -> int:
    """Return a decimal number below 2^63 without leading zeros; Fault for any other spelling."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or str(int(text)) != text:
        raise Fault("number-malformed", text[:40])
    if int(text) >= merkle.SIZE_MAX:
        raise Fault("number-too-large", text)
    return int(text)
