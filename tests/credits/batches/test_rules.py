"""Pasted numbers and spans of archives: values only."""

from credits.batches.rules import PAPERS_MAX, Counts, numbers_in, spans


def test_numbers_are_read_as_people_paste_them_each_once() -> None:
    assert numbers_in(" 2026001\n2026002，2026001;\t10594/77、 ") == ("2026001", "2026002", "10594/77")
    assert numbers_in(" \n") == ()


def test_every_line_is_in_exactly_one_archive() -> None:
    for lines in (0, 1, PAPERS_MAX, PAPERS_MAX + 1, 10_000):
        covered = [position for first, last in spans(lines) for position in range(first, last + 1)]
        assert covered == list(range(1, lines + 1))


def test_counts_add_up() -> None:
    counts = Counts(waiting=1, issued=2, refused=3, failed=4)
    assert (counts.total, counts.ended, counts.wrong) == (10, 9, 7)
