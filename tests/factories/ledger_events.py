"""A house for the ledger's events: host, home, a student, registrars, an outside party with its key."""

import base64
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credits.data import LotInfo, Source
from credits.ledger import actions, exports
from credits.ledger.grounds import LotExport
from credits.ledger.openings import COLUMNS
from edu.institutions.models import Institution, Programme, RequirementSlot
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.canonical import canonical_bytes
from edu.people.models import Person
from tests.factories.institutions import make_institution, make_programme, make_slot
from tests.factories.people import make_actor, make_person
from tests.factories.sheets import make_xlsx

PARTY = "OUTSIDE-1"


@dataclass(frozen=True)
class House:
    """Two universities and those in them."""

    host: Institution
    home: Institution
    programme: Programme
    slot: RequirementSlot
    student: Person
    people: dict[str, Person]
    key: Ed25519PrivateKey

    def actor(self, name: str) -> Actor:
        """Return the actor of "registrar" or "colleague" (of home), or "host_registrar"."""
        return make_actor(self.people[name])

    def lot(self, amount: str = "2.00", *, unit: str = "credit_points", holder: UUID | None = None) -> LotInfo:
        """Credit that the host issued to the student."""
        return actions.mint(
            issuer_uuid=self.host.uuid,
            activity_uuid=uuid4(),
            holder_uuid=holder or self.student.uuid,
            student_record_uuid=None,
            attempt=1,
            unit=unit,
            amount=Decimal(amount),
            source=Source("result", uuid4()),
            facts={"course_name_zh": "数据会说话", "course_code": "STAT101", "grade": "86", "score": "86"},
            acting=SYSTEM,
        )

    def recognised(self, lot: LotInfo, amount: str = "2.00") -> LotInfo:
        """Credit that home recognised from a lot."""
        done = actions.recognise(
            lot_uuid=lot.uuid,
            home_uuid=self.home.uuid,
            programme_uuid=self.programme.uuid,
            slot_uuid=self.slot.uuid,
            converted_amount=Decimal(amount),
            unusable_amount=Decimal("0.00"),
            rule_hash="a" * 64,
            decision_uuid=uuid4(),
            acting=self.actor("registrar"),
        )
        assert done.recognised_lot
        return done.recognised_lot


def make_house() -> House:
    """Make the house; the outside party is registered."""
    host, home = make_institution(name_zh="桂林电子科技大学"), make_institution(name_zh="南宁师范大学")
    programme = make_programme(institution=home)
    slot = make_slot(programme=programme)
    student = make_person(role="student", institution=home, number="2023001", programme=programme)
    people = {
        "registrar": make_person(name="陆老师", role="registrar", institution=home, number="R1"),
        "colleague": make_person(name="黄老师", role="registrar", institution=home, number="R2"),
        "host_registrar": make_person(name="莫老师", role="registrar", institution=host, number="R3"),
        "trainee": make_person(name="农老师", role="teacher", institution=home, number="T7"),
    }
    key = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    exports.register_party(code=PARTY, name_zh="外省大学", public_key=public_text(key), acting=SYSTEM)
    return House(host, home, programme, slot, student, people, key)


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half as it is registered."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def signed_release(key: Ed25519PrivateKey, export: LotExport, **other: str) -> str:
    """Return what a recipient sends to give an export back."""
    document = exports.release_document(export, released_at=clock.now()) | other
    signature = base64.b64encode(key.sign(canonical_bytes(document))).decode()
    return json.dumps({"release": document, "signature": signature})


HEADS = [column.heads[0] for column in COLUMNS]
GOOD = ["2023001", "", "", "GE", "HIS1", "中国近代史", "3", "学分", "88", "2024-01-15", "档案 2024-17 第3页"]
HOURS = ["T7", "", "", "", "", "课堂观察培训", "24", "学时", "", "2024-03-01", "继续教育证 881"]


def opening_sheet(*rows: list[Any]) -> bytes:
    """Return an xlsx list of credit from before."""
    return make_xlsx([HEADS, *rows])


def changed(row: list[str], **cells: str) -> list[str]:
    """Return a row with other cells: by the position of a head, as `c6="0"`."""
    copy = list(row)
    for name, value in cells.items():
        copy[int(name[1:])] = value
    return copy
