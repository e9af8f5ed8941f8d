"""The running class is expected somewhere: a meeting that was held, with its list, and an exam that is ahead."""

from uuid import UUID

from courses import api as courses
from edu.events.actions import deliver_all
from edu.kernel import clock
from edu.portal.story.cast import Cast
from edu.portal.story.exchange import days

FIRST_MEETING, EXAM = "第一次见面课", "期末考试"


def expect(cast: Cast, run: UUID) -> None:
    """Grade the class by a policy with meetings and an exam, hold the first meeting, plan the exam."""
    teacher = cast.actor("teacher")
    with clock.at(days(-18)):
        base = courses.grading_of(run, acting=teacher)
        row = courses.propose_policy(
            run_uuid=run,
            policy=courses.blended_terms(base, meetings="见面课", exam=EXAM, process="平时成绩"),
            source=courses.GradingSource("混合式课程考核方案", "广西大学教务处", "教务〔2026〕18号"),
            reason="增设平时成绩、见面课和期末考试",
            acting=teacher,
        )
        courses.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=cast.actor("host_registrar"))
        meeting, _exam = (
            courses.plan_session(
                run_uuid=run,
                plan=courses.SessionPlan(
                    component=component,
                    title=title,
                    starts_at=days(day, 14),
                    minutes=90,
                    room="综合楼 301",
                    invigilator_uuid=cast.uuid("teacher"),
                ),
                acting=teacher,
            )
            for component, title, day in (("见面课", FIRST_MEETING, -7), (EXAM, EXAM, 6))
        )
    with clock.at(days(-7, 16)):
        entries = [
            courses.MarkEntry(place.uuid, "late" if number == 1 else "absent" if number == 4 else "present")
            for number, place in enumerate(courses.enrolments_in(run))
        ]
        courses.mark_session(run_uuid=run, session_uuid=meeting.uuid, entries=entries, acting=teacher)
    deliver_all()
