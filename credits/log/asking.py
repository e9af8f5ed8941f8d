"""Asking witnesses over HTTP to cosign a checkpoint (C2SP tlog-witness), and keeping what they answer."""

import datetime as dt
import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credits.log import checkpoints, folder, keys, merkle, notes, rows
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import Cosignature, Witness
from credits.log.notes import Signature, Tree
from credits.log.tiles import Tiles
from credits.log.witnessing import SIZE_TYPE, write_request
from edu.kernel import clock
from edu.kernel.errors import Refusal

TIMEOUT_S = 5.0  # a witness that needs longer is asked again later; the checkpoint does not wait
AGAIN_AFTER = dt.timedelta(seconds=30)  # after an error, so that a dead witness does not hold up every run
ANSWER_SIZE_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What a witness told: a good cosignature, or a larger or another tree that it has seen, or an error."""

    signature: Signature | None = None
    seen: int | None = None
    forked: str = ""
    error: str = ""


def settle(row: CheckpointRow) -> None:
    """Ask who has not cosigned this checkpoint yet, all at once, and keep the answers.

    Refusal when a witness has seen a longer tree, or one that this is not the continuation of.
    """
    now = clock.now()
    patience = Q(last_error="") | Q(asked_at=None) | Q(asked_at__lt=now - AGAIN_AFTER)
    waiting = list(Witness.objects.filter(patience, to_at=None).exclude(cosignatures__checkpoint=row).order_by("pk"))
    for witness, told in _ask_all(waiting, rows.from_row(row)):
        if told.signature:
            moment = dt.datetime.fromtimestamp(told.signature.time, dt.UTC)
            kept = Cosignature(checkpoint=row, witness=witness, line=told.signature.line, cosigned_at=moment)
            Cosignature.objects.bulk_create([kept], ignore_conflicts=True)
        _note(witness, told, now)
        _require_continues(witness, told, row.size)


def probe(latest: CheckpointRow | None) -> None:
    """Ask every witness whether it has seen more than the newest checkpoint; who does not answer is passed over.

    Refusal when one has: database and folder have both come back from an older state.
    """
    if latest:
        known = rows.from_row(latest)
    else:
        tree = Tree(keys.origin(), 0, merkle.EMPTY_ROOT)
        known = Checkpoint(tree, keys.sign(tree, checkpoints.body(tree)))
    for witness, told in _ask_all(list(Witness.objects.filter(to_at=None)), known):
        _note(witness, told, clock.now())
        _require_continues(witness, told, known.size)


def _ask_all(witnesses: Sequence[Witness], checkpoint: Checkpoint) -> list[tuple[Witness, Told]]:
    if not witnesses:
        return []
    olds = [_last_size(witness) for witness in witnesses]
    with ThreadPoolExecutor(len(witnesses)) as pool:
        asked = [
            pool.submit(ask, witness.address, witness.public_key, checkpoint, old)
            for witness, old in zip(witnesses, olds, strict=True)
        ]
        return [(witness, answer.result()) for witness, answer in zip(witnesses, asked, strict=True)]


def ask(address: str, public_key: str, checkpoint: Checkpoint, old: int) -> Told:
    """Ask one witness, a second time with the size that it names when it remembers another one than we do."""
    tiles = Tiles(folder.read, checkpoint.size)
    try:
        status, kind, body = _post(address, _body(min(old, checkpoint.size), checkpoint, tiles))
        if status == 409 and kind == SIZE_TYPE:
            seen = checkpoints.parse_number(body.removesuffix("\n"))
            if seen > checkpoint.size:
                return Told(seen=seen)
            status, kind, body = _post(address, _body(seen, checkpoint, tiles))
        if status in (409, 422):
            return Told(forked=f"{status} {body[:200].strip()}")
        if status != 200:
            return Told(error=f"{status} {body[:200].strip()}")
        return Told(signature=_good(body, public_key, checkpoint))
    except (Fault, OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        return Told(error=str(error)[:400] or type(error).__name__)


def _body(old: int, checkpoint: Checkpoint, tiles: Tiles) -> bytes:
    proof = tiles.consistency_path(old) if 0 < old < checkpoint.size else []
    return write_request(old, proof, checkpoint)


def _post(address: str, body: bytes) -> tuple[int, str, str]:
    request = urllib.request.Request(  # noqa: S310  (add_witness takes http and https only)
        address.rstrip("/") + "/add-checkpoint", data=body, headers={"Content-Type": "text/plain"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return answer.status, answer.headers.get_content_type(), answer.read(ANSWER_SIZE_MAX).decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read(ANSWER_SIZE_MAX).decode()


def _good(body: str, public_key: str, checkpoint: Checkpoint) -> Signature:
    """Return the witness's line, verified; lines of other keys are ignored."""
    key = notes.parse_key(public_key)
    for line in notes.parse_signatures(body):
        if line.is_by(key):
            notes.check_signature(checkpoint.note.text, line, key, checkpoint.tree)
            return line
    raise Fault("signature-wrong", "the witness answered with another key")


def _last_size(witness: Witness) -> int:
    found = Cosignature.objects.filter(witness=witness).order_by("-checkpoint__size")
    return found.values_list("checkpoint__size", flat=True).first() or 0


def _note(witness: Witness, told: Told, now: dt.datetime) -> None:
    error = told.error or told.forked or (f"has seen {told.seen}" if told.seen else "")
    Witness.objects.filter(pk=witness.pk).update(asked_at=now, last_error=error[:500])


def _require_continues(witness: Witness, told: Told, size: int) -> None:
    if told.seen is not None:
        raise Refusal(
            "log-behind",
            _("The log was longer than the database knows. After restoring an older backup run log_replay_tail."),
            {"known": told.seen, "size": size, "witness": witness.name},
        )
    if told.forked:
        raise Refusal(
            "log-forked",
            _("A witness has seen another tree than this one. Nothing more is published."),
            {"witness": witness.name, "said": told.forked},
        )
