"""An independent check of a proof out of a sealed term. It shares only pure code with the product.

    python -m credits.seals.verify_seal proof.json [--key KEY …] [--origin NAME]

Recomputes every leaf, every sum and the root, and where the proof holds one the way of the seal into the transparency
log. With --key (the log's verifier keys) and --origin it also checks who signed the checkpoint. Exit status 0 when all
is well, 1 when something is wrong, 2 when the file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credits.log import notes, proofs
from credits.log.faults import Fault
from credits.log.merkle import ProofWrong
from credits.log.policy import Policy
from credits.seals.leaves import named
from credits.seals.proofs import Verified, check, seal_entry
from credits.seals.tree import SealFault

GOOD, WRONG, UNREADABLE = 0, 1, 2
FILE_BYTES_MAX = 64 * 1024 * 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a file and say what it proves; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m credits.seals.verify_seal", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a verifier key of the log; may be repeated")
    parser.add_argument("--origin", default="", help="the log's name")
    chosen = parser.parse_args(arguments)
    try:
        document = json.loads(chosen.proof.read_bytes()[:FILE_BYTES_MAX])
    except (OSError, ValueError, RecursionError) as error:
        sys.stderr.write(f"The proof cannot be read: {error}\n")
        return UNREADABLE
    try:
        found = check(document)
        signed = _signed(document, found, chosen.key, chosen.origin)
    except (SealFault, Fault, ProofWrong) as fault:
        sys.stdout.write(f"WRONG: {fault}\n")
        return WRONG
    sys.stdout.write("\n".join([*_said(found), signed]) + "\n")
    return GOOD


def _signed(document: dict[str, Any], found: Verified, keys: Sequence[str], origin: str) -> str:
    if not found.logged:
        return "log: the seal is not in a checkpoint yet"
    if not keys:
        return "log: the seal leads to the checkpoint in the proof; who signed it was not asked (--key)"
    proof = proofs.parse(document["log_proof"].encode())
    known = [notes.parse_key(key) for key in keys]
    proofs.check(proof, seal_entry(document, found.seal), origin=origin, log_keys=known, policy=Policy((), 0))
    return f"log: signed by {origin}"


def _said(found: Verified, indent: str = "") -> list[str]:
    seal = found.seal
    lines = [f"seal of {seal['term']} at {seal['institution']}, root {seal['root']}"]
    lines += [f"total {name}: {amount}" for name, amount in named(found.total).items()]
    for leaf in found.leaves:
        places = ", ".join(f"{place['kind']} {place['amount']}" for place in leaf["places"]) or "nothing left"
        lines.append(f"{leaf['about']} lot {leaf['lot']}: {places}")
    lines += [f"not there: {about} lot {lot}" for about, lot in found.absent]
    lines.append("these are all lots" if found.whole else "the lots are not all shown, the total is")
    lines += [f"corrected later by posting {one['posting']}" for one in found.corrections]
    for later in found.later:
        lines += _said(later, indent + "  ")
    return [indent + line if not line.startswith(" ") else line for line in lines]


if __name__ == "__main__":
    raise SystemExit(main())
