"""Which copies a film gets: told on values."""

import pytest

from courses.media import rules
from courses.media.rules import PROFILES, Probe

LECTURE = Probe(600_000, 1280, 720, has_picture=True, has_sound=True)
MB = 1_000_000


def test_a_heavy_lecture_gets_every_copy() -> None:
    assert [rules.needless(LECTURE, profile, 200 * MB) for profile in PROFILES.values()] == ["", "", ""]


def test_a_small_and_light_film_needs_no_picture_of_its_own_but_a_sound() -> None:
    small = Probe(60_000, 640, 360, has_picture=True, has_sound=True)
    assert {name: rules.needless(small, profile, 1 * MB) for name, profile in PROFILES.items()} == {
        "light": "light-enough",
        "sound": "",
        "standard": "light-enough",
    }


def test_a_small_picture_of_many_bits_is_made_lighter() -> None:
    assert rules.needless(Probe(60_000, 640, 360, has_picture=True, has_sound=True), PROFILES["light"], 9 * MB) == ""


def test_what_has_no_picture_or_no_sound_gets_no_such_copy() -> None:
    silent = Probe(60_000, 1280, 720, has_picture=True, has_sound=False)
    talk = Probe(60_000, 0, 0, has_picture=False, has_sound=True)
    assert rules.needless(silent, PROFILES["sound"], MB) == "no-sound"
    assert rules.needless(talk, PROFILES["light"], MB) == "no-picture"
    assert rules.needless(talk, PROFILES["sound"], MB) == "sound-already"


@pytest.mark.parametrize(
    ("probe", "reason"),
    [
        (LECTURE, ""),
        (Probe(1000, 0, 0, has_picture=False, has_sound=False), "no-film"),
        (Probe(0, 640, 360, has_picture=True, has_sound=True), "no-length"),
        (Probe((rules.SECONDS_MAX + 1) * 1000, 640, 360, has_picture=True, has_sound=True), "too-long"),
        (Probe(1000, 20_000, 360, has_picture=True, has_sound=True), "too-large"),
    ],
)
def test_what_cannot_be_made_says_why(probe: Probe, reason: str) -> None:
    assert rules.refusal(probe) == reason


def test_a_copy_that_saves_little_is_not_kept() -> None:
    assert rules.is_worth(89, 100)
    assert not rules.is_worth(90, 100)


def test_progress_ends_below_a_hundred_until_the_file_is_kept() -> None:
    assert [rules.percent(done, LECTURE) for done in (-5, 0, 300_000, 700_000)] == [0, 0, 50, 99]


def test_nothing_of_the_file_but_picture_and_sound_goes_into_a_copy() -> None:
    told = rules.arguments("/in", "/out", PROFILES["light"], LECTURE)
    assert told[told.index("-map_metadata") + 1] == "-1"
    assert {"-sn", "-dn"} <= set(told)
    assert told[-1] == "/out"
