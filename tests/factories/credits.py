"""A small world for the exchange: two universities, a student, their registrars, an agreement and a rule in force."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from courses.enrolment.models import Enrolment
from courses.grading.models import GradingPolicy, Result
from courses.runs.models import CourseRun
from credits.agreements.actions import approve_agreement, draft_agreement, propose_agreement
from credits.agreements.equivalence_actions import approve_equivalence, draft_equivalence
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.rules import (
    AgreementTerms,
    Cap,
    CapScope,
    EquivalenceKind,
    EquivalenceTerms,
    LegalSource,
)
from credits.data import LotInfo, Source
from credits.exchange.actions import accept_plan, approve_plan, draft_plan, sign_plan
from credits.exchange.models import StudyPlan
from credits.ledger.actions import mint
from credits.recognition.application_actions import draft_application, edit_application, submit_application
from credits.recognition.models import RecognitionCase
from edu.institutions.models import Institution, Programme, RequirementSlot
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.people.models import Person
from tests.factories.courses import make_content, make_course, make_enrolment, make_run
from tests.factories.institutions import make_institution, make_programme, make_slot
from tests.factories.people import make_actor, make_person

TERMS_FROM = dt.date(2020, 1, 1)
TERMS_TO = dt.date(2029, 12, 31)
SOURCE = LegalSource("《普通高等学校学生管理规定》第十七条", "https://www.moe.gov.cn/")


@dataclass
class World:
    """Who and what a test needs; `student` studies at `home` and wants `run` of `host`."""

    home: Institution
    host: Institution
    programme: Programme
    slot: RequirementSlot
    run: CourseRun
    student_person: Person
    home_registrar_person: Person
    host_registrar_person: Person

    @property
    def student(self) -> Actor:
        return make_actor(self.student_person)

    @property
    def home_registrar(self) -> Actor:
        return make_actor(self.home_registrar_person)

    @property
    def host_registrar(self) -> Actor:
        return make_actor(self.host_registrar_person)


def make_world(**run_fields: Any) -> World:
    """Two universities, a student of one, an open run of 2.00 credits of the other, registrars of both."""
    home = make_institution(name_zh="桂南大学", name_en="South Gui University")
    host = make_institution(name_zh="桂北大学", name_en="North Gui University")
    programme = make_programme(institution=home)
    slot = make_slot(programme=programme)
    run = make_run(make_course(host, name_zh="数据素养", name_en="Data literacy"), **run_fields)
    return World(
        home=home,
        host=host,
        programme=programme,
        slot=slot,
        run=run,
        student_person=make_person(
            name="韦小明", role="student", institution=home, number="2023001", programme=programme
        ),
        home_registrar_person=make_person(name="黄老师", role="registrar", institution=home, number="T1"),
        host_registrar_person=make_person(name="陆老师", role="registrar", institution=host, number="T2"),
    )


def make_terms(**changes: object) -> AgreementTerms:
    """Terms over ten years without caps, half credits, five levels."""
    terms = AgreementTerms(
        valid_from_on=TERMS_FROM,
        valid_to_on=TERMS_TO,
        categories=(),
        caps=(),
        rounding_step=Decimal("0.5"),
        hours_per_credit=Decimal(16),
        grade_scale="five_level",
        source=SOURCE,
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def make_cap(scope: CapScope = CapScope.TERM, credit_points_max: str = "4.00") -> Cap:
    """A cap with its source."""
    return Cap(scope, Decimal(credit_points_max), SOURCE)


def make_rule_terms(world: World, **changes: object) -> EquivalenceTerms:
    """One to one into the world's slot as an elective, from 60."""
    terms = EquivalenceTerms(
        host_course_uuid=world.run.course.uuid,
        slot_uuid=world.slot.uuid,
        kind=EquivalenceKind.ELECTIVE,
        ratio=Decimal("1.000"),
        minimum_grade=Decimal(60),
        valid_from_on=TERMS_FROM,
        valid_to_on=None,
        evidence="两门课程大纲对照，学时与内容相符。",
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def agreement_in_force(world: World, **changes: object) -> AgreementVersion:
    """The world's two universities in agreement, approved by both registrars."""
    version = draft_agreement(partner_uuid=world.host.uuid, terms=make_terms(**changes), acting=world.home_registrar)
    return bring_into_force(world, version)


def bring_into_force(world: World, version: AgreementVersion) -> AgreementVersion:
    """Propose a draft and let both registrars approve it."""
    seen: dict[str, Any] = {"version_uuid": version.uuid, "seen_hash": version.content_hash}
    propose_agreement(**seen, acting=world.home_registrar)
    approve_agreement(**seen, acting=world.home_registrar)
    return approve_agreement(**seen, acting=world.host_registrar)


def rule_in_force(world: World, *, follows_uuid: UUID | None = None, **changes: object) -> Equivalence:
    """The world's course counting in the world's slot."""
    rule = draft_equivalence(
        terms=make_rule_terms(world, **changes), acting=world.home_registrar, follows_uuid=follows_uuid
    )
    return approve_equivalence(equivalence_uuid=rule.uuid, seen_hash=rule.content_hash, acting=world.home_registrar)


def signed_plan(world: World) -> StudyPlan:
    """The student's plan, with the home registrar."""
    plan = draft_plan(run_uuid=world.run.uuid, acting=world.student)
    return sign_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=world.student)


def approved_plan(world: World) -> StudyPlan:
    """The student's plan, with the host registrar."""
    plan = signed_plan(world)
    return approve_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=world.home_registrar)


def accepted_plan(world: World) -> StudyPlan:
    """The student's plan, accepted by the host: the student is enrolled."""
    plan = approved_plan(world)
    return accept_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=world.host_registrar)


def certified_lot(world: World, *, score: str = "86.00", passed: bool = True, amount: str = "2.00") -> LotInfo:
    """What the ledger holds after the host certified the result; the event of the mint waits in the outbox."""
    place = Enrolment.objects.filter(run=world.run, person=world.student_person).first() or make_enrolment(
        world.student_person, world.run
    )
    result = Result.objects.create(
        enrolment=place,
        status="certified",
        policy=GradingPolicy.objects.create(
            run=world.run, number=1, document={}, content_hash="0" * 64, reason="", decided_at=clock.now()
        ),
        content_version=make_content(world.run.course),
        score=Decimal(score),
        grade=score,
        scale="percent",
        passed=passed,
        document={},
        document_hash="0" * 64,
        submitted_by_uuid=uuid4(),
        submitted_at=clock.now(),
        certified_by_uuid=uuid4(),
        certified_at=clock.now(),
    )
    return mint(
        issuer_uuid=world.host.uuid,
        activity_uuid=world.run.uuid,
        holder_uuid=world.student_person.uuid,
        student_record_uuid=None,
        attempt=1,
        unit="credit_points",
        amount=Decimal(amount),
        source=Source("result", result.uuid),
        facts={"course_code": world.run.course.code},
        acting=SYSTEM,
    )


def submitted_application(world: World, lot: LotInfo) -> RecognitionCase:
    """The student's application for a lot, with the home registrar."""
    case = draft_application(lot_uuid=lot.uuid, acting=world.student)
    edit_application(case_uuid=case.uuid, request_text="课程内容与通识选修要求一致。", acting=world.student)
    return submit_application(case_uuid=case.uuid, acting=world.student)
