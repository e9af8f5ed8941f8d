"""A run of 5,000 learners: a page of its gradebook, the whole of it as xlsx, and one learner's progress page."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.enrolment.models import Enrolment
from courses.grading import proposing, sheets
from courses.grading.policy import AssignmentRule, EntryRule, Policy, ProcessRule, Source
from courses.runtime.models import BlockScore, WatchDay
from edu.kernel import clock
from edu.people.models import Affiliation, Person
from tests.bench.report import report
from tests.courses.grading.conftest import FINAL, QUIZ, Graded, graded  # noqa: F401  # a run with a quiz and a final
from tests.courses.runtime.test_actions import statements
from tests.factories.people import sign_in

LEARNERS = 5_000
PROGRESS_SQL_MAX = 8  # courses.md §12; Open edX takes 34 to 50 and three reads of MongoDB
TERMS = Policy(
    (AssignmentRule("Quiz", Decimal(40), 1, 0), AssignmentRule("Final", Decimal(40), 1, 0)),
    Decimal(60),
    process=ProcessRule("平时成绩", Decimal(20), Decimal(100), Decimal(0), Decimal(0), days_full=20),
    entry=EntryRule(("Final",), study_days_min=5),
)


def fill(graded: Graded) -> list[Enrolment]:  # noqa: F811  # pytest hands fixtures over by their names
    """Give the run its learners, each with two scores and twenty days of study."""
    version = graded.run.content
    assert version is not None
    home = graded.run.course.institution
    now, today = clock.now(), clock.today()
    people = Person.objects.bulk_create(Person(name=f"学生{n}", password="!") for n in range(LEARNERS - 1))
    Affiliation.objects.bulk_create(
        Affiliation(person=p, institution=home, role="student", number=f"{n:08d}", from_on=today)
        for n, p in enumerate(people)
    )
    places = Enrolment.objects.bulk_create(Enrolment(person=p, run=graded.run, enrolled_at=now) for p in people)
    everybody = [graded.enrolment, *places]
    BlockScore.objects.bulk_create(
        BlockScore(
            run=graded.run, person_id=place.person_id, usage_id=usage_id, earned=Decimal(place.pk % 5),
            possible=Decimal(4) + place.pk % 2, content_version=version, scored_at=now,
        )
        for place in everybody
        for usage_id in (QUIZ, FINAL)
    )  # fmt: skip
    WatchDay.objects.bulk_create(
        WatchDay(run=graded.run, person_id=place.person_id, day_on=today - dt.timedelta(days=day), fresh_s=1500)
        for place in everybody
        for day in range(20)
    )
    return everybody


@pytest.mark.bench
@pytest.mark.django_db
def test_a_run_of_five_thousand(graded: Graded) -> None:  # noqa: F811
    everybody = fill(graded)
    graded.run.starts_on = clock.today()
    graded.run.save()
    row = proposing.propose_policy(
        run_uuid=graded.run.uuid, policy=TERMS, source=Source("x"), reason="x", acting=graded.teacher
    )
    proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=graded.registrar)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    teacher = sign_in(Client(), graded.teacher_person)
    book, sql = timed(teacher, f"/zh-hans/teach/runs/{graded.run.uuid}/grades/?page=25")
    report("gradebook, a page of 100 of 5,000: SQL", sql, "queries")
    report("gradebook, a page of 100 of 5,000: time", book, "ms")
    start = time.perf_counter()
    written = sheets.write_book(graded.run, "zh-hans")
    report("gradebook of 5,000 as xlsx: time", (time.perf_counter() - start) * 1000, "ms")
    report("gradebook of 5,000 as xlsx: size", len(written) / 1024, "KB")
    start = time.perf_counter()
    sheet = sheets.preview_sheet(run_uuid=graded.run.uuid, content=written, name="x", acting=graded.teacher)
    report("gradebook of 5,000 read back and compared: time", (time.perf_counter() - start) * 1000, "ms")
    assert (sheet.rows_total, sheet.changes, sheet.problems) == (LEARNERS, [], [])
    start = time.perf_counter()
    proposing.preview(row)
    report("preview of a policy for 5,000: time", (time.perf_counter() - start) * 1000, "ms")
    learner = sign_in(Client(), everybody[0].person)
    page, sql = timed(learner, f"/zh-hans/learn/{graded.run.uuid}/progress/")
    report("progress page in a run of 5,000: SQL", sql, "queries", 34)
    report("progress page in a run of 5,000: time", page, "ms")
    assert sql <= PROGRESS_SQL_MAX


def timed(client: Client, address: str) -> tuple[float, int]:
    """Return milliseconds and queries of a page that was opened once before."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        took = (time.perf_counter() - start) * 1000
    return took, len(statements(captured))
