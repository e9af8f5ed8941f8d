"""An author's HTML in a pack: own files beside it, no scripts, nothing of another host."""

import pytest

from courses.textbooks.markup import Places, document_named, file_named, shown

FILES = {"a.png": "files/1.png", "b.pdf": "files/2.pdf", "page.html": "files/3.html"}
PLACES = Places(lambda path: FILES.get(path, ""), lambda name: "unit-2.html" if name == "b1" else "", "需要网络：")


def markup(text: str) -> str:
    return shown(text, PLACES).markup.removeprefix("<div>").removesuffix("</div>")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ('<img src="/static/a.png">', '<img src="files/1.png">'),
        ('<img src="/asset-v1:O+C+R+type@asset+block@a.png">', '<img src="files/1.png">'),
        ('<a href="/static/b.pdf">x</a>', '<a href="files/2.pdf">x</a>'),
        ('<a href="/jump_to_id/b1">x</a>', '<a href="unit-2.html">x</a>'),
        ('<a href="/jump_to_id/gone">x</a>', "<a>x</a>"),
        ('<a href="/courses/x/about">x</a>', "<a>x</a>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="https://example.org/">x</a>', '<a href="https://example.org/">x</a>'),
        (
            '<p onclick="x()" style="background:url(/static/a.png)">x</p>',
            '<p style="background:url(files/1.png)">x</p>',
        ),
        ('<p style="background:url(//evil.example/x)">x</p>', '<p style="background:url(about:blank)">x</p>'),
        ("<script>alert(1)</script>after", "after"),
        ("before<!-- a note -->after", "beforeafter"),
        ("<p>one</p><!-- a note -->after", "<p>one</p>after"),
        ('<meta http-equiv="refresh" content="0;url=//evil.example">x', "x"),
        ("<p>never closed", "<p>never closed</p>"),
        ("  ", ""),
    ],
)
def test_what_stands_in_the_pack(text: str, stands: str) -> None:
    assert markup(text) == stands


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://cdn.example.org/x.png" alt="图">',
        '<iframe src="https://video.example.org/v"></iframe>',
        '<embed src="//cdn.example.org/x.swf">',
    ],
)
def test_what_would_be_fetched_from_elsewhere_is_counted_and_not_fetched(text: str) -> None:
    found = shown(text, PLACES)
    assert len(found.needs_network) == 1
    assert "src=" not in found.markup


def test_a_frame_becomes_a_link_and_what_follows_stays() -> None:
    found = markup('<iframe src="https://video.example.org/v">x</iframe>tail')
    assert found == '<p>需要网络：<a href="https://video.example.org/v">https://video.example.org/v</a></p>tail'
    assert markup('<object data="/static/b.pdf"></object>') == '<p><a href="files/2.pdf">b.pdf</a></p>'


def test_pages_that_could_run_a_script_are_not_led_to() -> None:
    assert markup('<a href="/static/page.html">x</a>') == "<a>x</a>"
    assert "files/3.html" not in markup('<iframe src="/static/page.html"></iframe>')
    assert document_named("/static/Figure.SVG") == ""


def test_nothing_outside_the_courses_folder_is_named() -> None:
    assert file_named("/static/../keys/x.pem") == ""
    assert file_named("/static/%2e%2e/x") == ""
    assert file_named("/other/a.png") == ""


def test_what_is_no_html_is_shown_as_typed() -> None:
    assert markup("1 < 2\x00") != ""
