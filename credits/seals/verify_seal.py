"""An independent check of a proof out of a sealed term. It shares only pure code with the product.

    python -m credits.seals.verify_seal proof.json [--key KEY …] [--origin NAME] [--witness KEY …] [--quorum N]

Recomputes every leaf, every sum and the root, and where the proof holds one the way of the seal into the transparency
log. With --key (the log's verifier keys) it also checks who signed the checkpoint, with --witness and --quorum who
cosigned it. Exit status 0 when all is well, 1 when something is wrong, 2 when the file cannot be read.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from credits.log import notes, proofs
from credits.log.faults import Fault
from credits.log.merkle import ProofWrong
from credits.log.policy import Policy
from credits.seals.leaves import named, standing
from credits.seals.proofs import FILE_BYTES_MAX, Verified, check, read, seal_entry
from credits.seals.tree import SealFault

GOOD, WRONG, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a file and say what it proves; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        with chosen.proof.open("rb") as opened:
            data = opened.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        sys.stderr.write(f"The proof cannot be read: {error}\n")
        return UNREADABLE
    try:
        document = read(data)
        found = check(document)
        signed = _signed(document, found, chosen)
    except (SealFault, Fault, ProofWrong) as fault:
        sys.stdout.write(f"WRONG: {fault}\n")
        return UNREADABLE if str(fault) in {"proof-unreadable", "proof-too-large"} else WRONG
    sys.stdout.write("\n".join(["GOOD", *_said(found), signed]) + "\n")
    return GOOD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m credits.seals.verify_seal", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a verifier key of the log; may be repeated")
    parser.add_argument("--origin", default="", help="the log's name; the first key's without it")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key; may be repeated")
    parser.add_argument("--quorum", type=int, default=0, help="how many witnesses must have cosigned")
    return parser


def _signed(document: dict[str, Any], found: Verified, chosen: argparse.Namespace) -> str:
    if not found.logged:
        return "log: the seal is not in a checkpoint yet"
    if not chosen.key:
        return "log: the seal leads to the checkpoint in the proof; who signed it was not asked (--key)"
    known = [notes.parse_key(key) for key in chosen.key]
    policy = Policy(tuple(notes.parse_key(key) for key in chosen.witness), chosen.quorum)
    origin = chosen.origin or known[0].name
    proof = proofs.parse(document["log_proof"].encode())
    cosigned = proofs.check(proof, seal_entry(document), origin=origin, log_keys=known, policy=policy)
    return f"log: signed by {origin}, cosigned by {cosigned} of the witnesses named"


def _said(found: Verified) -> Iterator[str]:
    seal = found.seal
    yield f"seal of {seal['term']}, made {seal['sealed_at']}, root {seal['root']}"
    yield f"holder {found.holder}"
    yield from (f"total {name}: {amount}" for name, amount in named(found.total).items())
    for leaf in found.leaves:
        yield from _said_of_leaf(leaf)
    yield from (f"lot {lot}: nothing about it stands in the seal" for lot in found.absent)
    yield "these are all lots" if found.whole else "the lots are not all shown, the total is"
    for one in found.corrections:
        state = "in the log" if one.logged else "not in a checkpoint yet"
        yield f"corrected after the seal by posting {one.document['uuid']} at {one.document['event_at']}, {state}"


def _said_of_leaf(leaf: Any) -> Iterator[str]:
    course = " ".join(filter(None, (leaf["course"]["code"], leaf["course"]["name_zh"]))) or "no course named"
    places = ", ".join(f"{place['account']} {place['amount']}" for place in leaf["places"]) or "nothing left"
    yield f"lot {leaf['lot']} ({course}), {leaf['amount']} {leaf['unit']}: {places}"
    homes = standing(leaf)
    for one in homes:
        yield f"  recognised by {one['home']} as lot {one['lot']}, {one['amount']}"
    counts = {0: "recognised nowhere", 1: "recognised once, and nowhere else"}
    yield f"  {counts.get(len(homes), f'RECOGNISED {len(homes)} TIMES')}"
    yield from (
        f"  corrected by posting {one['posting']} after the seal {one['sealed_root']}" for one in leaf["corrections"]
    )


if __name__ == "__main__":
    raise SystemExit(main())
