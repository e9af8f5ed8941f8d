"""Publishing, rolling back, and the log of both."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from courses.catalogue.models import Course
from courses.content import compared
from courses.content.actions import import_course, pin_version
from courses.content.models import ContentPin, ContentVersion
from courses.progress.queries import scores_by_subsection
from courses.runs.models import CourseRun
from courses.runtime.models import BlockScore, BlockState, StateScope
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import Refusal, Stale
from edu.people.models import Role
from tests.factories.courses import make_course, make_run
from tests.factories.institutions import make_institution
from tests.factories.olx import SMALL_COURSE, write_course
from tests.factories.people import make_affiliation, make_person, sign_in

MORE = {
    "vertical/v1.xml": '<vertical display_name="第一单元"><problem url_name="p1"/><problem url_name="p2"/></vertical>',
    "problem/p2.xml": SMALL_COURSE["problem/p1.xml"].replace("第一题", "第二题"),
}
FOREIGN = {"html/h1.html": '<script src="https://cdn.example.org/x.js"></script>'}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    compared._comparison.cache_clear()


def put(course: Course, author: Actor, folder: Path, changes: Mapping[str, str | None] | None = None) -> ContentVersion:
    source = write_course(folder, changes)
    return import_course(source=source, course_id=course.pk, source_name=folder.name, acting=author).version


@pytest.fixture
def pair(course: Course, author: Actor, tmp_path: Path) -> tuple[ContentVersion, ContentVersion]:
    """Version 1, and version 2 with a second problem."""
    return put(course, author, tmp_path / "old"), put(course, author, tmp_path / "new", MORE)


@pytest.fixture
def run(course: Course, author: Actor, pair: tuple[ContentVersion, ContentVersion]) -> CourseRun:
    """A run that shows version 2, as the second thing it ever showed."""
    run = make_run(course)
    for version in pair:
        pin_version(run_id=run.pk, version_id=version.pk, reason="新学期", acting=author)
    run.refresh_from_db()
    return run


@pytest.fixture
def client(course: Course) -> Client:
    person = make_person(name="韦作者")
    return sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=course.institution, role=Role.AUTHOR)
    )


def pin_address(run: CourseRun) -> str:
    return reverse("courses:content_pin", args=[run.course.uuid, run.uuid])


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


# The deed


def test_an_older_version_is_shown_again_with_a_reason_as_a_new_line(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor
) -> None:
    pin_version(run_id=run.pk, version_id=pair[0].pk, reason="第二题有错", acting=author)
    run.refresh_from_db()
    assert run.content == pair[0]
    pins = list(ContentPin.objects.filter(run=run))
    assert [(pin.version.number, pin.is_rollback) for pin in pins] == [(1, False), (2, False), (1, True)]
    assert (pins[-1].previous, pins[-1].reason, pins[-1].actor_person_uuid) == (
        pair[1],
        "第二题有错",
        author.person_uuid,
    )


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_nothing_is_rolled_back_and_no_trace_is_left(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor, reason: str
) -> None:
    before = (ContentPin.objects.count(), Event.objects.count())
    with pytest.raises(Refusal) as refused:
        pin_version(run_id=run.pk, version_id=pair[0].pk, reason=reason, acting=author)
    assert refused.value.code == "reason-needed"
    run.refresh_from_db()
    assert run.content == pair[1]
    assert (ContentPin.objects.count(), Event.objects.count()) == before


def test_who_saw_another_version_does_not_roll_back(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor
) -> None:
    with pytest.raises(Stale):
        pin_version(run_id=run.pk, version_id=pair[0].pk, reason="错", acting=author, seen_id=pair[0].pk)
    assert ContentPin.objects.count() == 2


def test_learners_keep_what_they_left(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor
) -> None:
    person = make_person()
    BlockState.objects.create(scope=StateScope.USER_STATE, person=person, run=run, usage_id="problem@p2")
    BlockScore.objects.create(
        person=person, run=run, usage_id="problem@p2", earned=1, possible=1, content_version=pair[1],
        scored_at=clock.now(),
    )  # fmt: skip
    pin_version(run_id=run.pk, version_id=pair[0].pk, reason="错", acting=author)
    assert BlockState.objects.filter(usage_id="problem@p2").count() == 1
    assert BlockScore.objects.get().earned == 1


def test_points_in_a_block_that_is_gone_count_again_when_it_is_back(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor
) -> None:
    """What the page promises, by what the learner's progress page shows."""
    person = make_person()
    for usage_id, earned in (("problem@p1", 1), ("problem@p2", 0.5)):
        BlockScore.objects.create(
            person=person, run=run, usage_id=usage_id, earned=earned, possible=1, content_version=pair[1],
            scored_at=clock.now(),
        )  # fmt: skip

    def reached() -> tuple[float, float]:
        run.refresh_from_db()
        version = run.content
        assert version is not None
        (score,) = scores_by_subsection(run.pk, person.pk, version.pk, version.uuid)
        return float(score.earned), float(score.possible)

    with_both = reached()
    pin_version(run_id=run.pk, version_id=pair[0].pk, reason="第二题有错", acting=author)
    without = reached()
    pin_version(run_id=run.pk, version_id=pair[1].pk, reason="", acting=author)
    assert with_both == reached()
    assert with_both[0] - without[0] == 0.5
    assert without[0] == 1


# The pages


def test_before_rolling_back_the_page_says_what_it_means(
    client: Client, run: CourseRun, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    person = make_person()
    BlockScore.objects.create(
        person=person, run=run, usage_id="problem@p2", earned=1, possible=1, content_version=pair[1],
        scored_at=clock.now(),
    )  # fmt: skip
    with translation.override("zh-hans"):
        page = text_of(client, pin_address(run) + "?version=1")
    assert "退回版本1" in page
    assert "1名学习者做过这个版本没有的组件" in page
    assert "其中1人在那里的得分现在计入成绩" in page
    assert "第二题" in page
    assert "会少1个计分组件" in page


def test_the_page_takes_few_queries(client: Client, run: CourseRun) -> None:
    client.get(pin_address(run) + "?version=1")
    with CaptureQueriesContext(connection) as asked:
        client.get(pin_address(run) + "?version=1")
    assert len(asked) <= 15


def test_the_way_through_the_pages(client: Client, run: CourseRun, pair: tuple[ContentVersion, ContentVersion]) -> None:
    chosen = text_of(client, pin_address(run))
    assert 'value="1"' in chosen
    assert 'value="2"' not in chosen  # it is the one that is shown
    form = {"version": pair[0].pk, "seen": pair[1].pk}
    refused = client.post(pin_address(run), {**form, "reason": ""})
    assert "error-summary" in refused.content.decode()
    assert ContentPin.objects.count() == 2
    done = client.post(pin_address(run), {**form, "reason": "第二题有错"})
    assert done["Location"] == reverse("courses:content_versions", args=[run.course.uuid])
    assert ContentPin.objects.count() == 3


def test_findings_are_shown_before_publishing_and_the_reason_is_asked_for(
    client: Client, course: Course, run: CourseRun, author: Actor, tmp_path: Path
) -> None:
    third = put(course, author, tmp_path / "third", FOREIGN)
    assert "notice-bad" in text_of(client, pin_address(run) + "?version=3")
    form = {"version": third.pk, "seen": run.content_id}
    refused = client.post(pin_address(run), {**form, "reason": ""})
    assert "error-summary" in refused.content.decode()
    client.post(pin_address(run), {**form, "reason": "校内镜像已备"})
    page = text_of(client, reverse("courses:content_log", args=[course.uuid]))
    assert "校内镜像已备" in page
    assert "来自其他网站的脚本" in page or "A script from another host" in page


@pytest.mark.parametrize("query", ["", "?version=99", "?version=x", "?version=2"])
def test_what_cannot_be_chosen_leads_to_the_choice(client: Client, run: CourseRun, query: str) -> None:
    assert 'name="version"' in text_of(client, pin_address(run) + query)


def test_a_version_of_another_course_is_no_choice(
    client: Client, run: CourseRun, author: Actor, tmp_path: Path
) -> None:
    other = put(make_course(run.course.institution), SYSTEM, tmp_path / "other")
    answer = client.post(pin_address(run), {"version": other.pk, "seen": run.content_id, "reason": "错"})
    assert answer.status_code == 200
    assert ContentPin.objects.count() == 2


def test_the_log_names_who_when_what_and_why(
    client: Client, course: Course, run: CourseRun, pair: tuple[ContentVersion, ContentVersion], author: Actor
) -> None:
    person = make_person(name="覃编辑")
    pin_version(
        run_id=run.pk,
        version_id=pair[0].pk,
        reason="第二题有错",
        acting=Actor(person.uuid, course.institution.uuid, "editor"),
    )
    address = reverse("courses:content_log", args=[course.uuid])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = text_of(client, address)
    assert len(asked) <= 12
    assert "覃编辑" in page
    assert "第二题有错" in page
    lines = client.get(address).context["lines"]
    assert [(line.kind, line.number, line.previous) for line in lines if line.kind != "made"] == [
        ("rolled-back", 1, 2),
        ("published", 2, 1),
        ("published", 1, None),
    ]
    assert [line.number for line in lines if line.kind == "made"] == [2, 1]


def test_an_empty_log_has_a_page(client: Client, course: Course) -> None:
    assert text_of(client, reverse("courses:content_log", args=[course.uuid]))


def test_who_may_not_author_gets_404(course: Course, run: CourseRun) -> None:
    other = make_course(make_institution(name_zh="别的大学"))
    for institution, role in ((course.institution, Role.STUDENT), (other.institution, Role.AUTHOR)):
        person = make_person()
        client = sign_in(
            Client(), person, affiliation=make_affiliation(person=person, institution=institution, role=role)
        )
        for address in (reverse("courses:content_log", args=[course.uuid]), pin_address(run) + "?version=1"):
            assert client.get(address).status_code == 404
