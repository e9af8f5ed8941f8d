"""A university that can sign, a student with a certified achievement, and their certificate."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from credits.certificates import actions, drawing
from credits.certificates.models import Certificate
from credits.data import LotInfo, Source
from credits.ledger import actions as ledger
from credits.log import keys as log_keys
from credits.log.models import LogKey
from edu.institutions.models import Institution
from edu.kernel.actor import SYSTEM, Actor
from edu.people.models import Person, Role
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person

FACTS = {
    "course_code": "DL101",
    "course_name_zh": "数据素养与统计入门",
    "course_name_en": "Data Literacy and Introductory Statistics",
    "run_code": "2026A",
    "starts_on": "2026-09-07",
    "ends_on": "2026-11-20",
    "contact_hours": "32.0",
    "score": "91.00",
    "grade": "91",
    "scale": "percent",
}


@dataclass
class Scene:
    """The people and the credit of a certificate."""

    university: Institution
    home: Institution
    student: Person
    registrar: Person
    lot: LotInfo

    @property
    def as_student(self) -> Actor:
        return Actor(self.student.uuid, self.home.uuid, Role.STUDENT)

    @property
    def as_registrar(self) -> Actor:
        return make_actor(self.registrar)


def make_lot(*, issuer: Institution, holder: Person, facts: dict[str, str] | None = None, attempt: int = 1) -> LotInfo:
    """Mint 2.00 credit points of a course for somebody."""
    return ledger.mint(
        issuer_uuid=issuer.uuid,
        activity_uuid=uuid4(),
        holder_uuid=holder.uuid,
        student_record_uuid=None,
        attempt=attempt,
        unit="credit_points",
        amount=Decimal("2.00"),
        source=Source("result", uuid4()),
        facts=facts or FACTS,
        acting=SYSTEM,
    )


def make_scene(*, name: str = "韦秀兰", name_latin: str = "Wei Xiulan", with_key: bool = True) -> Scene:
    """Make a university with a key and a registrar, and another university's student who passed a course there."""
    university = make_institution(name_zh="桂江大学", name_en="Guijiang University")
    home = make_institution(name_zh="漓水学院", name_en="Lishui College")
    registrar = make_person(name="李教务", role=Role.REGISTRAR, institution=university, from_on=dt.date(2020, 1, 1))
    student = make_person(name=name, name_latin=name_latin, role=Role.STUDENT, institution=home, number="2026001")
    if with_key:
        actions.make_signing_key(institution_uuid=university.uuid, acting=SYSTEM)
        if not LogKey.objects.exists():
            log_keys.make()
    return Scene(university, home, student, registrar, make_lot(issuer=university, holder=student))


def requested(scene: Scene) -> Certificate:
    """Request the scene's certificate."""
    info = actions.issue_certificate(lot_uuid=scene.lot.uuid, acting=scene.as_student)
    return Certificate.objects.get(uuid=info.uuid)


def issued(scene: Scene) -> Certificate:
    """Request and draw the scene's certificate."""
    row = requested(scene)
    assert drawing.draw(row.uuid)
    return Certificate.objects.get(pk=row.pk)
