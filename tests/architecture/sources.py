"""The project's own source files, for tests that read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("edu", "courses", "credits", "classrooms", "search", "tests")
NOT_OURS = {"migrations", "dist", "node_modules", "__pycache__", "demo"}  # demo: course content and its media script


def files(*endings: str) -> Iterator[Path]:
    """Yield every file of ours with one of the endings, generated ones left out."""
    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*")):
            if path.suffix in endings and path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts):
                yield path


def name(path: Path) -> str:
    """Return the path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))
