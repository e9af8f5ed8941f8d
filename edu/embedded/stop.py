"""Stop what an interrupted run left behind: `python -m edu.embedded.stop`."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

from edu.embedded.database import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent


def stop(data_dir: Path) -> None:
    """End the processes that `running.json` names and the database of one data folder."""
    running = data_dir / "running.json"
    if running.exists():
        for pid in json.loads(running.read_text()).values():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(int(pid), signal.SIGTERM)
        running.unlink()
    if (data_dir / "postgres" / "data").is_dir():
        Cluster(data_dir).stop()


if __name__ == "__main__":
    for folder in ("demo", "test"):
        stop(ROOT / "var" / folder)
