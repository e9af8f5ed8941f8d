"""A public tool that shares no code with us checks our log: fsck of Tessera, by the authors of the tile format."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from credits.log import keys
from tests.factories.log import sequenced

FSCK = Path(__file__).resolve().parents[3] / "build" / "tools" / "fsck"  # .ci/setup builds it where Go is at hand
WAIT_S = 60


@pytest.fixture
def fsck() -> Path:
    """The tool; without Go there is none."""
    if FSCK.is_file():
        return FSCK
    if os.environ.get("CI") and shutil.which("go"):
        pytest.fail("Go is at hand, but build/tools/fsck was not built: see .ci/setup")
    pytest.skip("TESSERA'S FSCK IS MISSING: install Go and run CI=true .ci/setup to check the log with it")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no lines."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is http.server's)
        """Say nothing."""


@pytest.fixture
def address(log_dir: Path) -> Iterator[str]:
    """The log's folder behind a plain file server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(log_dir)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def checked(fsck: Path, address: str, folder: Path) -> str:
    """Return what the tool says; version 1.0.4 ends with status 0 also when it found something."""
    key = folder / "log.pub"
    key.write_text(next(key.text for key in keys.public_keys() if key.text.split("+")[2].startswith("A")))
    command = [str(fsck), "-ui=false", "-N=4", f"-storage_url={address}", f"-public_key={key}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=True).stderr


@pytest.mark.parametrize("size", [1, 256, 600])
def test_their_fsck_finds_our_log_good(fsck: Path, address: str, tmp_path: Path, size: int) -> None:
    sequenced(size)
    said = checked(fsck, address, tmp_path)
    assert f"checking log of size {size}" in said
    assert "failed" not in said


def test_their_fsck_finds_an_edited_entry(fsck: Path, address: str, log_dir: Path, tmp_path: Path) -> None:
    sequenced(300)
    bundle = log_dir / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"posting", b"pisting", 1))
    # Four workers read at once: the tile of the entries is named, or the one above it, whichever is met first.
    assert re.search(r"fsck failed: failed: tile/[01]/000", checked(fsck, address, tmp_path))
