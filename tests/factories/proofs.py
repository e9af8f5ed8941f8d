"""A proven certificate without a database: keys from fixed seeds, and a tree of a million entries."""

import base64
import datetime as dt
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credits.certificates import statement as statements
from credits.certificates.compact import Cosignature, Proven
from credits.log import commitments, merkle
from edu.kernel import clock
from edu.kernel.canonical import canonical_bytes
from edu.kernel.identifiers import certificate_number

ORIGIN = "log.guixue.example/2026"
HOST = "https://guixue.example.edu.cn"
TOKEN = "hYq3pGZ0TfWm7Jw2VbN9xA"
ISSUED_AT = dt.datetime(2026, 11, 23, 7, 8, 9, 123000, tzinfo=dt.UTC)
MADE_AT = dt.datetime(2026, 11, 26, 1, 0, tzinfo=dt.UTC)
SIZE = 1_000_000
INDEX = 765_432
ISSUER = statements.IssuerFacts("4145010595", "桂林电子科技大学", "Guilin University of Electronic Technology")
HOME = statements.IssuerFacts("4145010604", "广西民族师范学院", "Guangxi Minzu Normal University, Chongzuo")
BOOK = {
    7: {"code": ISSUER.code, "name_zh": ISSUER.name_zh, "name_en": ISSUER.name_en},
    412: {"code": HOME.code, "name_zh": HOME.name_zh, "name_en": HOME.name_en},
}


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def private_key(name: str) -> Ed25519PrivateKey:
    """Return the key of a name, the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public_text(name: str) -> str:
    """Return a name's public key in base64."""
    return _b64(private_key(name).public_key().public_bytes_raw())


def key_hash(name: str, algorithm: int, public_key: bytes) -> bytes:
    """Return a note key's hash as C2SP's signed-note has it."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:4]


KEY_ID = f"10595-certificate-2026-{hashlib.sha256(base64.b64decode(public_text('issuer'))).hexdigest()[:8]}"


def statement(**more: Any) -> dict[str, Any]:
    """Return a statement with long names, as the largest certificates have them."""
    return {
        **statements.build(
            lot=statements.LotFacts(
                lot_uuid=UUID("0b8a52c1-74c3-4c1d-9d0e-6f6c0f2d9a11"),
                course_code="DL101",
                course_zh="数据素养与统计学入门（工科）",
                course_en="Data Literacy and Introductory Statistics for Engineers",
                run_code="2026A",
                credit_points=Decimal("2.00"),
                contact_hours="32.0",
                grade="91",
                scale="percent",
                from_on=dt.date(2026, 9, 7),
                to_on=dt.date(2026, 11, 20),
            ),
            holder=statements.Holder("阿依努尔·买买提", "Ayinuer Maimaiti"),
            issuer=ISSUER,
            home=HOME,
            paper=statements.Paper(
                number=certificate_number(issuer_code=ISSUER.code, year=2026, serial=123456),
                address=f"{HOST}/v/{TOKEN}",
                key_id=KEY_ID,
                issued_at=ISSUED_AT,
            ),
        ),
        **more,
    }


@dataclass
class Proof:
    """One certificate in a log, and everybody who signed."""

    statement: Mapping[str, Any] = field(default_factory=statement)
    entry_salt: bytes = bytes(range(16))
    size: int = SIZE
    index: int = INDEX
    witnesses: tuple[str, ...] = ("witness.one.example", "witness.two.example", "witness.three.example")
    issuer_key: str = "issuer"
    key_id: str = KEY_ID

    @property
    def commitment_signature(self) -> bytes:
        committed = commitments.certificate_commitment(self.entry_salt, self.statement)
        return private_key(self.issuer_key).sign(commitments.signed_commitment(committed))

    @property
    def path(self) -> tuple[bytes, ...]:
        """Return an inclusion proof whose other nodes nobody knows the entries of."""
        return tuple(
            merkle.inclusion_path(
                self.index, self.size, lambda start, end: hashlib.sha256(f"{start}-{end}".encode()).digest()
            )
        )

    @property
    def body(self) -> bytes:
        """Return the checkpoint's signed text."""
        committed = commitments.certificate_commitment(self.entry_salt, self.statement)
        entry = commitments.entry_bytes(
            "certificate", committed, key_id=self.key_id, signature=_b64(self.commitment_signature)
        )
        root = merkle.root_from_inclusion(merkle.leaf_hash(entry), self.index, self.size, self.path)
        return f"{ORIGIN}\n{self.size}\n{_b64(root)}\n".encode()

    def cosigned(self, name: str, time: int) -> Cosignature:
        """Return a witness's signature at a POSIX time."""
        public = private_key(name).public_key().public_bytes_raw()
        message = f"cosignature/v1\ntime {time}\n".encode() + self.body
        return Cosignature(key_hash(name, 4, public), time, private_key(name).sign(message))

    def proven(self) -> Proven:
        """Return what the code on paper carries."""
        return Proven(
            statement=self.statement,
            entry_salt=self.entry_salt,
            commitment_signature=self.commitment_signature,
            index=self.index,
            size=self.size,
            path=self.path,
            log_signature=private_key(ORIGIN).sign(self.body),
            cosignatures=tuple(
                self.cosigned(name, int(MADE_AT.timestamp()) + place) for place, name in enumerate(self.witnesses)
            ),
        )

    def proof_text(self) -> str:
        """Return the tlog-proof."""
        proven = self.proven()
        log_public = private_key(ORIGIN).public_key().public_bytes_raw()
        lines = [f"— {ORIGIN} {_b64(key_hash(ORIGIN, 1, log_public) + proven.log_signature)}"]
        for name, one in zip(self.witnesses, proven.cosignatures, strict=True):
            lines.append(f"— {name} {_b64(one.key_hash + struct.pack('>Q', one.time) + one.signature)}")
        hashes = "".join(_b64(step) + "\n" for step in self.path)
        head = f"c2sp.org/tlog-proof@v1\nindex {self.index}\n{hashes}\n"
        return head + self.body.decode() + "\n" + "\n".join(lines) + "\n"

    def record(self) -> dict[str, Any]:
        """Return the machine record of version 2."""
        return {
            "type": "guixue.credit-certificate-record",
            "version": "2",
            "statement": self.statement,
            "signature": _b64(private_key(self.issuer_key).sign(canonical_bytes(self.statement))),
            "key": {"key_id": self.key_id, "algorithm": "Ed25519", "public_key": public_text(self.issuer_key)},
            "entry_salt": self.entry_salt.hex(),
            "commitment_signature": _b64(self.commitment_signature),
            "proof": self.proof_text(),
        }


def trust_list(**changes: Any) -> dict[str, Any]:
    """Return a trust list that knows the factory's keys, signed by its log."""
    listed: dict[str, Any] = {
        "type": "guixue.trust-list",
        "version": "1",
        "made_at": clock.rfc3339(MADE_AT),
        "check_page": f"{HOST}/check/offline/",
        "log": {
            "origin": ORIGIN,
            "keys": [
                {
                    "name": ORIGIN,
                    "algorithm": "Ed25519",
                    "public_key": public_text(ORIGIN),
                    "from_at": "2026-01-01T00:00:00.000Z",
                    "to_at": "",
                }
            ],
        },
        "witnesses": [
            {"name": name, "public_key": public_text(name)}
            for name in ("witness.one.example", "witness.two.example", "witness.three.example")
        ],
        "quorum": "2",
        "issuers": [
            {
                "code": ISSUER.code,
                "name_zh": ISSUER.name_zh,
                "name_en": ISSUER.name_en,
                "keys": [
                    {
                        "key_id": KEY_ID,
                        "public_key": public_text("issuer"),
                        "from_at": "2026-01-01T00:00:00.000Z",
                        "to_at": "",
                    }
                ],
            }
        ],
        "names": [{"number": str(number), **block} for number, block in BOOK.items()],
        "status_lists": [],
        "ended": {"as_of": clock.rfc3339(MADE_AT), "entries": []},
        **changes,
    }
    signature = private_key(ORIGIN).sign(canonical_bytes(listed))
    return {"list": listed, "signature": _b64(signature)}
