"""Two texts line by line."""

import time

import pytest

from courses.content import textdiff
from courses.content.textdiff import Part


def test_a_paragraph_that_changed_stands_between_its_neighbours_with_the_words_marked() -> None:
    old = "<div><p>一</p><p>平均数是三。</p><p>二</p><p>三</p><p>四</p></div>"
    new = "<div><p>一</p><p>中位数是三。</p><p>二</p><p>三</p><p>四</p></div>"
    diff = textdiff.compare(old, new, lines_max=99)
    assert [(line.mark, line.text) for line in diff.lines if line.mark in ("del", "ins")] == [
        ("del", "<p>平均数是三。</p>"),
        ("ins", "<p>中位数是三。</p>"),
    ]
    assert next(line.mark for line in diff.lines) == "gap"
    gone = next(line for line in diff.lines if line.mark == "del")
    assert gone.parts == (Part("<p>"), Part("平均", True), Part("数是三。</p>"))


def test_lines_that_were_only_broken_elsewhere_do_not_differ() -> None:
    diff = textdiff.compare("<p>一</p><p>二</p>", "<p>一</p>\n   <p>二</p>\n", lines_max=9)
    assert diff == textdiff.TextDiff(())


def test_a_long_chinese_paragraph_breaks_after_its_sentences() -> None:
    text = "".join(f"第{number}句说的是平均数与中位数之间的差别。" for number in range(20))
    assert len(textdiff.readable_lines(text)) == 20


def test_what_is_left_out_is_counted() -> None:
    old, new = "\n".join(f"甲{n}" for n in range(50)), "\n".join(f"乙{n}" for n in range(50))
    diff = textdiff.compare(old, new, lines_max=10)
    assert (len(diff.lines), diff.more) == (10, 90)


@pytest.mark.parametrize(
    "text",
    ["甲" * (textdiff.CHARACTERS_MAX + 1), "\n" * 10 + "a\n" * (textdiff.LINES_MAX + 1)],
    ids=["characters", "lines"],
)
def test_too_long_a_text_is_not_compared(text: str) -> None:
    assert textdiff.compare(text, "甲", lines_max=10).is_too_long
    assert textdiff.compare("甲", text, lines_max=10).is_too_long


def test_a_line_without_end_is_cut() -> None:
    (line,) = textdiff.readable_lines("甲" * 100_000)
    assert len(line) == textdiff.LINE_CHARACTERS_MAX + 1


@pytest.mark.parametrize(
    "make",
    [
        lambda salt: "\n".join(f"<p>{salt}{n % 99}</p>" for n in range(textdiff.LINES_MAX - 1)),
        lambda salt: " ".join(f"{salt}{n % 7}" for n in range(90_000)),
        lambda salt: ("<p " * 90_000) + str(salt),
        lambda salt: "\u3000 " * 120_000 + str(salt),
    ],
    ids=["repeated lines", "one line of words", "tags that never end", "blanks"],
)
def test_the_worst_texts_take_seconds_at_most(make) -> None:  # type: ignore[no-untyped-def]  # a lambda
    start = time.perf_counter()
    textdiff.compare(make("a"), make("b"), lines_max=600)
    assert time.perf_counter() - start < 5
