"""The product under test: a copy of the demo's story, which is told once for all workers of a test run."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis

from edu.embedded import broker, run
from tests.template import cluster_of_tests, ensure_template

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 8300
TOLD = "told.json"
LEFT_OVER = ("migrated", "media", "keys", "private", "log", "packing", "redis")
OWN = ("turn.lock", "told-for", "*.log")  # of the folder in which the story is told
THIS_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or os.urandom(8).hex()
MOVE = "UPDATE wagtailcore_site SET port = %s"


class Product(run.Product):
    """A product with a process beside it that runs the tests' own functions on it."""

    beside: subprocess.Popen[str] | None = None

    def ask(self, function: str, *words: object) -> Any:
        """Return what a function of a module here returns beside the product; RuntimeError when it raises."""
        if self.beside is None:
            self.beside = self._start_beside()
        assert self.beside.stdin is not None
        assert self.beside.stdout is not None
        asked = {"function": f"tests.browser.{function}", "words": words}
        self.beside.stdin.write(json.dumps(asked) + "\n")
        self.beside.stdin.flush()
        line = self.beside.stdout.readline()
        if not line:
            raise RuntimeError(f"The process beside ended; its words are in {self.data_dir / 'beside.log'}")
        answer = json.loads(line)
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer["value"]

    def _start_beside(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.browser.beside"]
        with (self.data_dir / "beside.log").open("a") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def stop(self) -> None:
        """End everything at once: nobody needs its data any more, and to wait for what is on its way takes seconds."""
        if self.beside is not None:
            self.beside.communicate()  # closes its input, which ends it
            self.beside = None
        for name in {"web", "worker"} & set(self.children):
            with suppress(ProcessLookupError):
                os.killpg(self.children[name].pid, signal.SIGKILL)
            self.children[name].wait()
        super().stop()

    def clear(self) -> None:
        """Leave nothing of an earlier run."""
        self.cluster.drop(self.database)
        for name in LEFT_OVER:
            target = self.data_dir / name
            target.unlink() if target.is_file() else shutil.rmtree(target, ignore_errors=True)


def fresh_product(data_dir: Path, port: int) -> Product:
    """Return the whole product, started on a copy of the demo's story.

    Its database lies in the tests' cluster, where a copy takes a second; telling the story takes most of a minute.
    """
    product = Product(data_dir, port, cluster=cluster_of_tests(), database=_database(data_dir))
    _copy_story(product)
    try:
        product.start_parts()
        with product.cluster.connect(product.database) as connection:
            connection.execute(MOVE, [port])
        product.start_servers()
    except BaseException:
        product.stop()
        raise
    return product


def told(product: Product) -> dict[str, Any]:
    """Return what the story left behind: accounts and addresses; and the run of tasks with its writer."""
    found: dict[str, Any] = json.loads((product.data_dir / TOLD).read_text("utf-8"))
    return found


def _database(folder: Path) -> str:
    return f"product_{folder.name.replace('-', '_')}"


def _copy_story(product: Product) -> None:
    """Copy database and files of the story's product, which is at rest; the first worker of a test run tells it."""
    ensure_template(product.cluster)
    story = Product(ROOT / "var" / "browser-story", FIRST_PORT, cluster=product.cluster, database="product_story")
    stamp = story.data_dir / "told-for"
    with (story.data_dir / "turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != THIS_RUN:
            stamp.unlink(missing_ok=True)
            _tell(story)
            stamp.write_text(THIS_RUN)
        product.clear()
        product.cluster.create(product.database, template=story.database)
        shutil.copytree(story.data_dir, product.data_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    for note in (TOLD, "story.json"):  # they name the address
        copy = product.data_dir / note
        copy.write_text(copy.read_text("utf-8").replace(f":{story.port}/", f":{product.port}/"), "utf-8")


def _tell(story: Product) -> None:
    """Tell the story, keep what waits for the worker, and come to rest: a database in use cannot be copied."""
    story.clear()
    try:
        story.start_parts(template=ensure_template(story.cluster))
        found = story.ask("staging.tell_story")
        with redis.Redis(unix_socket_path=str(broker.socket_path(story.data_dir))) as queue:
            queue.save()
    finally:
        story.stop()
    (story.data_dir / TOLD).write_text(json.dumps(found, ensure_ascii=False), "utf-8")
