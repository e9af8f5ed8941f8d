"""The migrated database that test runs and products under test copy; `python -m tests.template` makes it."""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from edu.embedded.database import Cluster

ROOT = Path(__file__).resolve().parent.parent
TURN = "SELECT pg_advisory_lock(20261123)"  # two xdist workers, one template


def cluster_of_tests() -> Cluster:
    """Return the cluster of the tests; it is left running for the next run."""
    return Cluster(Path(os.environ.get("GUIXUE_DATA_DIR", str(ROOT / "var" / "test"))), throwaway=True)


@cache
def template_name() -> str:
    """Name the template by what the migrations say, so that a change makes a new one."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("edu/*/migrations/*.py")):
        digest.update(file.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


def ensure_template(cluster: Cluster) -> str:
    """Start the cluster, migrate a template once, and return its name."""
    cluster.start()
    name = template_name()
    with cluster.connect() as connection:
        connection.execute(TURN)
        if name not in cluster.databases():
            building = f"{name}_building"
            cluster.drop(building)
            cluster.create(building)
            environment = {
                **os.environ,
                "GUIXUE_DATABASE_NAME": building,
                "GUIXUE_CLUSTER_DIR": str(cluster.data_dir),
                "DJANGO_SETTINGS_MODULE": "edu.settings.test",
            }
            subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
            cluster.seal_template(building, name)
    return name


if __name__ == "__main__":
    ensure_template(cluster_of_tests())
