"""What a witness does (C2SP tlog-witness): read a request, check that the log only grew, cosign. Knows no framework.

Shared by the witness that another university runs and by the log that asks it.
"""

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credits.log import checkpoints, merkle, notes
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.notes import PublicKey

PROOF_LINES_MAX = 63
REQUEST_SIZE_MAX = notes.NOTE_SIZE_MAX + 64 * 64
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
KEY_FILE = "witness.key"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: str
    kind: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Request:
    """The log says: my tree had `old` entries when you last saw it, here is the new one and the proof."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


def write_request(old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """Return the body of a request."""
    lines = [f"old {old}", *(notes.encode(item) for item in proof)]
    return ("\n".join(lines) + "\n\n" + checkpoint.note.whole).encode()


def parse_request(data: bytes) -> Request:
    """Return the request; Fault when it is malformed or too large."""
    if len(data) > REQUEST_SIZE_MAX:
        raise Fault("request-too-large")
    head, blank, note = data.partition(b"\n\n")
    try:
        first, *rest = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Fault("request-malformed", "not ASCII") from error
    if not blank or not first.startswith("old ") or len(rest) > PROOF_LINES_MAX:
        raise Fault("request-malformed", "old size and proof")
    proof = tuple(notes.decode(line) for line in rest)
    return Request(checkpoints.parse_number(first.removeprefix("old ")), proof, checkpoints.parse(note))


class Witness:
    """One witness with its folder: its own key, and the last checkpoint it cosigned of each log it knows."""

    def __init__(
        self,
        folder: Path,
        name: str,
        logs: Iterable[PublicKey],
        *,
        clock: Callable[[], float],
        log: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._log = log
        self._turn = threading.Lock()  # comparing with the last checkpoint and keeping the new one are one deed
        self._private = _own_key(folder)
        self.key = PublicKey(name, notes.COSIGNATURE, self._private.public_key().public_bytes_raw())
        self._logs: dict[str, list[PublicKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)

    def sizes(self) -> Mapping[str, int]:
        """Return how large each log was when it was last cosigned."""
        return {origin: last.size if (last := self._last(origin)) else 0 for origin in self._logs}

    def add_checkpoint(self, data: bytes) -> Answer:
        """Cosign a checkpoint that goes on from the last one, or say why not."""
        try:
            request = parse_request(data)
        except Fault as fault:
            return self._refused(400, str(fault))
        with self._turn:
            return self._decided(request)

    def _decided(self, request: Request) -> Answer:
        checkpoint = request.checkpoint
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return self._refused(404, f"unknown log {checkpoint.origin}")
        try:
            checkpoint.require_signed(keys)
        except Fault as fault:
            return self._refused(403, str(fault))
        if request.old > checkpoint.size:
            return self._refused(400, "the old size is larger than the new one")
        last = self._last(checkpoint.origin)
        if request.old != (last.size if last else 0):
            size = last.size if last else 0
            self._log(f"{checkpoint.origin}: 409, it thinks {request.old}, the last cosigned size is {size}")
            return Answer(409, f"{size}\n", SIZE_TYPE)
        if refused := self._inconsistent(request, last):
            return refused
        self._keep(checkpoint)
        time = int(self._clock())
        line = notes.cosign(checkpoint.note.text, self.key, self._private, time=time).line
        self._log(f"{checkpoint.origin}: cosigned size {checkpoint.size}")
        return Answer(200, line)

    def _inconsistent(self, request: Request, last: Checkpoint | None) -> Answer | None:
        new = request.checkpoint
        if new.size == 0 and new.root != merkle.EMPTY_ROOT:
            return self._refused(422, "the root of an empty tree is another")
        if last is None or last.size == 0:
            return self._refused(422, "nothing needs no proof") if request.proof else None
        if last.size == new.size and last.root != new.root:
            return self._refused(409, f"{new.origin} shows two trees of size {new.size}")
        try:
            merkle.check_consistency(last.size, new.size, last.root, new.root, request.proof)
        except Fault as fault:
            return self._refused(422, f"size {new.size} does not go on from size {last.size}: {fault}")
        return None

    def _refused(self, status: int, reason: str) -> Answer:
        self._log(f"refused with {status}: {reason}")
        return Answer(status, reason + "\n")

    def _last(self, origin: str) -> Checkpoint | None:
        try:
            return checkpoints.parse(self._file(origin).read_bytes())
        except FileNotFoundError:
            return None

    def _keep(self, checkpoint: Checkpoint) -> None:
        replace(self._file(checkpoint.origin), checkpoint.note.whole.encode())

    def _file(self, origin: str) -> Path:
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def replace(target: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file whole or not at all; it is on the disk when this returns."""
    writing = target.with_name(f".writing-{secrets.token_hex(8)}")
    descriptor = os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    writing.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _own_key(folder: Path) -> Ed25519PrivateKey:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / KEY_FILE
    if not file.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        replace(file, pem)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Fault("key-of-another-kind", str(file))
    return key
