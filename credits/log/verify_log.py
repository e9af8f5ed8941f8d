"""An independent check of a transparency log, from its public files alone.

    python -m credits.log.verify_log FOLDER_OR_ADDRESS --key KEY [--witness KEY …] [--quorum K]
        [--state FILE] [--openings FILE.jsonl] [--json]

Grows the whole tree again from the entries, compares every tile, the root and the signatures, and, with --state, that
the log goes on from what it showed last time: keep the file and run this daily. With openings it says which posting
or certificate differs from what was logged, and at which index. Exit status 0 when all is well, 1 with findings,
2 when the log cannot be read.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from credits.log import checkpoints, notes
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.policy import Policy
from credits.log.tiles import Read
from credits.log.verifying import Finding, Opening, parse_openings, signature_findings, tree_findings
from credits.log.witnessing import replace

GOOD, WRONG, UNREADABLE = 0, 1, 2
TIMEOUT_S = 30
FILE_SIZE_MAX = 17 * 1024 * 1024  # a bundle of 256 entries of 64 KiB


def reader(place: str) -> Read:
    """Return how files of the log are read: from a folder, or over HTTP."""
    if not place.startswith(("http://", "https://")):
        return lambda path: (Path(place) / path).read_bytes()

    def fetch(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{place.rstrip('/')}/{path}", timeout=TIMEOUT_S) as answer:  # noqa: S310
                return bytes(answer.read(FILE_SIZE_MAX))
        except urllib.error.HTTPError as error:
            error.close()
            raise FileNotFoundError(path) from error

    return fetch


def last_seen(state: Path | None) -> Checkpoint | None:
    """Return the checkpoint of the last good check."""
    return checkpoints.parse(state.read_bytes()) if state and state.exists() else None


def _openings(file: Path | None) -> list[Opening]:
    if file is None:
        return []
    with file.open(encoding="utf-8") as lines:
        return list(parse_openings(lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and say what was found; return the exit status."""
    chosen = _parser().parse_args(arguments)
    began = time.monotonic()
    try:
        read = reader(chosen.place)
        keys = [notes.parse_key(text) for text in chosen.keys]
        policy = Policy(tuple(notes.parse_key(text) for text in chosen.witnesses), chosen.quorum)
        checkpoint = checkpoints.parse(read("checkpoint"))
        openings = _openings(chosen.openings)
        found = signature_findings(checkpoint, keys, policy, last_seen(chosen.state), read)
        found += tree_findings(checkpoint, read, openings)
    except (Fault, OSError) as error:
        sys.stderr.write(f"The log cannot be read: {error}\n")
        return UNREADABLE
    if chosen.state and not found:
        replace(chosen.state, checkpoint.note.whole.encode())
    cosigned = sorted(policy.cosigned_by(checkpoint))
    _say(chosen.as_json, checkpoint, found, cosigned, len(openings), time.monotonic() - began)
    return WRONG if found else GOOD


def _say(
    as_json: bool, checkpoint: Checkpoint, found: list[Finding], cosigned: list[str], openings: int, took: float
) -> None:
    if as_json:
        answer = {
            "ok": not found,
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "cosigned_by": cosigned,
            "openings": openings,
            "findings": [asdict(finding) for finding in found],
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return
    for finding in found:
        sys.stdout.write(f"{finding.code:24} {finding.place}: {finding.detail}\n")
    verdict = f"{len(found)} findings" if found else "good"
    sys.stdout.write(
        f"{checkpoint.origin}: {checkpoint.size} entries, root {checkpoint.root.hex()}, "
        f"{len(cosigned)} witnesses, {openings} openings: {verdict}; {took:.1f} s\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m credits.log.verify_log",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("place", metavar="FOLDER_OR_ADDRESS")
    parser.add_argument("--key", action="append", required=True, dest="keys", metavar="KEY", help="of the log")
    parser.add_argument("--witness", action="append", default=[], dest="witnesses", metavar="KEY")
    parser.add_argument("--quorum", type=int, default=0, help="how many of the witnesses have to have cosigned")
    parser.add_argument("--state", type=Path, help="what was seen last time; written after a good check")
    parser.add_argument("--openings", type=Path, help="from manage.py export_openings")
    parser.add_argument("--json", action="store_true", dest="as_json")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
