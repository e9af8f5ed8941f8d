"""What a piece of HTML would load, link to and lack."""

import time

import pytest

from courses.content import markup
from courses.content.markup import FORM, FRAME, MEDIA, SCRIPT, STYLE

HOST = "https://e.example.org/x"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f'<script src="{HOST}"></script>', SCRIPT),
        (f'<iframe src="{HOST}"></iframe>', FRAME),
        (f'<embed src="{HOST}">', FRAME),
        (f'<object data="{HOST}"></object>', FRAME),
        (f'<link rel="stylesheet" href="{HOST}">', STYLE),
        (f'<link rel="preload icon" href="{HOST}">', STYLE),
        (f"<style>@import '{HOST}';</style>", STYLE),
        (f"<style>p {{ background: url({HOST}) }}</style>", STYLE),
        (f"<p style=\"background: URL( '{HOST}' )\">", STYLE),
        (f'<img alt="" src="{HOST}">', MEDIA),
        (f'<img alt="" srcset="/static/a.png 1x, {HOST} 2x">', MEDIA),
        (f'<video poster="{HOST}"><track kind="captions"></video>', MEDIA),
        (f'<audio><source src="{HOST}"></audio>', MEDIA),
        (f'<svg><image xlink:href="{HOST}"/></svg>', MEDIA),
        (f'<problem><imageresponse><imageinput src="{HOST}"/></imageresponse></problem>', MEDIA),
        (f'<problem><jsinput html_file="{HOST}"/></problem>', MEDIA),
        (f'<iframe srcdoc=\'&lt;img alt="" src="{HOST}"&gt;\'></iframe>', MEDIA),
        (f'<form action="{HOST}"></form>', FORM),
        (f"![图]({HOST})", MEDIA),
    ],
)
def test_what_a_page_would_load_from_elsewhere(text: str, what: str) -> None:
    assert markup.read(text).loads == [(what, HOST)]


@pytest.mark.parametrize(
    "text",
    [
        '<img alt="" src="/static/a.png">',
        f'<a href="{HOST}">',
        '<img alt="" src="data:image/png;base64,AA">',
        f"<p>{HOST}</p>",
        f'<link rel="license" href="{HOST}">',
        "<script>let a = 1 // 2</script>",
        f'<!-- <script src="{HOST}"></script> -->',
    ],
)
def test_what_loads_nothing_from_elsewhere(text: str) -> None:
    assert markup.read(text).loads == []
    assert markup.read(text).script_hosts == []


def test_links_are_told_apart_by_where_they_lead() -> None:
    found = markup.read(f'<a href="{HOST}">甲</a><a href="/static/a.pdf">乙</a><a href="/jump_to_id/u1#x">丙</a>')
    assert found.links == [HOST]
    assert found.offered == {"/static/a.pdf", "/jump_to_id/u1#x"}
    assert found.jumps == {"u1"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('<img src="/static/a.png">', 1),
        ('<img src="/static/a.png" alt="">', 0),
        ('<img src="/static/a.png" alt="一张图">', 0),
        ('<img src="/static/a.png" role="presentation">', 0),
        ("![](/static/a.png)", 1),
        ("![图](/static/a.png)", 0),
    ],
)
def test_pictures_without_a_text(text: str, count: int) -> None:
    assert len(markup.read(text).without_alt) == count


def test_films_without_captions() -> None:
    assert markup.read('<video src="/static/a.mp4"></video>').without_captions == ["/static/a.mp4"]
    assert markup.read('<video src="/static/a.mp4"><track src="a.vtt"></video>').without_captions == []
    assert markup.read('<video src="/a.mp4"><track kind="chapters" src="a.vtt"></video>').without_captions == ["/a.mp4"]


def test_a_script_that_names_a_host_may_load_it_and_one_for_the_server_does_not() -> None:
    assert markup.read(f'<script>fetch("{HOST}")</script>').script_hosts == [HOST]
    assert markup.read(f'<script type="loncapa/python">a = "{HOST}"</script>').script_hosts == []


@pytest.mark.parametrize(
    "text", ["<", "<p", "<!DOCTYPE html>", "<?xml version='1.0' encoding='gb2312'?><p>一", "\ud800<p>"]
)
def test_whatever_the_text_is_it_can_be_read(text: str) -> None:
    assert markup.read(text).loads == []


def test_a_deep_and_a_long_text_take_no_more_than_seconds() -> None:
    start = time.perf_counter()
    for text in (
        "<div>" * 100_000,
        '<p style="url(' * 50_000,
        "![" * 200_000,
        "<a " + "x " * 200_000,
        "url(" * 200_000,
    ):
        markup.read(text)
    assert time.perf_counter() - start < 10
