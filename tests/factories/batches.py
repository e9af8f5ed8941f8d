"""A university at the end of a term: a run with students who passed it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from courses.runs.models import CourseRun
from credits.batches.actions import Order, request_batch
from credits.batches.models import Batch
from credits.batches.rules import Scope
from credits.certificates import actions
from credits.certificates.kinds import CertificateKind
from credits.data import LotInfo, Source
from credits.ledger import actions as ledger
from credits.log import keys as log_keys
from credits.log.models import LogKey
from edu.institutions.models import Institution
from edu.kernel.actor import SYSTEM, Actor
from edu.people.models import Person, Role
from tests.factories.certificates import FACTS
from tests.factories.courses import make_course, make_run
from tests.factories.institutions import make_institution, make_term
from tests.factories.people import make_actor, make_person

TERM = "2026-2027-1"


@dataclass
class TermScene:
    """The university, its registrar, the run, its students and their credits."""

    university: Institution
    registrar: Person
    run: CourseRun
    students: list[Person]
    lots: list[LotInfo]

    @property
    def as_registrar(self) -> Actor:
        return make_actor(self.registrar)

    def order(self, **changes: object) -> Batch:
        """Order the certificates of the term as its registrar does."""
        order = Order(**{"scope": Scope.TERM, "code": TERM, "kind": CertificateKind.COURSE, **changes})  # type: ignore[arg-type]
        return request_batch(institution_uuid=self.university.uuid, order=order, acting=self.as_registrar)


def make_lot_in(scene_run: CourseRun, holder: Person, university: Institution) -> LotInfo:
    """Mint 2.00 credit points of a run for somebody."""
    return ledger.mint(
        issuer_uuid=university.uuid,
        activity_uuid=scene_run.uuid,
        holder_uuid=holder.uuid,
        student_record_uuid=None,
        attempt=1,
        unit="credit_points",
        amount=Decimal("2.00"),
        source=Source("result", uuid4()),
        facts=FACTS,
        acting=SYSTEM,
    )


def make_term_scene(students: int = 3) -> TermScene:
    """Make a university with a key, a term, a run that ended in it, and students who passed."""
    university = make_institution(name_zh="桂江大学", name_en="Guijiang University")
    make_term(institution=university, code=TERM)
    registrar = make_person(name="李教务", role=Role.REGISTRAR, institution=university, from_on=dt.date(2020, 1, 1))
    run = make_run(make_course(university), starts_on=dt.date(2026, 9, 7), ends_on=dt.date(2026, 11, 20))
    actions.make_signing_key(institution_uuid=university.uuid, acting=SYSTEM)
    if not LogKey.objects.exists():
        log_keys.make()
    people = [
        make_person(name=f"韦同学{number}", role=Role.STUDENT, institution=university, number=f"2026{number:04d}")
        for number in range(1, students + 1)
    ]
    return TermScene(university, registrar, run, people, [make_lot_in(run, person, university) for person in people])
