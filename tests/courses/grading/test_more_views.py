"""Every screen of grading: who reaches it, what it says, that its forms do the deed and refusals leave no trace."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from courses.grading import actions, correcting, integrity, proposing, regrading
from courses.grading.models import Correction, GradingPolicy, Result
from courses.grading.policy import EXAM, AssignmentRule, ComponentRule, EntryRule, Policy, ScaleRule, Source
from courses.grading.records import GradeSheet, IntegrityCase, RegradeJob, ScoreDecision, Session, SessionMark
from courses.runtime.models import WatchDay
from edu.kernel import clock
from tests.courses.grading.conftest import FINAL, QUIZ, Graded, change_block
from tests.courses.grading.test_actions import submit
from tests.courses.grading.test_deciding import plan, taught  # noqa: F401  # a run with meetings and an exam
from tests.courses.grading.test_sheets import book, line
from tests.courses.runtime.test_actions import statements
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person, sign_in


@pytest.fixture
def teacher(graded: Graded) -> Client:
    return sign_in(Client(), graded.teacher_person)


@pytest.fixture
def registrar(graded: Graded) -> Client:
    return sign_in(Client(), graded.registrar_person)


def at(graded: Graded, rest: str) -> str:
    return f"/zh-hans/teach/runs/{graded.run.uuid}/{rest}"


PAGES = [
    "grades/",
    "grades/book.xlsx",
    "grades/upload/",
    "sessions/",
    "policies/",
    "policies/new/",
    "regrades/",
    "signals/",
]


@pytest.mark.parametrize("rest", PAGES)
def test_teachers_reach_the_page_and_nobody_else_does(graded: Graded, teacher: Client, rest: str) -> None:
    assert teacher.get(at(graded, rest)).status_code == 200
    for person in (graded.enrolment.person, make_person(name="外人", role="teacher", number="X")):
        assert sign_in(Client(), person).get(at(graded, rest)).status_code == 404
    assert Client().get(at(graded, rest)).status_code == 302


def test_a_page_of_the_gradebook_costs_the_same_for_any_number(graded: Graded, teacher: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert teacher.get(at(graded, "grades/")).status_code == 200
        return len(statements(captured))

    cost()  # what is known of a content version is read once a process
    one = cost()
    for number in range(40):
        graded.score(QUIZ, "3", make_enrolment(make_person(name=f"学生{number}"), graded.run))
    assert cost() == one <= 18  # two of them ask whether answers in own words wait


def test_filters_find_by_name_number_home_and_status(graded: Graded, teacher: Client) -> None:
    guest = make_person(name="莫小燕", role="student", number="0042")
    make_enrolment(guest, graded.run)
    home = guest.affiliations.get().institution
    submit_one = submit(graded)

    def names(query: str) -> list[str]:
        return [row.name for row in teacher.get(at(graded, f"grades/?{query}")).context["book"].rows]

    assert names("q=小燕") == names("q=0042") == names(f"home={home.uuid}") == names("status=open") == ["莫小燕"]
    assert names("status=submitted") == [submit_one.enrolment.person.name]
    assert names("q=nobody") == []
    assert len(names("home=nonsense&status=nonsense")) == 2


def test_one_learner_is_shown_with_tree_and_trail_and_the_look_is_noted(graded: Graded, teacher: Client) -> None:
    address = at(graded, f"grades/learners/{graded.enrolment.uuid}/")
    assert teacher.post(address, {"line": "Final", "score": "90", "reason": "线下答辩"}).status_code == 302
    page = teacher.get(address).content.decode()
    assert "Final：0.00 → 90.00" in page
    assert "线下答辩" in page
    assert list(graded.enrolment.person.access_notes.values_list("what", flat=True)) == ["grades"]
    for bad in ({"line": "Final", "score": "x", "reason": "r"}, {"line": "Final", "score": "9", "reason": ""}):
        assert teacher.post(address, bad).status_code == 422
    assert ScoreDecision.objects.count() == 1
    assert teacher.get(at(graded, f"grades/learners/{graded.run.uuid}/")).status_code == 404


def test_a_sheet_goes_out_comes_back_is_previewed_and_written(graded: Graded, teacher: Client) -> None:
    written = teacher.get(at(graded, "grades/book.xlsx"))
    assert written["Content-Disposition"].endswith('-grades.xlsx"')
    assert load_workbook(io.BytesIO(written.content)).worksheets[0].max_row == 2
    upload = SimpleUploadedFile("成绩.xlsx", book(line(graded, final=90)))
    address = teacher.post(at(graded, "grades/upload/"), {"file": upload})["Location"]
    assert "90" in teacher.get(address).content.decode()
    assert not ScoreDecision.objects.exists()
    assert teacher.post(address, {"deed": "apply"}).status_code == 302
    assert ScoreDecision.objects.get().score == 90


def test_what_is_no_sheet_is_said_at_the_field(graded: Graded, teacher: Client) -> None:
    answer = teacher.post(at(graded, "grades/upload/"), {"file": SimpleUploadedFile("x.xlsx", b"%PDF")})
    assert answer.status_code == 422
    assert not GradeSheet.objects.exists()


def test_a_sheet_with_problems_names_the_rows(graded: Graded, teacher: Client) -> None:
    upload = SimpleUploadedFile("x.xlsx", book(["no-id"] + [""] * 9))
    address = teacher.post(at(graded, "grades/upload/"), {"file": upload})["Location"]
    page = teacher.get(address).content.decode()
    assert "btn-primary" not in page
    assert teacher.post(address, {"deed": "apply"}).status_code == 422
    assert teacher.post(address, {"deed": "drop"}).status_code == 302
    assert GradeSheet.objects.get().status == "dropped"


def test_an_exam_is_planned_marked_and_called_off(taught: Graded, teacher: Client) -> None:  # noqa: F811
    form = {
        "component": "期末考试", "round": "regular", "title": "期末", "starts_at": "2027-01-08T09:00", "minutes": "120",
        "room": "综合楼 301", "invigilator": str(taught.teacher.person_uuid),
    }  # fmt: skip
    assert teacher.post(at(taught, "sessions/new/"), {**form, "room": ""}).status_code == 422
    address = teacher.post(at(taught, "sessions/new/"), form)["Location"]
    key = taught.enrolment.uuid
    assert teacher.post(address, {f"status-{key}": "present", f"score-{key}": "81.5"}).status_code == 302
    assert SessionMark.objects.get().score == Decimal("81.50")
    assert "81.5" in teacher.get(address).content.decode()
    assert teacher.post(address, {"deed": "cancel", "reason": "停电"}).status_code == 302
    assert "停电" in teacher.get(address).content.decode()
    assert teacher.get(at(taught, "sessions/")).status_code == 200
    assert Session.objects.get().cancelled_at


def test_a_list_costs_the_same_for_any_number(taught: Graded, teacher: Client) -> None:  # noqa: F811
    address = at(taught, f"sessions/{plan(taught).uuid}/")
    with CaptureQueriesContext(connection) as one:
        teacher.get(address)
    for number in range(30):
        make_enrolment(make_person(name=f"学生{number}"), taught.run)
    with CaptureQueriesContext(connection) as many:
        assert teacher.get(address).status_code == 200
    assert len(statements(many)) <= len(statements(one))


def test_an_exam_list_says_who_may_not_enter_and_why(graded: Graded, teacher: Client) -> None:
    gated = Policy(
        (AssignmentRule("Quiz", Decimal(40), 1, 0),), Decimal(60),
        components=(ComponentRule(EXAM, "期末考试", Decimal(60)),),
        entry=EntryRule(("期末考试",), study_days_min=2),
    )  # fmt: skip
    given = {"policy": gated, "source": Source("x"), "reason": "x", "acting": graded.teacher}
    row = proposing.propose_policy(run_uuid=graded.run.uuid, **given)  # type: ignore[arg-type]
    proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=graded.registrar)
    address = at(graded, f"sessions/{plan(graded).uuid}/")
    assert "尚无考试资格" in teacher.get(address).content.decode()
    for day in range(2):
        day_on = clock.today() - dt.timedelta(days=day)
        WatchDay.objects.create(run=graded.run, person=graded.enrolment.person, day_on=day_on, fresh_s=1500)
    assert "尚无考试资格" not in teacher.get(address).content.decode()


FORM = {
    "weight_0": "20", "min_0": "1", "drop_0": "0", "weight_1": "30", "min_1": "1", "drop_1": "0", "pass_mark": "60",
    "exam_name": "期末考试", "exam_weight": "30", "process_weight": "20", "days_share": "60", "minutes_share": "40",
    "days_full": "20", "day_minutes": "25", "video_percent_min": "60", "gates": ["exam", "Final"],
    "percent_per_day": "10", "percent_max": "50", "attempts_max": "1", "cap_score": "60", "home": "",
    "source_title": "课程考核方案", "source_number": "教〔2026〕3号", "reason": "增设期末考试",
}  # fmt: skip


def test_a_policy_is_proposed_on_screen_and_approved_by_the_registrar(
    graded: Graded, teacher: Client, registrar: Client
) -> None:
    graded.score(QUIZ, "4")
    address = teacher.post(at(graded, "policies/new/"), FORM)["Location"]
    page = teacher.get(address).content.decode()
    assert "韦小明" in page  # the learner would notice
    row = GradingPolicy.objects.get(number=2)
    assert teacher.post(address, {"deed": "approve", "seen": row.content_hash}).status_code == 403
    assert row.document["entry"]["gates"] == ["期末考试", "Final"]
    assert str(row.uuid) in registrar.get("/zh-hans/registry/grades/?view=policies").content.decode()
    assert registrar.get(address).status_code == 200
    assert registrar.post(address, {"deed": "approve", "seen": row.content_hash}).status_code == 302
    row.refresh_from_db()
    assert row.status == "approved"
    assert teacher.get(at(graded, "policies/new/")).status_code == 200  # now begins with the new policy
    assert teacher.get(at(graded, "policies/")).status_code == 200


def test_a_kind_of_work_that_came_with_new_content_can_be_made_to_count(graded: Graded, teacher: Client) -> None:
    teacher.get(at(graded, "policies/"))  # the policy was taken from the content before it had a project
    change_block(graded, QUIZ, "sequential@q", assignment_type="Project")
    assert "Project" in teacher.get(at(graded, "policies/new/")).content.decode()

    form = {**FORM, "weight_0": "10", "weight_2": "10", "min_2": "1", "drop_2": "0"}
    assert teacher.post(at(graded, "policies/new/"), form).status_code == 302
    names = [rule["name"] for rule in GradingPolicy.objects.get(number=2).document["assignments"]]
    assert names == ["Quiz", "Final", "Project"]


def test_what_the_form_does_not_ask_for_stays_as_it_was(graded: Graded, teacher: Client) -> None:
    exact = ScaleRule(1, "down")
    held = Policy((AssignmentRule("Quiz", Decimal(40), 1, 0), AssignmentRule("Final", Decimal(60), 1, 0)), Decimal(60))
    row = proposing.propose_policy(
        run_uuid=graded.run.uuid,
        policy=replace(held, scale=exact),
        source=Source("x"),
        reason="x",
        acting=graded.teacher,
    )
    proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=graded.registrar)
    teacher.post(at(graded, "policies/new/"), FORM)
    assert proposing.policy_value(GradingPolicy.objects.get(number=3)).scale == exact


@pytest.mark.parametrize(
    "changes", [{"weight_0": "21"}, {"source_title": ""}, {"days_share": "10"}, {"pass_mark": "101"}]
)
def test_a_policy_that_makes_no_sense_stays_on_the_screen(
    graded: Graded, teacher: Client, changes: dict[str, str]
) -> None:
    answer = teacher.post(at(graded, "policies/new/"), {**FORM, **changes})
    assert answer.status_code == 422
    assert not GradingPolicy.objects.filter(status="proposed").exists()


def test_a_registrar_of_another_institution_finds_no_policy(graded: Graded, teacher: Client) -> None:
    address = teacher.post(at(graded, "policies/new/"), FORM)["Location"]
    stranger = sign_in(Client(), make_person(name="外人", role="registrar", number="X"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"deed": "approve"}).status_code == 404


def test_a_regrade_is_asked_for_shown_and_stopped(graded: Graded, teacher: Client) -> None:
    graded.score(QUIZ, "4")
    assert teacher.post(at(graded, "regrades/"), {"usage_id": FINAL, "reason": "x"}).status_code == 422
    address = teacher.post(at(graded, "regrades/"), {"usage_id": QUIZ, "reason": "答案有误"})["Location"]
    assert teacher.get(address).status_code == 200
    fragment = teacher.get(address, headers={"X-Fragment": "1"}).content.decode()
    assert "<html" not in fragment
    assert "data-done" not in fragment
    assert teacher.post(address).status_code == 302
    assert RegradeJob.objects.get().status == "cancelled"
    assert "data-done" in teacher.get(address, headers={"X-Fragment": "1"}).content.decode()
    assert teacher.get(at(graded, "regrades/")).status_code == 200


def test_an_answer_that_breaks_is_told_in_the_report(graded: Graded, teacher: Client) -> None:
    graded.score(QUIZ, "4")
    address = teacher.post(at(graded, "regrades/"), {"usage_id": QUIZ, "reason": "x"})["Location"]
    regrading.run_regrade(RegradeJob.objects.get().pk)  # the block of this course has no content at all
    assert graded.enrolment.person.name in teacher.get(address).content.decode()


def test_a_case_is_looked_at_decided_and_opened_again(graded: Graded, teacher: Client) -> None:
    WatchDay.objects.create(
        run=graded.run, person=graded.enrolment.person, day_on=clock.today(), played_s=9000, parallel_s=9000
    )
    integrity.look(graded.run)
    case = IntegrityCase.objects.get()
    assert "韦小明" in teacher.get(at(graded, "signals/")).content.decode()
    address = at(graded, f"signals/{case.uuid}/")
    assert teacher.get(address).status_code == 200
    assert teacher.post(address, {"deed": "dismiss", "reason": ""}).status_code == 422
    assert teacher.post(address, {"deed": "dismiss", "reason": "两台设备"}).status_code == 302
    assert "两台设备" in teacher.get(address).content.decode()
    assert teacher.post(address, {"deed": "reopen", "reason": "再查"}).status_code == 302
    assert teacher.post(address, {"deed": "uphold", "reason": "承认"}).status_code == 302
    case.refresh_from_db()
    assert case.status == "upheld"


def test_a_correction_is_proposed_and_decided_on_screen(graded: Graded, teacher: Client, registrar: Client) -> None:
    row = submit(graded)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    assert "correct/" in teacher.get(at(graded, f"grades/learners/{graded.enrolment.uuid}/")).content.decode()
    address = at(graded, f"grades/results/{row.uuid}/correct/")
    assert teacher.post(address, {"score": "", "reason": "x"}).status_code == 422
    assert teacher.post(address, {"score": "75", "reason": "漏批"}).status_code == 302
    correction = Correction.objects.get()
    assert str(correction.uuid) in registrar.get("/zh-hans/registry/grades/?view=corrections").content.decode()
    case = f"/zh-hans/registry/grades/corrections/{correction.uuid}/"
    assert registrar.get(case).status_code == 200
    assert teacher.get(case).status_code == 404
    assert registrar.post(case, {"deed": "approve", "seen": "other"}).status_code == 409
    assert registrar.post(case, {"deed": "approve", "seen": correction.document_hash}).status_code == 302
    assert Result.objects.get().score == 75
    learner = sign_in(Client(), graded.enrolment.person)
    assert "漏批" in learner.get(f"/zh-hans/learn/results/{row.uuid}/").content.decode()


def test_a_refused_correction_stays_a_note(graded: Graded, registrar: Client) -> None:
    row = submit(graded)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    correction = correcting.propose_correction(
        result_uuid=row.uuid, score=Decimal(75), reason="漏批", acting=graded.teacher
    )
    case = f"/zh-hans/registry/grades/corrections/{correction.uuid}/"
    assert registrar.post(case, {"deed": "refuse", "reason": ""}).status_code == 422
    assert registrar.post(case, {"deed": "refuse", "reason": "无据"}).status_code == 302
    assert Result.objects.get().score == 0


def test_results_of_the_first_version_are_still_shown(graded: Graded, registrar: Client) -> None:
    row = submit(graded)
    first = {
        **{key: row.document[key] for key in ("enrolment", "run", "person", "score", "grade", "level", "passed")},
        "type": "guixue.result",
        "version": "1",
        "lines": [
            {
                "name": "Quiz", "weight_percent": "40.00", "mean_percent": "66.67", "missing": "1",
                "works": [{"usage_id": "w", "name": "Week 1", "earned": "2.00", "possible": "3.00", "dropped": "yes"}],
            }
        ],
    }  # fmt: skip
    Result.objects.update(document=first)
    page = registrar.get(f"/zh-hans/registry/grades/{row.uuid}/")
    assert page.status_code == 200
    assert "66.67" in page.content.decode()


def test_a_session_in_the_past_is_a_session(taught: Graded) -> None:  # noqa: F811
    assert plan(taught, starts_at=clock.now() - dt.timedelta(days=1)).starts_at < clock.now()
