"""Problems with the author's Python: run in the sandbox that the operator named, and nowhere without one."""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation
from pytest_django import Settings

from courses.runtime import queries, scripts
from courses.runtime.models import BlockScore
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import problem, text
from tests.factories.films import put_file
from tests.factories.sandbox import running

pytestmark = pytest.mark.django_db

DRAWN = """<problem><script type="loncapa/python">
a = random.randint(20, 20)
b = a + 22
</script><p>Add $a and 22.</p><numericalresponse answer="$b"><formulaequationinput/></numericalresponse></problem>"""
CHECKED = """<problem><script type="loncapa/python">
def check(expect, ans):
    return {"ok": sorted(ans.split()) == ["3", "5"], "msg": "seen " + ans}
</script><customresponse cfn="check"><textline/></customresponse></problem>"""
BROKEN = "<problem><script>raise ValueError('of the author')</script><p>x</p></problem>"
LIBRARY = """<problem><script>
import survey
mean = survey.mean([60, 70, 80])
</script><p>Mean: $mean</p><numericalresponse answer="$mean"><formulaequationinput/></numericalresponse></problem>"""


@pytest.fixture(scope="module")
def sandbox_address() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def sandbox(settings: Settings, sandbox_address: str) -> str:
    """An installation with a sandbox."""
    cache.clear()  # CAPA keeps what a script gave
    settings.GUIXUE_SANDBOX_URL = sandbox_address
    return sandbox_address


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    scripts.library.cache_clear()
    yield
    scripts.library.cache_clear()
    cache.clear()


def shown(room: Classroom) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(one.state, one.body) for one in open_unit(room.grant())[1].blocks]


@pytest.mark.usefixtures("sandbox")
def test_a_scripts_figures_stand_in_the_problem_and_grade_it(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", DRAWN)])
    ((state, body),) = shown(room)
    assert (state, "Add 20 and 22." in body) == ("shown", True)
    grant = room.grant("problem@p")
    assert answer(grant, "problem@p", value="41")["success"] == "incorrect"
    assert answer(grant, "problem@p", value="42")["success"] == "correct"
    assert queries.scores_of(room.run.pk, [room.person.pk])[0].earned == 1


@pytest.mark.usefixtures("sandbox")
def test_the_authors_function_grades_and_comments(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", CHECKED)])
    grant = room.grant("problem@p")
    wrong = answer(grant, "problem@p", value="3 4")
    assert (wrong["success"], "seen 3 4" in wrong["contents"]) == ("incorrect", True)
    assert answer(grant, "problem@p", value="5 3")["success"] == "correct"


@pytest.mark.usefixtures("sandbox")
def test_scripts_import_the_library_of_their_course(
    classroom: MakeClassroom, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    room = classroom([problem("p", LIBRARY)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("survey.py", "def mean(figures):\n    return sum(figures) / len(figures)\n")
    put_file(room.content, packed.getvalue(), name="python_lib.zip", media_type="application/zip")
    ((state, body),) = shown(room)
    assert (state, "Mean: 70" in body) == ("shown", True)


@pytest.mark.usefixtures("sandbox")
def test_a_script_that_fails_is_a_calm_panel_and_the_rest_lives(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", BROKEN), text("after")])
    (state, body), after = shown(room)
    assert (state, after[0]) == ("failed", "shown")
    assert "of the author" not in body


def test_without_a_sandbox_nothing_runs_anywhere(classroom: MakeClassroom, settings: Settings, tmp_path: Path) -> None:
    settings.GUIXUE_SANDBOX_URL = ""
    mark = tmp_path / "ran"
    room = classroom([problem("p", f"<problem><script>open({str(mark)!r}, 'w')</script><p>x</p></problem>")])
    assert [state for state, _body in shown(room)] == ["failed"]
    assert not mark.exists()
    with pytest.raises(scripts.NoSandbox):
        scripts.run(dict.fromkeys((*scripts.SENT, "extra_files")) | {"globals_dict": {}})


def test_a_sandbox_that_goes_away_takes_no_attempt_and_no_points(
    classroom: MakeClassroom, settings: Settings, sandbox: str
) -> None:
    room = classroom([problem("p", CHECKED, max_attempts=1)])
    grant = room.grant("problem@p")
    shown(room)  # the script itself is kept from now on
    settings.GUIXUE_SANDBOX_URL = "http://127.0.0.1:9"
    with translation.override("en"):
        refused = answer(grant, "problem@p", value="3 5")
    assert "Nothing was counted" in refused["success"]
    assert not BlockScore.objects.filter(earned__gt=0).exists()
    settings.GUIXUE_SANDBOX_URL = sandbox
    assert answer(grant, "problem@p", value="3 5")["success"] == "correct"


def _replying(body: bytes, status: int, lacking: int) -> Callable[..., Any]:
    class Reply(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", str(len(body) + lacking))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    return Reply


@pytest.mark.parametrize(
    ("body", "status", "lacking"),
    [
        (b"no json", 200, 0),
        (b"[]", 200, 0),
        (b"{}", 200, 0),
        (b'{"globals_dict": [1]}', 200, 0),
        (b'{"globals_dict": {}}', 500, 0),
        (b'{"globals_dict": {}}', 302, 0),
        (b'{"globals_dict": {}}', 200, 9),
        (json.dumps({"globals_dict": {"a": "x" * scripts.ANSWER_BYTES_MAX}}).encode(), 200, 0),
    ],
    ids=["text", "list", "empty", "no-dict", "failed", "elsewhere", "cut-off", "too-much"],
)
def test_whatever_a_sandbox_answers_it_is_no_variables_of_ours(
    settings: Settings, body: bytes, status: int, lacking: int
) -> None:
    with HTTPServer(("127.0.0.1", 0), _replying(body, status, lacking)) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings.GUIXUE_SANDBOX_URL = f"http://127.0.0.1:{server.server_port}"
        variables = {"a": 1}
        asked = dict.fromkeys((*scripts.SENT, "extra_files")) | {"globals_dict": variables}
        with pytest.raises(scripts.NoSandbox):
            scripts.run(asked)
    assert variables == {"a": 1}
