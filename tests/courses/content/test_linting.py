"""What a check says of blocks, on plain values."""

from typing import Any

import pytest

from courses.content import findings, limits, linting
from courses.content.lighter import LighterCopy
from courses.content.linting import File, Finding, Item, Offline, Report, Severity


def unit(*items: Item) -> list[Item]:
    return [Item("vertical@u", "vertical", "unit", "vertical@u", "单元", {}, {}, "supported", "", False), *items]


def block(
    text: str = "",
    *,
    kind: str = "html",
    name: str = "b",
    support: str = "supported",
    sandbox: bool = False,
    **settings: Any,
) -> Item:
    return Item(
        f"{kind}@{name}", kind, "block", "vertical@u", "块", settings, {"data": text}, support, "unknown-type", sandbox
    )


FILES = [
    File("static/a.png", 1000, "image/png"),
    File("static/a.pdf", 5000, "application/pdf"),
    File("static/film-720p.mp4", 9000, "video/mp4"),
    File("static/film-360p.mp4", 3000, "video/mp4"),
    File("static/zh.srt", 70, "application/x-subrip"),
    File("static/Brain red.png", 10, "image/png"),
]


def lint(*items: Item, files: list[File] | None = None) -> Report:
    return linting.lint(unit(*items), FILES if files is None else files, ["u", "b", "c"])


def codes(*items: Item) -> list[str]:
    return [finding.code for finding in lint(*items).findings]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (block("<p>一</p>"), []),
        (block('<img src="/static/a.png" alt="图">'), []),
        (block('<script src="https://cdn.example.org/x.js"></script>'), ["foreign-script"]),
        (block('<iframe src="https://www.youtube.com/embed/x"></iframe>'), ["foreign-frame"]),
        (block('<link rel="stylesheet" href="//fonts.googleapis.com/css">'), ["foreign-style"]),
        (block('<img alt="" src="https://e.example.org/x.png">'), ["foreign-media"]),
        (block('<form action="https://e.example.org/x"></form>'), ["foreign-form"]),
        (block('<script>$.get("https://e.example.org/x")</script>'), ["script-names-host"]),
        (block('<a href="https://youtu.be/x">看</a>'), ["link-out-of-reach"]),
        (block('<a href="https://www.gxu.edu.cn/">看</a>'), []),
        (block('<img src="/static/a.png">'), ["image-without-alt"]),
        (block('<img alt="" src="/static/none.png">'), ["file-missing"]),
        (block('<img alt="" src="/static/Brain_red.png">'), []),
        (block('<a href="/jump_to_id/c">去</a>'), []),
        (block('<a href="/jump_to_id/nowhere">去</a>'), ["jump-nowhere"]),
        (block('<p id="a">一</p><p id="a">二</p>'), ["id-twice"]),
        (block('<video src="/static/film-360p.mp4"></video>'), ["video-without-captions"]),
        (block("<problem/>", kind="problem", sandbox=True), ["needs-sandbox"]),
        (block(kind="starmap", support="placeholder"), ["placeholder"]),
        (block('<script src="https://cdn.example.org/x.js"></script>', support="refused"), ["refused"]),
        (block(kind="lti_consumer", launch_url="https://tool.example.org/"), ["outside-tool"]),
        (block(kind="pdf", url="https://e.example.org/a.pdf"), ["foreign-media"]),
        (block(kind="pdf", url="/static/a.pdf"), []),
        (block(kind="drag-and-drop-v2", data={"targetImg": "https://e.example.org/a.png"}), ["foreign-media"]),
        (block(kind="poll", question="![](/static/a.png)"), ["image-without-alt"]),
    ],
)
def test_what_is_found_in_a_block(item: Item, expected: list[str]) -> None:
    assert codes(item) == expected


CAPTIONS = {"zh": "zh.srt"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"html5_sources": ["/static/film-360p.mp4"], "transcripts": CAPTIONS}, []),
        ({"html5_sources": ["/static/film-360p.mp4"]}, ["video-without-captions"]),
        ({"html5_sources": ["/static/film-360p.mp4"], "transcripts": {"zh": "none.srt"}}, ["file-missing"]),
        ({"html5_sources": [], "transcripts": CAPTIONS}, ["video-empty"]),
        ({"html5_sources": ["/static/none.mp4"], "transcripts": CAPTIONS}, ["video-empty", "file-missing"]),
        ({"youtube_id_1_0": "abc", "transcripts": CAPTIONS}, ["video-elsewhere"]),
        ({"html5_sources": ["https://v.example.org/a.mp4"], "transcripts": CAPTIONS}, ["video-elsewhere"]),
        (
            {"youtube_id_1_0": "abc", "html5_sources": ["/static/film-360p.mp4"], "transcripts": CAPTIONS},
            ["video-also-elsewhere"],
        ),
        ({"html5_sources": ["/static/film-360p.mp4"], "sub": "old"}, ["file-missing"]),
    ],
)
def test_what_is_found_in_a_video(given: dict[str, Any], expected: list[str]) -> None:
    assert codes(block(kind="video", **given)) == expected


def test_one_id_in_two_blocks_of_a_unit_is_found_and_in_two_units_is_not() -> None:
    other = Item("vertical@v", "vertical", "unit", "vertical@v", "", {}, {}, "supported", "", False)
    far = Item("html@z", "html", "block", "vertical@v", "", {}, {"data": '<p id="a">'}, "supported", "", False)
    assert codes(block('<p id="a">', name="b"), block('<p id="a">', name="c")) == ["id-twice"]
    assert codes(block('<p id="a">', name="b"), other, far) == []


def test_the_gravest_findings_come_first_and_all_are_counted() -> None:
    report = lint(
        block('<a href="https://youtu.be/x">', name="a"),
        block('<img src="/static/a.png">', name="b"),
        block('<iframe src="https://youtu.be/x">', name="c"),
    )
    assert [finding.severity for finding in report.findings] == [Severity.MUST, Severity.LOOK, Severity.INFO]
    assert report.counts() == {"must": 1, "look": 1, "info": 1}


def test_names_in_a_finding_are_bounded_and_counted() -> None:
    text = "".join(f'<img alt="" src="https://e.example.org/{number}{"x" * 500}">' for number in range(40))
    (finding,) = lint(block(text)).findings
    assert (len(finding.names), finding.count) == (limits.NAMES_IN_A_FINDING, 40)
    assert all(len(name) <= limits.NAME_CHARACTERS for name in finding.names)


def test_what_a_unit_weighs() -> None:
    film = block(kind="video", html5_sources=["/static/film-720p.mp4", "film-360p.mp4"], transcripts=CAPTIONS)
    text = '<img alt="" src="/static/a.png"><a href="/static/a.pdf">讲义</a>'
    (weight,) = lint(block(text, name="h"), block(text, name="again"), film).units
    assert weight.text_bytes == 2 * len(text.encode())
    assert (weight.picture_bytes, weight.other_bytes) == (1000, 70)
    assert weight.offered == {"static/a.pdf": 5000}
    assert [(one.size, one.quality) for one in weight.films[0]] == [(3000, "360p"), (9000, "720p")]


@pytest.mark.parametrize(
    ("name", "quality"),
    [("static/a-720p.mp4", "720p"), ("a_360.webm", "360p"), ("static/720/a.mp4", ""), ("year2160x.mp4", ""), ("", "")],
)
def test_the_quality_that_a_films_name_says(name: str, quality: str) -> None:
    assert linting.quality_of(name) == quality


def test_a_heavy_page_and_a_heavy_film_are_found() -> None:
    files = [
        File("static/a.png", limits.PAGE_BYTES_HEAVY + 1, "image/png"),
        File("static/f.mp4", limits.FILM_BYTES_HEAVY + 1, "video/mp4"),
    ]
    film = block(kind="video", html5_sources=["/static/f.mp4"], transcripts={"zh": "f.mp4"})
    report = lint(block('<img alt="" src="/static/a.png">'), film, files=files)
    assert [(finding.code, finding.names) for finding in report.findings] == [
        ("page-heavy", ("static/a.png",)),
        ("film-heavy", ("static/f.mp4",)),
    ]


def test_a_film_in_parts_is_named_and_weighs_what_its_parts_weigh() -> None:
    files = [
        File("static/f.m3u8", 200, "application/vnd.apple.mpegurl"),
        File("static/f0.ts", 700, "video/mp2t"),
        File("static/f1.ts", 300, "video/mp2t"),
        File("static/g0.ts", 5000, "video/mp2t"),
    ]
    film = block(kind="video", html5_sources=["/static/f.m3u8"], transcripts={"zh": "f.m3u8"})
    report = lint(film, files=files)
    assert [(finding.code, finding.names) for finding in report.findings] == [("film-in-parts", ("static/f.m3u8",))]
    assert [film.size for film in report.units[0].films[0]] == [1000]


def test_a_film_weighs_what_learners_fetch() -> None:
    film = block(kind="video", html5_sources=["/static/film-720p.mp4"], transcripts=CAPTIONS)
    copies = {"static/film-720p.mp4": (LighterCopy("省流", 900),)}
    units = lint(film).units
    assert [(line.film_least, line.film_most) for line in findings.unit_lines(units, {})] == [(9000, 9000)]
    (line,) = findings.unit_lines(units, copies)
    assert (line.film_least, line.film_most, line.films) == (900, 9000, (("省流", 900), ("720p", 9000)))
    heavy = Finding("film-heavy", "v", "u", "短片", ("static/film-720p.mp4", "static/other.mp4"), 2)
    assert [note.partition(" ")[0] for note in findings.lines([heavy], copies)[0].notes] == list(heavy.names)
    assert "省流" in findings.lines([heavy], copies)[0].notes[0]


@pytest.mark.parametrize(
    ("item", "offline"),
    [
        (block("<p>一</p>"), Offline.ALL),
        (block("<problem/>", kind="problem"), Offline.ALL),
        (block(kind="drag-and-drop-v2"), Offline.READING),
        (block(kind="openassessment"), Offline.READING),
        (block(kind="lti", launch_url="https://t.example.org"), Offline.NOT_ALL),
        (block('<iframe src="https://e.example.org"></iframe>'), Offline.NOT_ALL),
        (block('<a href="https://youtu.be/x">看</a>'), Offline.ALL),
        (block(kind="discussion", support="placeholder"), Offline.NOT_ALL),
    ],
)
def test_what_works_without_a_network(item: Item, offline: Offline) -> None:
    assert lint(item).units[0].offline == offline


def test_every_code_that_hinders_or_that_markup_tells_has_a_severity() -> None:
    assert set(linting.SEVERITIES) >= linting.HINDERS | set(linting._FOREIGN_CODES.values())
