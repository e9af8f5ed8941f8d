"""The real program, with files that mean well and files that do not."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from courses.media import ffmpeg, rules
from courses.media.rules import PROFILES
from tests.factories.films import film


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "film"  # files of courses have no ending: their name is a hash
    path.write_bytes(film())
    return path


def quiet(_done_ms: int) -> None:
    """Hear of the progress."""


def test_a_film_says_how_long_and_how_large_it_is(source: Path) -> None:
    probe = ffmpeg.probe(source)
    assert (probe.width, probe.height, probe.has_picture, probe.has_sound) == (640, 480, True, True)
    assert 1900 <= probe.duration_ms <= 2200


@pytest.mark.parametrize(("name", "size"), [("light", (480, 360)), ("sound", (0, 0)), ("standard", (640, 480))])
def test_each_copy_is_what_it_is_called(source: Path, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    made = tmp_path / "made"
    ffmpeg.run(rules.arguments(str(source), str(made), PROFILES[name], ffmpeg.probe(source)), limit_s=60, tick=quiet)

    copy = ffmpeg.probe(made)
    assert (copy.width, copy.height) == size
    assert copy.has_sound
    assert made.stat().st_size < source.stat().st_size


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {secret}\n",
        "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
        "not a film at all",
        "",
    ],
)
def test_a_list_of_other_files_is_no_film(tmp_path: Path, source: Path, text: str) -> None:
    evil = tmp_path / "evil.mp4"
    evil.write_text(text.replace("{secret}", str(source)))
    with pytest.raises(ffmpeg.Unreadable):
        ffmpeg.probe(evil)


def test_a_film_that_breaks_off_is_refused_and_not_half_copied(tmp_path: Path, source: Path) -> None:
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ffmpeg.Unreadable):
        ffmpeg.probe(source)


def test_the_program_is_stopped_at_its_time_limit(tmp_path: Path) -> None:
    source = tmp_path / "long"
    source.write_bytes(film(size="1280x720", seconds=4))
    told = [
        "-stream_loop",
        "1000",
        *rules.arguments(str(source), str(tmp_path / "made"), PROFILES["standard"], ffmpeg.probe(source)),
    ]
    began = time.monotonic()
    with pytest.raises((ffmpeg.TookTooLong, ffmpeg.Unreadable)):  # by the clock, or by the kernel when it is busy
        ffmpeg.run(told, limit_s=2, tick=quiet)
    assert time.monotonic() - began < 20


def test_whoever_listens_can_stop_it(tmp_path: Path, source: Path) -> None:
    class CalledOff(Exception):
        pass

    def stop(_done_ms: int) -> None:
        raise CalledOff

    told = [
        "-stream_loop",
        "1000",
        *rules.arguments(str(source), str(tmp_path / "made"), PROFILES["light"], ffmpeg.probe(source)),
    ]
    with pytest.raises(CalledOff):
        ffmpeg.run(told, limit_s=60, tick=stop)
    running = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, check=False)
    assert running.stdout == b""


def test_memory_is_bounded(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "MEMORY_BYTES_MAX", 64 * 1024 * 1024)  # less than the program itself
    with pytest.raises(ffmpeg.Unreadable):
        ffmpeg.probe(source)


def test_an_operator_names_the_program_or_turns_it_off(settings: Settings) -> None:
    assert ffmpeg.program()
    settings.GUIXUE_FFMPEG = "/opt/ffmpeg/bin/ffmpeg"
    assert ffmpeg.program() == "/opt/ffmpeg/bin/ffmpeg"
    settings.GUIXUE_FFMPEG = "off"
    assert ffmpeg.program() == ""


def test_the_wheels_program_is_found_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert "imageio_ffmpeg" in ffmpeg.program()
