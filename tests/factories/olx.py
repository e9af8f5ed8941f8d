"""Courses as OLX for tests: a small valid one, and the means to spoil it."""

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

SMALL_COURSE: dict[str, str] = {
    "course.xml": '<course url_name="2026A" org="GXU" course="DL1"/>',
    "course/2026A.xml": ('<course display_name="数据素养"><chapter url_name="c1"/><wiki slug="GXU.DL1"/></course>'),
    "chapter/c1.xml": '<chapter display_name="第一章"><sequential url_name="s1"/></chapter>',
    "sequential/s1.xml": (
        '<sequential display_name="第一节" graded="true" format="作业" due="2026-12-01T00:00:00Z">'
        '<vertical url_name="v1"/></sequential>'
    ),
    "vertical/v1.xml": (
        '<vertical display_name="第一单元"><html url_name="h1"/><problem url_name="p1"/>'
        '<done url_name="d1" xblock-family="xblock.v1" align="right"/></vertical>'
    ),
    "html/h1.xml": '<html filename="h1" display_name="导言"/>',
    "html/h1.html": '<p>平均数 <img src="/static/图.png"></p>',
    "problem/p1.xml": (
        '<problem display_name="第一题" max_attempts="2"><multiplechoiceresponse><choicegroup>'
        '<choice correct="true">甲</choice> <choice correct="false">乙</choice>'
        "</choicegroup></multiplechoiceresponse></problem>"
    ),
    "policies/2026A/policy.json": '{"course/2026A": {"display_name": "数据素养", "language": "zh"}}',
    "policies/2026A/grading_policy.json": (
        '{"GRADER": [{"type": "作业", "short_label": "作业", "min_count": 1, "drop_count": 0, "weight": 1.0}],'
        ' "GRADE_CUTOFFS": {"Pass": 0.6}}'
    ),
    "static/图.png": "not really a picture",
    "about/overview.html": "<p>关于本课程</p>",
}


def course_files(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The small course with some files changed; None removes one."""
    files: dict[str, str | None] = {**SMALL_COURSE, **(changes or {})}
    return {name: text for name, text in files.items() if text is not None}


def write_course(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the small course as a folder."""
    for name, text in course_files(changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def pack_course(
    path: Path,
    changes: Mapping[str, str | None] | None = None,
    *,
    more: Callable[[tarfile.TarFile], None] = lambda _tar: None,
) -> Path:
    """Write the small course as .tar.gz in one folder, as Studio does; `more` may add what no honest packer would."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in course_files(changes).items():
            add(tar, f"course/{name}", text.encode())
        more(tar)
    return path


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a plain file to an archive."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
