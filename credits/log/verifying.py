"""Checking a whole log without trusting who runs it: tiles from the entries, signatures, openings. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from credits.log import commitments, merkle, tiles
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.notes import PublicKey
from credits.log.policy import Policy
from credits.log.tiles import Read, Tiles

FINDINGS_MAX = 1000  # enough to see the pattern, and a broken log of millions still answers


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be: which check, where (an index or a path), what."""

    code: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody says an entry commits to: the subject's document and the entry's salt."""

    index: int
    kind: str
    uuid: str
    salt: bytes
    document: dict[str, Any]

    @property
    def line(self) -> str:
        """The opening as a line of a file."""
        fields = {"index": self.index, "kind": self.kind, "uuid": self.uuid, "salt": self.salt.hex()}
        return json.dumps(fields | {"document": self.document}, ensure_ascii=False, sort_keys=True)

    def fault_with(self, entry: bytes) -> str:
        """Return what differs from the entry; empty when the entry commits to exactly this."""
        try:
            found = json.loads(entry)
            kind, committed = found["kind"], found["commitment"]
        except (ValueError, KeyError, TypeError):
            return "entry-malformed"
        if kind != self.kind:
            return "kind-differs"
        try:
            if kind == commitments.CERTIFICATE:
                should = commitments.certificate_commitment(self.salt, self.document)
            else:
                should = commitments.commitment(self.salt, self.document)
        except ValueError as error:
            return f"document-malformed: {error}"
        return "" if should == committed else "document-differs"


def parse_openings(lines: Iterable[str]) -> Iterator[Opening]:
    """Yield the openings of a file; Fault when a line is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            salt = bytes.fromhex(read["salt"])
            yield Opening(int(read["index"]), str(read["kind"]), str(read["uuid"]), salt, dict(read["document"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Fault("opening-malformed", f"line {number}") from error


def signature_findings(
    checkpoint: Checkpoint, keys: Sequence[PublicKey], policy: Policy, last: Checkpoint | None, read: Read
) -> list[Finding]:
    """Return what is wrong with a checkpoint: origin, signatures, witnesses, or no continuation of the last one."""
    found = []
    if keys and checkpoint.origin != keys[0].name:
        found.append(Finding("origin-differs", "checkpoint", checkpoint.origin))
    for check in (lambda: checkpoint.require_signed(keys), lambda: policy.require(checkpoint)):
        try:
            check()
        except Fault as fault:
            found.append(Finding(fault.code, "checkpoint", fault.detail))
    if last:
        try:
            _require_continues(checkpoint, last, read)
        except Fault as fault:
            found.append(Finding("not-a-continuation", f"size {last.size} to {checkpoint.size}", str(fault)))
    return found


def tree_findings(checkpoint: Checkpoint, read: Read, openings: Iterable[Opening] = ()) -> list[Finding]:
    """Return every file that does not follow from the entries, and every opening that the entries do not commit to.

    The tree is grown again from the entries alone, so no tile is believed.
    """
    of_index: dict[int, list[Opening]] = {}
    for opening in openings:
        of_index.setdefault(opening.index, []).append(opening)
    found: list[Finding] = []
    size, grown = 0, _Grown()
    for number in range(-(-checkpoint.size // tiles.WIDTH)):
        width = tiles.width_of(0, number, checkpoint.size)
        try:
            entries = list(Tiles(read, checkpoint.size).entries(size, size + width))
        except Fault as fault:
            return [*found, Finding(fault.code, tiles.bundle_path(number, width), fault.detail)]
        for index, entry in enumerate(entries, size):
            for opening in of_index.pop(index, ()):
                if wrong := opening.fault_with(entry):
                    found.append(Finding(wrong, f"index {index}", f"{opening.kind} {opening.uuid}"))
        grown.add(entries)
        size += width
    found += _tile_findings(checkpoint.size, grown, read)
    if grown.root() != checkpoint.root:
        found.append(Finding("root-differs", f"size {checkpoint.size}", "the entries give another root"))
    found += [
        Finding("not-in-the-log", f"index {n}", f"{o.kind} {o.uuid}") for n, more in of_index.items() for o in more
    ]
    return found[:FINDINGS_MAX]


class _Grown:
    """Tiles grown from entries alone: the hashes of each level, complete subtrees of 256 at a time."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]

    def add(self, entries: Iterable[bytes]) -> None:
        """Add the entries of one bundle."""
        self.levels[0].extend(merkle.leaf_hash(entry) for entry in entries)
        level = 0
        while level < len(self.levels) and len(self.levels[level]) % tiles.WIDTH == 0 and self.levels[level]:
            if level + 1 == len(self.levels):
                self.levels.append([])
            full = len(self.levels[level]) // tiles.WIDTH
            if full == len(self.levels[level + 1]):
                break
            self.levels[level + 1].append(merkle.root_of(self.levels[level][-tiles.WIDTH :]))
            level += 1

    def root(self) -> bytes:
        """Return the root over all entries."""
        parts: list[bytes] = []
        for level, hashes in enumerate(self.levels):
            rest = hashes[len(self.levels[level + 1]) * tiles.WIDTH :] if level + 1 < len(self.levels) else hashes
            parts = [*_peaks(rest), *parts]
        if not parts:
            return merkle.EMPTY_ROOT
        found = parts.pop()
        while parts:
            found = merkle.node_hash(parts.pop(), found)
        return found


def _peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the roots of the complete subtrees over fewer than 256 hashes, the largest first."""
    found, start = [], 0
    while start < len(hashes):
        width = 1 << (len(hashes) - start).bit_length() - 1
        found.append(merkle.root_of(hashes[start : start + width]))
        start += width
    return found


def _tile_findings(size: int, grown: _Grown, read: Read) -> list[Finding]:
    found = []
    reader = Tiles(read, size)
    for level in range(tiles.levels_of(size)):
        for number in range(-(-(size >> (tiles.HEIGHT * level)) // tiles.WIDTH)):
            should = b"".join(grown.levels[level][number * tiles.WIDTH : (number + 1) * tiles.WIDTH])
            try:
                if reader.tile(level, number) != should:
                    place = tiles.tile_path(level, number, len(should) // merkle.HASH_SIZE)
                    found.append(Finding("tile-differs", place, "is not what the entries give"))
            except Fault as fault:
                found.append(Finding(fault.code, fault.detail, ""))
    return found


def _require_continues(checkpoint: Checkpoint, last: Checkpoint, read: Read) -> None:
    if last.size > checkpoint.size:
        raise Fault("log-shrank", f"from {last.size} to {checkpoint.size}")
    if last.size == 0:
        return
    path = Tiles(read, checkpoint.size).consistency_path(last.size)
    merkle.check_consistency(last.size, checkpoint.size, last.root, checkpoint.root, path)
