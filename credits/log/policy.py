"""Which witnesses are known, and how many of them have to cosign: k of n, also as a C2SP tlog-policy file. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.notes import PublicKey

WITNESSES_MAX = 32


@dataclass(frozen=True, slots=True)
class Policy:
    """`quorum` of the `witnesses` have to cosign; zero asks for none."""

    witnesses: tuple[PublicKey, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        if len(self.witnesses) > WITNESSES_MAX or self.quorum < 0:
            raise Fault("policy-wrong", "too many witnesses, or fewer than none")
        if len({key.material for key in self.witnesses}) != len(self.witnesses):
            raise Fault("policy-wrong", "one key twice")

    def cosigned_by(self, checkpoint: Checkpoint) -> frozenset[str]:
        """Return the names of the known witnesses that cosigned; a bad line of theirs counts as none."""
        return frozenset(key.name for key in self.witnesses if _cosigned(checkpoint, key))

    def met_by(self, checkpoint: Checkpoint) -> bool:
        """Whether enough of them cosigned."""
        return len(self.cosigned_by(checkpoint)) >= self.quorum

    def require(self, checkpoint: Checkpoint) -> int:
        """Return how many cosigned; Fault when they are too few."""
        count = len(self.cosigned_by(checkpoint))
        if count < self.quorum:
            raise Fault("quorum-not-met", f"{count} of {self.quorum}")
        return count

    def text(self, log_keys: Iterable[PublicKey]) -> str:
        """Return the policy as a file that other verifiers read (C2SP tlog-policy)."""
        lines = [f"log {key.text}" for key in log_keys]
        lines += [f"witness w{number} {key.text}" for number, key in enumerate(self.witnesses)]
        names = " ".join(f"w{number}" for number in range(len(self.witnesses)))
        if self.quorum and self.witnesses:
            lines += [f"group witnesses {self.quorum} {names}", "quorum witnesses"]
        else:
            lines.append("quorum none")
        return "\n".join(lines) + "\n"


def _cosigned(checkpoint: Checkpoint, key: PublicKey) -> bool:
    try:
        return bool(checkpoint.signatures_by([key]))
    except Fault:
        return False
