"""A throwaway cluster begins empty after a crash; any other keeps what it has, whatever happened."""

import subprocess
from pathlib import Path

import pytest

from edu.embedded.database import Cluster


class Quiet(Cluster):
    """A cluster whose programs are only written down; nothing answers."""

    def __init__(self, data_dir: Path, *, throwaway: bool) -> None:
        super().__init__(data_dir, throwaway=throwaway)
        self.asked: list[tuple[str, ...]] = []

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        self.asked.append((program, *arguments))
        return subprocess.CompletedProcess([program], 1)

    def _prepare_folders(self) -> None: ...

    def _ensure_roles(self) -> None: ...


def _left_by_a_crash(cluster: Cluster) -> None:
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("18\n")
    (cluster.data / "postmaster.pid").write_text("1\n")


@pytest.mark.parametrize("throwaway", [False, True], ids=["kept", "throwaway"])
def test_only_a_throwaway_cluster_begins_anew_after_a_crash(tmp_path: Path, throwaway: bool) -> None:
    cluster = Quiet(tmp_path, throwaway=throwaway)
    _left_by_a_crash(cluster)
    assert cluster.start()
    assert ("initdb" in [program for program, *_ in cluster.asked]) == throwaway
    assert (cluster.data / "PG_VERSION").exists() != throwaway


def test_a_throwaway_cluster_that_was_stopped_keeps_its_templates(tmp_path: Path) -> None:
    cluster = Quiet(tmp_path, throwaway=True)
    _left_by_a_crash(cluster)
    (cluster.data / "postmaster.pid").unlink()
    assert cluster.start()
    assert (cluster.data / "PG_VERSION").exists()


@pytest.mark.parametrize(("throwaway", "waits"), [(False, "fsync=on"), (True, "fsync=off")])
def test_only_a_throwaway_cluster_does_not_wait_for_the_disk(tmp_path: Path, throwaway: bool, waits: str) -> None:
    cluster = Quiet(tmp_path, throwaway=throwaway)
    cluster.start()
    assert any(program == "pg_ctl" and waits in " ".join(arguments) for program, *arguments in cluster.asked)
