"""Decisions on plain values."""

import pytest

from courses.content import rules


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<img src="/static/a.png">', {"a.png"}),
        ("url(/static/img/a.png)", {"img/a.png"}),
        ('<a href="/static/Brain%20red.png">', {"Brain red.png"}),
        ('<img src="/asset-v1:GXU+DL1+A+type@asset+block@fig_1.png">', {"fig_1.png"}),
        ('<a href="/static/a.pdf#page=2">', {"a.pdf"}),
        ("<p>电气 statics</p>", set()),
        ('<a href="/static/">', set()),
        ('<a href="/static/a%00b.png">', {"a\N{REPLACEMENT CHARACTER}b.png"}),
    ],
)
def test_the_files_a_text_asks_for(text: str, names: set[str]) -> None:
    assert rules.static_files(text) == names


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ('<img src="https://A.example.com/x.png">', {"a.example.com"}),
        ('<script src="//cdn.example.com/x.js">', {"cdn.example.com"}),
        ("<style>p { background: url('http://b.example.com/x') }</style>", {"b.example.com"}),
        ('<a href="https://example.org">', set()),
        ('<img src="/static/a.png">', set()),
    ],
)
def test_the_hosts_a_page_would_load_from(text: str, hosts: set[str]) -> None:
    assert rules.foreign_hosts(text, {}) == hosts


def test_a_video_on_youtube_or_elsewhere_loads_from_there() -> None:
    fields = {"settings": {"youtube_id_1_0": "abc", "html5_sources": ["https://v.example.com/a.mp4", "/static/b.mp4"]}}
    assert rules.foreign_hosts("", fields) == {"www.youtube.com", "v.example.com"}
    assert rules.foreign_hosts("", {"settings": {"youtube_id_1_0": ""}}) == set()


@pytest.mark.parametrize(
    ("problem", "needed"),
    [
        ('<problem><script type="loncapa/python">a=1</script></problem>', True),
        ("<problem><script>a=1</script></problem>", True),
        ('<problem><script type="text/javascript">a=1</script></problem>', False),
        ('<problem><customresponse cfn="f"/></problem>', True),
        ("<problem><stringresponse/></problem>", False),
    ],
)
def test_which_problems_need_a_sandbox(problem: str, needed: bool) -> None:
    assert rules.needs_sandbox(problem) is needed


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ({"a": [1, "中", None]}, True),
        ("a text about \\u0000", True),  # the author's own backslash
        ("\0", False),
        ("a\\\0", False),
        (float("inf"), False),
        (float("nan"), False),
        ("\ud800", False),
    ],
)
def test_what_the_database_takes(value: object, taken: bool) -> None:
    assert rules.is_storable(value) is taken


def test_a_digest_does_not_hang_on_the_order_of_keys_but_on_the_order_of_blocks() -> None:
    assert rules.digest([{"a": 1, "b": 2}]) == rules.digest([{"b": 2, "a": 1}])
    assert rules.digest(["a", "b"]) != rules.digest(["b", "a"])


def test_what_a_block_sets_itself_goes_before_what_it_inherits() -> None:
    assert rules.inherited({"due": "1", "graded": True}, {"due": "2", "x": 3}, {"due", "graded"}) == {
        "due": "2",
        "graded": True,
    }
