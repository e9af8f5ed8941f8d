"""The screens of authors: from nothing to a published course, and what happens when two work at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.authoring import limits, structure
from courses.authoring.models import ContentDraft, DraftBlock, Publication
from courses.catalogue.models import Course
from courses.content.models import ContentVersion
from edu.kernel.actor import Actor
from edu.people.models import Role
from tests.factories.courses import make_course, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_affiliation, make_person, sign_in


def signed_in(course: Course, role: str = Role.AUTHOR, name: str = "韦作者") -> Client:
    person = make_person(name=name)
    affiliation = make_affiliation(person=person, institution=course.institution, role=role)
    return sign_in(Client(), person, affiliation=affiliation)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course)


def at(name: str, course: Course, *more: str | int) -> str:
    return reverse(f"courses:authoring_{name}", args=[course.uuid, *more])


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def new(client: Client, course: Course, parent: str, kind: str = "", **values: object) -> DraftBlock:
    answer = client.post(f"{at('new', course)}?to={parent}&kind={kind}", values)
    assert answer.status_code == 302, answer.content.decode()
    return DraftBlock.objects.latest("id")


def answers(*rows: tuple[str, bool]) -> dict[str, object]:
    given: dict[str, object] = {"c-TOTAL_FORMS": len(rows), "c-INITIAL_FORMS": 0}
    for place, (text, right) in enumerate(rows):
        given |= {f"c-{place}-text": text, **({f"c-{place}-correct": "on"} if right else {})}
    return given


def test_from_nothing_to_what_learners_see(client: Client, course: Course) -> None:
    run = make_run(course)
    assert "authoring" not in page(client, at("outline", course))
    client.post(at("begin", course))
    section = new(client, course, "course@course", name="第一章")
    subsection = new(client, course, section.usage_id, name="第一节")
    unit = new(client, course, subsection.usage_id, name="第一单元")
    text = new(client, course, unit.usage_id, "text", name="导言", text="第一段\n\n第二段")
    assert text.fields["content"]["data"] == "<p>第一段</p>\n<p>第二段</p>"
    rows = answers(("红", True), ("蓝", False), ("", False))
    question = new(client, course, unit.usage_id, "single", name="第一题", question="什么颜色？", points="2", **rows)
    assert (question.has_score, question.fields["settings"]["weight"]) == (True, 2.0)
    for url in (at("outline", course), at("unit", course, unit.usage_id), at("edit", course, question.usage_id)):
        assert "第一单元" in page(client, url)
    seen = ContentDraft.objects.get().revision
    assert "第一次" not in page(client, at("publish", course))
    answer = client.post(at("publish", course), {"runs": [str(run.uuid)], "note": "第一次发布", "seen": seen})
    assert answer["Location"] == at("log", course)
    assert "第一次发布" in page(client, at("log", course))
    run.refresh_from_db()
    assert run.content is not None
    assert run.content.block_count == 6


PASTED = "第一行\x0b第二行\x0c\x1f\ufffe"  # as Word and PowerPoint paste a soft line break, and worse


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", {"text": f"<p>{PASTED}</p>"}),
        ("single", {"question": PASTED, "points": "2", **answers((PASTED, True), ("乙", False))}),
        ("multiple", {"question": PASTED, "points": "2", **answers((PASTED, True), ("乙", False))}),
        ("number", {"question": PASTED, "points": "1", "answer": "5", "explanation": PASTED}),
        ("words", {"question": PASTED, "points": "1", "answer": PASTED, "others": PASTED}),
        ("poll", {"question": PASTED, "answers": f"{PASTED}\n乙", "feedback": PASTED}),
        ("essay", {"prompt": PASTED, "least": "1", "most": "50", "points": "0"}),
        ("olx", {"olx": f'<problem display_name="{PASTED}"/>'}),
    ],
)
def test_what_office_pastes_is_taken(
    client: Client, course: Course, draft: ContentDraft, kind: str, values: dict[str, object]
) -> None:
    row = new(client, course, "vertical@v1", kind, **{"name": PASTED, **values})

    assert row.display_name.strip() == "第一行 第二行"
    assert "\x0b" not in row.olx
    assert page(client, at("edit", course, row.usage_id))


def test_a_part_may_be_named_by_what_was_pasted(client: Client, course: Course, draft: ContentDraft) -> None:
    assert new(client, course, "course@2026A", name=PASTED).display_name == "第一行 第二行"
    client.post(at("edit", course, "vertical@v1"), {"name": PASTED, "seen": draft.revision})
    assert DraftBlock.objects.get(usage_id="vertical@v1").display_name == "第一行 第二行"


def test_the_outline_and_the_unit_say_what_learners_do_not_get(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    assert "学习者用不了" not in page(client, at("outline", course))
    DraftBlock.objects.filter(draft=draft, usage_id="problem@p1").update(needs_sandbox=True)
    DraftBlock.objects.filter(draft=draft, usage_id="done@d1").update(support="placeholder")

    assert "2 个学习者用不了" in page(client, at("outline", course))
    body = page(client, at("unit", course, "vertical@v1"))
    assert "需要脚本沙箱" in body
    assert "占位" in body


def test_an_edit_on_top_of_another_is_409_and_loses_nothing(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    other = signed_in(course, name="黎作者")
    url = at("edit", course, "html@h1")
    mine = {"name": "导言", "text": "<p>我的</p>", "seen": 0}
    assert other.post(url, {**mine, "text": "<p>她的</p>"}).status_code == 302
    answer = client.post(url, mine)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "黎作者" in body
    assert "&lt;p&gt;她的&lt;/p&gt;" in body
    assert "&lt;p&gt;我的&lt;/p&gt;" in body
    row = DraftBlock.objects.get(usage_id="html@h1")
    assert row.fields["content"]["data"] == "<p>她的</p>"
    assert f'name="seen" value="{row.revision}"' in body
    assert client.post(url, {**mine, "seen": row.revision}).status_code == 302
    row.refresh_from_db()
    assert row.fields["content"]["data"] == "<p>我的</p>"


def test_an_edit_of_what_another_deleted_gives_the_text_back(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    other = signed_in(course, name="黎作者")
    other.post(at("delete", course, "html@h1"), {"seen": draft.revision})
    answer = client.post(at("edit", course, "html@h1"), {"name": "导言", "text": "<p>我的</p>", "seen": 0})
    assert answer.status_code == 409
    assert "黎作者" in answer.content.decode()
    assert "&lt;p&gt;我的&lt;/p&gt;" in answer.content.decode()
    assert not DraftBlock.objects.filter(usage_id="html@h1").exists()


def test_two_megabytes_of_text_are_refused_with_the_limit(client: Client, course: Course, draft: ContentDraft) -> None:
    values = {"name": "导言", "text": "<p>" + "x" * 2_000_000, "seen": 0}
    answer = client.post(at("edit", course, "html@h1"), values)
    assert answer.status_code == 200
    assert "1024 KB" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_buttons_of_the_outline_move_and_copy(client: Client, course: Course, draft: ContentDraft) -> None:
    unit = at("unit", course, "vertical@v1")
    client.post(unit, {"do": "down 0 html@h1"})
    order = list(DraftBlock.objects.filter(parent_usage_id="vertical@v1").order_by("position").values_list("url_name"))
    assert [name for (name,) in order] == ["p1", "h1", "d1"]
    assert client.post(unit, {"do": "down 0 html@h1"}).status_code == 409
    client.post(at("outline", course), {"do": "duplicate 0 chapter@c1"})
    assert DraftBlock.objects.count() == 13
    assert client.post(at("outline", course), {"do": "nonsense"}).status_code == 422


def test_the_outline_asks_the_same_for_any_number_of_blocks(
    client: Client, course: Course, author: Actor, draft: ContentDraft
) -> None:
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(client, at("outline", course))
        counts.append(len(captured))
        for _copy in range(4):
            structure.duplicate(course_id=course.pk, usage_id="chapter@c1", acting=author)
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.parametrize("role", [Role.STUDENT, Role.REGISTRAR])
def test_others_get_404(course: Course, draft: ContentDraft, role: str) -> None:
    other = signed_in(course, role)
    urls = [at(name, course) for name in ("outline", "files", "save", "publish", "log", "new")]
    urls += [at(name, course, "html@h1") for name in ("edit", "move", "delete")]
    urls += [at("unit", course, "vertical@v1"), at("preview", course, "vertical@v1")]
    for url in urls:
        assert other.get(url).status_code == 404
        assert other.post(url).status_code in (404, 405)
    assert other.post(at("begin", course)).status_code == 404


def test_a_stranger_and_what_is_missing_look_the_same(client: Client, course: Course, draft: ContentDraft) -> None:
    stranger = signed_in(make_course(make_institution(name_zh="别的大学")))
    assert stranger.get(at("outline", course)).status_code == 404
    assert client.get(at("edit", course, "html@nowhere")).status_code == 404
    assert client.get(at("unit", course, "html@h1")).status_code == 404
    assert Client().get(at("outline", course)).status_code == 302


def test_every_page_opens(client: Client, course: Course, draft: ContentDraft, imported: ContentVersion) -> None:
    for name in ("outline", "files", "save", "publish", "log"):
        page(client, at(name, course))
    page(client, at("begin_again", course, 1))
    for usage_id in ("course@2026A", "chapter@c1", "sequential@s1", "vertical@v1", "html@h1", "problem@p1", "done@d1"):
        page(client, at("edit", course, usage_id))
        page(client, at("edit", course, usage_id) + "?as=olx")
        page(client, at("delete", course, usage_id))
        page(client, at("move", course, usage_id))
    for kind in ("text", "single", "multiple", "number", "words", "video", "poll", "done", "essay", "olx"):
        page(client, f"{at('new', course)}?to=vertical@v1&kind={kind}")
    for parent in ("course@2026A", "chapter@c1", "sequential@s1"):
        page(client, f"{at('new', course)}?to={parent}")
    page(client, f"{at('new', course)}?to=vertical@v1&kind=nonsense", 404)
    assert not Publication.objects.exists()


def test_settings_of_a_subsection_are_what_its_blocks_inherit(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    url = at("edit", course, "sequential@s1")
    values = {"name": "小测", "graded": "on", "format": "小测", "due": "2026-12-24T18:00", "seen": 0}
    assert client.post(url, values).status_code == 302
    row = DraftBlock.objects.get(usage_id="sequential@s1")
    assert row.display_name == "小测"
    assert row.fields["settings"]["due"] == "2026-12-24T18:00:00+08:00"
    assert client.post(url, {**values, "name": "迟到", "seen": 0}).status_code == 409
    row.refresh_from_db()
    assert row.display_name == "小测"


def test_a_due_time_without_a_zone_is_shown_as_it_holds_and_not_lost(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    row = DraftBlock.objects.get(usage_id="sequential@s1")
    DraftBlock.objects.filter(pk=row.pk).update(fields={"settings": {"due": "2026-12-24T10:00:00"}, "content": {}})

    assert 'value="2026-12-24T18:00"' in page(client, at("edit", course, "sequential@s1"))


def planted(draft: ContentDraft, parent: str, units: int) -> None:
    """Put many units into a subsection."""
    DraftBlock.objects.bulk_create(
        DraftBlock(
            draft=draft,
            usage_id=f"vertical@n{number}",
            block_type="vertical",
            url_name=f"n{number}",
            parent_usage_id=parent,
            position=1000 + number,
            display_name=f"单元 {number}",
            olx="<vertical/>",
        )
        for number in range(units)
    )


def test_places_of_a_huge_course_are_few_nearest_first_and_found_by_name(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    block = DraftBlock.objects.filter(draft=draft, block_type="html")[0]
    root = DraftBlock.objects.get(draft=draft, block_type="course")
    section = new(client, course, root.usage_id, name="别的章")
    subsection = new(client, course, section.usage_id, name="别的节")
    near = DraftBlock.objects.filter(draft=draft, block_type="sequential")[0]
    sibling = new(client, course, near.usage_id, name="邻单元")
    planted(draft, subsection.usage_id, 2)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, at("move", course, block.usage_id))
        return len(asked)

    before = cost()
    assert 'type="search"' not in page(client, at("move", course, block.usage_id))
    DraftBlock.objects.filter(usage_id__in=["vertical@n0", "vertical@n1"]).delete()
    planted(draft, subsection.usage_id, 3000)
    assert cost() == before
    shown = page(client, at("move", course, block.usage_id))
    assert shown.count('type="radio"') == limits.CHOICES_SHOWN
    assert shown.index(sibling.usage_id) < shown.index("vertical@n0")
    assert len(shown) < 60_000
    found = page(client, at("move", course, block.usage_id) + "?q=单元+2999")
    assert found.count('type="radio"') == 1
    assert 'type="radio"' not in page(client, at("move", course, block.usage_id) + "?q=没有这样的单元")
    answer = client.post(at("move", course, block.usage_id), {"parent": "vertical@n2999", "seen": block.place_revision})
    assert answer.status_code == 302
    block.refresh_from_db()
    assert block.parent_usage_id == "vertical@n2999"


def test_an_empty_course_says_what_comes_next(client: Client, course: Course, empty: ContentDraft) -> None:
    def main_action() -> str:
        shown = page(client, at("outline", course))
        assert shown.count("btn-primary") == 1
        return shown.partition('class="btn btn-primary" href="')[2].partition("</a>")[0]

    assert main_action().endswith("新建章")
    section = new(client, course, "course@course", name="第一章")
    assert main_action() == f'{at("new", course)}?to={section.usage_id.replace("@", "%40")}">新建节'
    assert "下一步：在“第一章”里新建节" in page(client, at("outline", course))
    subsection = new(client, course, section.usage_id, name="第一节")
    assert main_action().endswith("新建单元")
    unit = new(client, course, subsection.usage_id, name="第一单元")
    assert main_action().endswith("发布")
    shown = page(client, at("unit", course, unit.usage_id))
    assert f"{at('outline', course)}?open={section.usage_id.replace('@', '%40')}" in shown


def test_what_most_questions_do_without_is_folded_until_it_says_something(
    client: Client, course: Course, draft: ContentDraft
) -> None:
    unit = DraftBlock.objects.filter(draft=draft, block_type="vertical")[0]
    folded = '<details class="more author-later">'
    assert folded in page(client, f"{at('new', course)}?to={unit.usage_id}&kind=number")
    plain = new(client, course, unit.usage_id, "number", name="题", question="几？", answer="2", points="1")
    assert folded in page(client, at("edit", course, plain.usage_id))
    limited = new(
        client, course, unit.usage_id, "number", name="题", question="几？", answer="2", points="1", attempts=3
    )
    assert folded not in page(client, at("edit", course, limited.usage_id))
    wrong = client.post(
        f"{at('new', course)}?to={unit.usage_id}&kind=number",
        {"name": "题", "question": "几？", "answer": "2", "points": "1", "attempts": "x"},
    )
    assert "author-later" in wrong.content.decode()
    assert folded not in wrong.content.decode()
    assert '<select name="chosen"' not in page(client, f"{at('new', course)}?to={unit.usage_id}&kind=video")
