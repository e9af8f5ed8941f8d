"""The scenes in order. Each is a few deeds of the people in it, done by the actions that the screens call."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from courses import api as courses
from courses.data import RunPlan
from credits import api as credits
from credits.api import AgreementTerms, EquivalenceKind, EquivalenceTerms, LegalSource
from edu.events.actions import deliver_all
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.portal.story import answers, books, exchange, expecting, partners, revising, texts
from edu.portal.story.cast import Cast, assemble

COURSE = Path(__file__).resolve().parents[3] / "courses" / "content" / "demo"
MINISTRY_2015 = LegalSource(
    text="教育部《关于加强高等学校在线开放课程建设应用与管理的意见》（教高〔2015〕3号）：推进在线开放课程学分认定和学分管理制度创新",
    url="http://www.moe.gov.cn/",
)
CORRECTION_DAYS = 30
LAST_YEAR, THIS_TERM = "2026A", "2026B"


@dataclass(frozen=True)
class Told:
    """What the story leaves behind, for those who print or test it."""

    cast: Cast
    course_uuid: UUID
    ended_run: UUID
    open_run: UUID
    certificate_uuid: UUID
    waiting_plan: UUID
    waiting_case: UUID
    class_run: UUID  # is being taught: its people talk, book and evaluate
    evaluated_run: UUID


def days(count: int) -> dt.datetime:
    """Return ten in the morning of Nanning, so many days from the real today (negative: before)."""
    day = dt.datetime.now(clock.SHANGHAI).date() + dt.timedelta(days=count)
    return dt.datetime.combine(day, dt.time(10), clock.SHANGHAI)


def tell(port: int = 80) -> Told:
    """Tell the whole story in an empty database; returns what it leaves behind."""
    institutions.load_guangxi_institutions(acting=SYSTEM)
    began = days(-420)
    cast = assemble(since_on=began.date(), online_term=(days(-160).date(), days(-36).date()))
    with clock.at(days(-210)):
        course_uuid, version, ended, running = put_course_on(cast, port)
    with clock.at(days(-200)):
        agree(cast, course_uuid)
        limit_corrections(cast)
    with clock.at(days(-180)):
        plan_ahead(cast, "student", ended)
        courses.enrol(person_uuid=cast.uuid("third_student"), run_uuid=ended, acting=cast.actor("third_student"))
    study(cast, "student", ended, first_day=-150, slips=answers.SLIPS)
    study(cast, "third_student", ended, first_day=-140, slips={"fq2-mean": "60"})
    with clock.at(days(-34)):
        grade(cast, ended)
    with clock.at(days(-30)):
        certificate = credits.issue_certificate(lot_uuid=earned(cast, "student"), acting=cast.actor("student"))
        deliver_all()
        credits.draw_certificate(certificate.uuid)
    with clock.at(days(-3)):
        case = apply_without_plan(cast, earned(cast, "third_student"))
    with clock.at(days(-2)):
        blend(cast, running)
        find_fault(cast, "third_student")
        revise(cast, course_uuid)
    with clock.at(days(-1)):
        waiting_plan, _seen = sign_plan(cast, "second_student", running)
    deliver_all()
    class_run, evaluated = exchange.meet(cast, course_uuid, version)
    expecting.expect(cast, class_run)
    revising.revise(cast, course_uuid, class_run, COURSE)
    books.hand_out(cast, course_uuid)
    partners.connect(cast)
    return Told(cast, course_uuid, ended, running, certificate.uuid, waiting_plan, case, class_run, evaluated)


def put_course_on(cast: Cast, port: int) -> tuple[UUID, UUID, UUID, UUID]:
    """Author and teacher put the course on: content, pages in both languages, an ended and an open run."""
    author = cast.actor("author")
    made = courses.create_course(
        institution_uuid=cast.host.uuid,
        code="STAT101",
        name_zh="生活中的统计学",
        name_en="Statistics in everyday life",
        label="statistics",
        acting=author,
    )
    version = courses.import_content(made.uuid, COURSE, source_name="statistics (OLX)", acting=author)
    courses.ensure_site_tree(port=port)
    courses.ensure_institution_pages(cast.host.uuid)
    courses.ensure_institution_pages(cast.home.uuid)
    courses.put_course_pages(made.uuid, {"zh-hans": texts.CHINESE, "en": texts.ENGLISH})
    courses.ensure_editing(cast.host.uuid)
    runs = [_run(cast, made.uuid, *dates) for dates in (
        (LAST_YEAR, -200, -160, -155, -40), (THIS_TERM, -20, 25, -10, 95),
    )]  # fmt: skip
    sent = courses.send_content(version, runs, note="开课前定版", acting=author)
    courses.approve_content(submission_uuid=sent, acting=cast.actor("host_registrar"))
    return made.uuid, version, runs[0], runs[1]


def revise(cast: Cast, course_uuid: UUID) -> None:
    """The author works on the course on screen; learners do not see it before it is published."""
    author = cast.actor("author")
    courses.begin_draft(course_uuid, acting=author)
    unit, name, text = texts.REVISION
    courses.draft_text(course_uuid, unit, name=name, text=text, acting=author)


def _run(cast: Cast, course: UUID, code: str, opens: int, closes: int, starts: int, ends: int) -> UUID:
    plan = RunPlan(
        code=code,
        enrolment_opens_at=days(opens),
        enrolment_closes_at=days(closes),
        starts_on=days(starts).date(),
        ends_on=days(ends).date(),
        credit_points=Decimal("2.00"),
        contact_hours=Decimal("32.0"),
        seats=120,
        open_to_others=True,
    )
    return courses.create_run(
        course_uuid=course, plan=plan, acting=cast.actor("author"), teachers=[cast.uuid("teacher"), cast.uuid("author")]
    )


def agree(cast: Cast, course_uuid: UUID) -> None:
    """Both universities agree; the home one says what the course counts for."""
    host, home = cast.actor("host_registrar"), cast.actor("home_registrar")
    credits.make_log_keys()
    for institution in (cast.host, cast.home):
        credits.make_signing_key(institution_uuid=institution.uuid, acting=SYSTEM)
    terms = AgreementTerms(
        valid_from_on=days(-230).date(),
        valid_to_on=days(3 * 365).date(),
        categories=("GE",),
        caps=(),
        rounding_step=Decimal("0.50"),
        hours_per_credit=Decimal("16.00"),
        grade_scale="five_level",
        source=MINISTRY_2015,
        note="通识类在线课程学分互认（演示）",
    )
    draft = credits.draft_agreement(partner_uuid=cast.host.uuid, terms=terms, acting=home)
    proposed = credits.propose_agreement(version_uuid=draft.uuid, seen_hash=draft.content_hash, acting=home)
    for registrar in (home, host):
        credits.approve_agreement(version_uuid=proposed.uuid, seen_hash=proposed.content_hash, acting=registrar)
    rule = credits.draft_equivalence(
        terms=EquivalenceTerms(
            host_course_uuid=course_uuid,
            slot_uuid=cast.slot.uuid,
            kind=EquivalenceKind.EQUIVALENT,
            ratio=Decimal("1.00"),
            minimum_grade=Decimal("60"),
            valid_from_on=days(-230).date(),
            valid_to_on=None,
            evidence="课程大纲与通识选修的要求逐条比较：学时32，内容覆盖描述统计与推断入门。",
        ),
        acting=home,
    )
    credits.approve_equivalence(equivalence_uuid=rule.uuid, seen_hash=rule.content_hash, acting=home)


def limit_corrections(cast: Cast) -> None:
    """Both universities say how long corrections are made after a term; then its balances are sealed."""
    for registrar, school in (("host_registrar", "广西大学"), ("home_registrar", "南宁师范大学")):
        credits.set_ledger_rule(
            kind="correction_days",
            number=CORRECTION_DAYS,
            from_on=days(-200).date(),
            source_text=f"《{school}学生成绩管理办法》第二十一条（演示）：学期结束后三十日内办理成绩复核与更正",
            acting=cast.actor(registrar),
        )


def close_terms() -> None:
    """What the task does every hour: the log places what waits, and terms whose corrections are over are sealed.

    Outside the story's transaction, since the log writes files.
    """
    credits.sequence_log()
    credits.seal_due_terms(acting=SYSTEM)
    credits.sequence_log()


def sign_plan(cast: Cast, key: str, run: UUID) -> tuple[UUID, str]:
    """A student looks at what will count, writes the plan and signs it; returns the plan and the hash of its text."""
    student = cast.actor(key)
    plan = credits.draft_plan(run_uuid=run, acting=student)
    credits.sign_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=student)
    return plan.uuid, plan.content_hash


def plan_ahead(cast: Cast, key: str, run: UUID) -> None:
    """The plan is signed, approved by the home university and accepted by the host, which enrols the student."""
    plan_uuid, seen = sign_plan(cast, key, run)
    credits.approve_plan(plan_uuid=plan_uuid, seen_hash=seen, acting=cast.actor("home_registrar"))
    credits.accept_plan(plan_uuid=plan_uuid, seen_hash=seen, acting=cast.actor("host_registrar"))


def study(cast: Cast, key: str, run: UUID, *, first_day: int, slips: Mapping[str, str | list[str]]) -> None:
    """A learner answers every graded problem, one a day, some of them wrongly."""
    for number, (problem, right) in enumerate(answers.RIGHT.items()):
        answer = slips.get(problem, right)
        with clock.at(days(first_day + 7 * number // 2)):
            courses.answer_problem(
                person_uuid=cast.uuid(key),
                run_uuid=run,
                usage_id=f"problem@{problem}",
                fields=answers.fields(problem, answer),
            )


def grade(cast: Cast, run: UUID) -> None:
    """The teacher submits, the registrar of the host certifies; credit follows by itself."""
    teacher, registrar = cast.actor("teacher"), cast.actor("host_registrar")
    entries = courses.entries_to_submit(run, acting=teacher)
    courses.submit_results(run_uuid=run, entries=entries, acting=teacher)
    waiting = courses.results_to_certify(cast.host.uuid)
    courses.certify_results(chosen={result.uuid: result.document_hash for result in waiting}, acting=registrar)
    deliver_all()


def blend(cast: Cast, run: UUID) -> None:
    """This term counts study and an exam too: the teacher proposes it, the registrar approves; a home's wish waits."""
    teacher = cast.actor("teacher")
    base = courses.grading_of(run, acting=teacher)
    terms = courses.blended_terms(base, meetings="见面课", exam="期末考试", process="平时成绩")
    source = courses.GradingSource(
        "混合式课程考核方案", "广西大学教务处", "教务〔2026〕18号", days(-30).date().isoformat()
    )
    row = courses.propose_policy(
        run_uuid=run, policy=terms, source=source, reason="增设平时成绩、见面课和期末考试", acting=teacher
    )
    courses.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=cast.actor("host_registrar"))
    courses.propose_policy(
        run_uuid=run, policy=base, source=source, reason="南宁师范大学只认线上成绩", acting=teacher,
        home_uuid=cast.home.uuid,
    )  # fmt: skip
    for component, title, day in (("见面课", "第一次见面课", 5), ("期末考试", "期末考试", 90)):
        plan = courses.SessionPlan(
            component=component, title=title, starts_at=days(day), minutes=90, room="综合楼 301",
            invigilator_uuid=cast.uuid("teacher"),
        )  # fmt: skip
        courses.plan_session(run_uuid=run, plan=plan, acting=teacher)


def find_fault(cast: Cast, key: str) -> None:
    """The teacher finds a mistake in a certified result; the correction waits for a registrar."""
    result = courses.results_of(cast.uuid(key))[0]
    courses.propose_correction(
        result_uuid=result.uuid, score=result.score - 3, reason="一次平时测验重复计分", acting=cast.actor("teacher")
    )


def earned(cast: Cast, key: str) -> UUID:
    """Return the lot that a student earned at the host."""
    return next(lot.uuid for lot in credits.lots_of(cast.uuid(key)) if lot.derived_from_uuid is None)


def apply_without_plan(cast: Cast, lot_uuid: UUID) -> UUID:
    """A student who had no plan asks the home university to recognise the credit; a registrar has to decide."""
    student = cast.actor("third_student")
    case = credits.draft_application(lot_uuid=lot_uuid, acting=student)
    credits.edit_application(
        case_uuid=case.uuid,
        acting=student,
        slot_uuid=cast.slot.uuid,
        request_text="选课时不知道要先签修读计划。课程内容与本专业的通识选修要求一致，申请认定。",
    )
    credits.submit_application(case_uuid=case.uuid, acting=student)
    return case.uuid
