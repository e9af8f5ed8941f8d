"""The course is revised: a second version that one class sees, and a third that waits for a second look."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from courses import api as courses
from edu.kernel import clock
from edu.portal.story import exchange
from edu.portal.story.cast import Cast

# path → (what stands there, what replaces it); a path that is not there is a new file
SECOND: Mapping[str, tuple[str, str]] = {
    "html/h11b-example.html": ("中位数：第四个，100碗。", "中位数：排在中间的第四个，100碗。"),
    "problem/p12a-true.xml": ('showanswer="attempted"', 'showanswer="attempted" max_attempts="3"'),
    "vertical/u11b-mean-median.xml": (
        '  <problem url_name="p11b-which"/>\n',
        '  <problem url_name="p11b-which"/>\n  <problem url_name="p11b-even"/>\n',
    ),
    "problem/p11b-even.xml": (
        "",
        '<problem display_name="试一试：偶数个数" rerandomize="never" showanswer="attempted"><numericalresponse '
        'answer="70"><label>60、65、75、80的中位数是多少？</label><formulaequationinput/></numericalresponse></problem>\n',
    ),
}
THIRD: Mapping[str, tuple[str, str]] = {
    "vertical/u11b-mean-median.xml": (
        '  <html url_name="h11b-example"/>\n  <problem url_name="p11b-without-sunday"/>\n',
        '  <problem url_name="p11b-without-sunday"/>\n  <html url_name="h11b-example"/>\n',
    ),
    "html/h12b-four.html": (
        "<p>折线图看变化，纵轴可以不从0开始，但要标清楚。</p>",
        '<p>折线图看变化，纵轴可以不从0开始，但要标清楚刻度。</p>\n<p><img src="https://upload.wikimedia.org/'
        'wikipedia/commons/line-chart.png"></p>',
    ),
    "sequential/s12-spread.xml": ("离散程度与图", "离散程度和图表"),
}


def revise(cast: Cast, course: UUID, run: UUID, source: Path) -> None:
    """Import two revisions; the class of `run` sees the first, the second waits for the registrar of the host."""
    author = cast.actor("author")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(source, Path(place) / "course"))
        with clock.at(exchange.days(-9)):
            _edit(folder, SECOND)
            second = courses.import_content(course, folder, source_name="statistics (OLX), 修订", acting=author)
            sent = courses.send_content(second, [run], note="例题写清楚“第四个”从何而来，加一道选做题", acting=author)
            courses.approve_content(submission_uuid=sent, acting=cast.actor("host_registrar"))
        with clock.at(exchange.days(-1)):
            _edit(folder, THIRD)
            third = courses.import_content(course, folder, source_name="statistics (OLX), 第三稿", acting=author)
            courses.send_content(third, [run], note="折线图标清刻度，换一张图", acting=author)


def _edit(folder: Path, changes: Mapping[str, tuple[str, str]]) -> None:
    for name, (old, new) in changes.items():
        path = folder / name
        text = path.read_text("utf-8") if path.exists() else ""
        if old not in text:
            raise LookupError(f"{name} does not hold what is to be replaced")
        path.write_text(text.replace(old, new, 1) if old else new, "utf-8")
