"""ffmpeg as a separate program that is handed strangers' files: no network, few formats, bounded in every way.

The system's own program is used, or the one inside the PyPI wheel `imageio-ffmpeg`, which is found and never
imported. Where neither is, nothing is transcoded and films play as they were uploaded.
"""

import importlib.util
import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from courses.media.rules import Probe

OFF = "off"
# A playlist or a list of files disguised as a film could name other files of this machine: only containers are read.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,avi,mpegts,mpeg,flv,asf,wav,mp3,flac,aac"
PROBE_S_MAX = 60
MEMORY_BYTES_MAX = 3 * 1024**3  # address space: decoding 4K with one thread takes under one
OUTPUT_BYTES_MAX = 4 * 1024**3
FILES_MAX = 64
NICE = 10
WORDS_MAX = 20_000
TICK_S = 1.0

DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d)\.(\d\d)")
VIDEO = re.compile(r"Stream #\S+ *: Video: (?P<rest>.*)")
AUDIO = re.compile(r"Stream #\S+ *: Audio: ")
SIZE = re.compile(r"[ ,](\d{2,5})x(\d{2,5})[ ,\[]")
DONE_TIME = re.compile(r"out_time_us=(\d+)")


class Unreadable(Exception):
    """The program cannot make anything of the file."""


class TookTooLong(Exception):
    """The program was stopped at its time limit."""


def program() -> str:
    """Return the path of ffmpeg, "" where there is none; GUIXUE_FFMPEG names one or says "off"."""
    wanted = str(getattr(settings, "GUIXUE_FFMPEG", ""))
    if wanted == OFF:
        return ""
    return wanted or shutil.which("ffmpeg") or _in_wheel()


@lru_cache(maxsize=1)
def _in_wheel() -> str:
    spec = importlib.util.find_spec("imageio_ffmpeg")
    places = spec.submodule_search_locations if spec else None
    if not places:
        return ""
    for path in sorted((Path(places[0]) / "binaries").glob("ffmpeg-*")):
        if os.access(path, os.X_OK):
            return str(path)
    return ""


def probe(source: Path) -> Probe:
    """Return what a file says of itself; Unreadable when it is no film that is taken."""
    command = [program(), "-hide_banner", "-nostdin", *_careful(), "-i", str(source)]
    try:
        done = subprocess.run(  # noqa: S603  # our own program; the file is a path of ours
            command,
            capture_output=True,
            timeout=PROBE_S_MAX,
            env=_environment(),
            preexec_fn=_limited(PROBE_S_MAX),  # set between fork and exec, in a worker of one thread
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("probe") from None
    return read_words(done.stderr[:WORDS_MAX].decode("utf-8", "replace"))


def read_words(words: str) -> Probe:
    """Return what ffmpeg says about its input; Unreadable when it found none."""
    if "Input #0" not in words:
        raise Unreadable(words.strip().splitlines()[-1] if words.strip() else "")
    length = DURATION.search(words)
    hours, minutes, seconds, part = (int(number) for number in length.groups()) if length else (0, 0, 0, 0)
    films = [found for found in VIDEO.finditer(words) if "attached pic" not in found["rest"]]
    size = SIZE.search(f" {films[0]['rest']} ") if films else None
    return Probe(
        duration_ms=((hours * 60 + minutes) * 60 + seconds) * 1000 + part * 10,
        width=int(size[1]) if size else 0,
        height=int(size[2]) if size else 0,
        has_picture=size is not None,
        has_sound=AUDIO.search(words) is not None,
    )


def run(arguments: list[str], *, limit_s: int, tick: Callable[[int], None]) -> None:
    """Run ffmpeg with its input and output; `tick` hears of the milliseconds done, about once a second.

    Whatever `tick` raises stops the program. Unreadable when it gives up, TookTooLong at the limit.
    """
    command = [program(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-xerror"]
    command += ["-progress", "pipe:1", "-stats_period", "1", *_careful(), *arguments]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603  # as above
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env=_environment(),
            start_new_session=True,
            preexec_fn=_limited(limit_s),  # as above
        )
        try:
            _watch(process, limit_s, tick)
        finally:
            _end(process)
        if process.returncode:
            words.seek(0)
            raise Unreadable(words.read(WORDS_MAX).decode("utf-8", "replace").strip()[-500:])


def _watch(process: "subprocess.Popen[bytes]", limit_s: int, tick: Callable[[int], None]) -> None:
    """Read the program's progress until it ends."""
    assert process.stdout is not None
    deadline = time.monotonic() + limit_s
    done_ms, ticked = 0, 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(TICK_S):
                said = os.read(process.stdout.fileno(), 65536)
                if not said:
                    break
                times = DONE_TIME.findall(said.decode("ascii", "replace"))
                done_ms = int(times[-1]) // 1000 if times else done_ms
            now = time.monotonic()
            if now > deadline:
                raise TookTooLong
            if now - ticked >= TICK_S:
                ticked = now
                tick(done_ms)
    process.wait(max(1.0, deadline - time.monotonic()))


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _careful() -> list[str]:
    """Return what comes before an input: local files only, containers only."""
    return ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-threads", "1"]


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "AV_LOG_FORCE_NOCOLOR": "1"}


def _limited(seconds: int) -> Callable[[], None]:
    """Return what bounds the program's time, memory, files and priority; runs in the child before the program."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(NICE)

    return limit
