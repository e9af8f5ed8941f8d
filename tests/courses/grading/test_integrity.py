"""Signals open cases for people; nothing follows by itself."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import integrity
from courses.grading.integrity import Watched, alike_in, signals_in
from courses.grading.records import IntegrityCase
from courses.runtime.models import BlockScore, BlockState, WatchDay
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal
from tests.courses.grading.conftest import Graded
from tests.courses.grading.test_deciding import row_of
from tests.factories.courses import make_enrolment
from tests.factories.people import make_actor, make_person


def test_each_signal_has_its_limit() -> None:
    assert signals_in(Watched(36000, 1799, 1799, 10799)) == {}
    assert set(signals_in(Watched(10800, 1800, 1800, 10800))) == {"speed", "parallel", "night"}
    assert "night" not in signals_in(Watched(36000, 0, 0, 10800))  # a night among days


WRONG = [(learner, f"p{n}", "中位数是平均数") for learner in (1, 2) for n in range(5)]


def test_two_who_are_wrong_in_the_same_words_five_times_are_named() -> None:
    assert alike_in(WRONG) == {1: 5, 2: 5}
    assert alike_in(WRONG[:-1]) == {}
    assert alike_in([(learner, problem, "7") for learner, problem, _answer in WRONG]) == {}
    assert alike_in([(n, f"p{p}", "平均数") for n in range(5) for p in range(9)]) == {}  # a common mistake


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("abcdefg"), st.sampled_from(["xxx", "yyyy", "z"]))))
def test_nobody_is_alike_alone(wrong: list[tuple[int, str, str]]) -> None:
    assert len(alike_in(wrong)) != 1


def watch(graded: Graded, **seconds: int) -> None:
    WatchDay.objects.create(run=graded.run, person=graded.enrolment.person, day_on=clock.today(), **seconds)


def test_a_case_is_opened_once_and_changes_no_score(graded: Graded) -> None:
    watch(graded, played_s=4000, parallel_s=2000)
    before = row_of(graded).seen_hash
    assert (integrity.look(graded.run), integrity.look(graded.run)) == (1, 0)
    case = IntegrityCase.objects.get()
    assert (case.signal, case.status, case.facts["parallel_minutes"]) == ("parallel", "open", "33")
    assert row_of(graded).seen_hash == before


def test_answers_of_two_learners_are_compared_and_not_kept(graded: Graded) -> None:
    other = make_enrolment(make_person(name="黄志远"), graded.run)
    version = graded.run.content
    assert version is not None
    for place in (graded.enrolment, other):
        for number in range(5):
            keys = {"run": graded.run, "person": place.person, "usage_id": f"problem@{number}"}
            BlockScore.objects.create(**keys, earned=0, possible=1, content_version=version, scored_at=clock.now())
            state = {"student_answers": {"input_2_1": "中位数是平均数"}}
            BlockState.objects.create(**keys, scope="user_state", state=state)
    assert integrity.look(graded.run) == 2
    assert [case.facts for case in IntegrityCase.objects.all()] == [{"problems": "5"}] * 2


def test_only_runs_that_go_on_are_looked_at(graded: Graded) -> None:
    watch(graded, played_s=4000, refused_s=2000)
    assert integrity.look_everywhere() == 0  # it has not begun
    graded.run.starts_on = clock.today() - dt.timedelta(days=30)
    graded.run.save()
    assert integrity.look_everywhere() == 1


def test_a_person_decides_with_a_reason_and_may_open_it_again(graded: Graded) -> None:
    watch(graded, played_s=4000, refused_s=2000)
    integrity.look(graded.run)
    case = IntegrityCase.objects.get()
    about: Any = {"run_uuid": graded.run.uuid, "case_uuid": case.uuid, "acting": graded.teacher}
    with pytest.raises(Refusal):
        integrity.decide(upheld=False, reason="", **about)
    assert integrity.decide(upheld=False, reason="线路不稳", **about).status == "dismissed"
    assert integrity.reopen(reason="新的说明", **about).status == "open"
    assert integrity.decide(upheld=True, reason="承认代刷", **about).status == "upheld"
    assert [move.reason for move in case.moves.all()] == ["", "线路不稳", "新的说明", "承认代刷"]
    assert integrity.look(graded.run) == 0


def test_strangers_find_no_case(graded: Graded) -> None:
    watch(graded, played_s=4000, refused_s=2000)
    integrity.look(graded.run)
    stranger = make_actor(make_person(name="外人", role="teacher", number="X"))
    with pytest.raises(NotThere):
        integrity.decide(
            run_uuid=graded.run.uuid,
            case_uuid=IntegrityCase.objects.get().uuid,
            upheld=True,
            reason="x",
            acting=stranger,
        )
    assert IntegrityCase.objects.get().status == "open"
