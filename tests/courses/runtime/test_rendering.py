"""Every supported block shows its learner's view, and one that fails harms nobody else."""

from dataclasses import replace

import pytest
from django.utils import translation

from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import MakeClassroom
from tests.courses.runtime.samples import EVERY_TYPE, PACKAGED
from tests.factories.blocks import block, problem, text

pytestmark = pytest.mark.django_db

SCRIPTED = "<problem><script type='loncapa/python'>x = 1</script><p>$x</p></problem>"


def test_every_supported_type_is_shown(classroom: MakeClassroom) -> None:
    room = classroom(EVERY_TYPE + PACKAGED)

    with translation.override("en"):
        _runtime, unit = open_unit(room.grant())

    states = {shown.usage_id: shown.state for shown in unit.blocks}
    assert states == {usage: "shown" for usage, _fields in EVERY_TYPE + PACKAGED}
    assert all(shown.body.strip() for shown in unit.blocks)


def test_only_a_problem_with_a_part_of_its_own_script_brings_the_packages(classroom: MakeClassroom) -> None:
    scripted = problem(
        "p-js",
        '<problem><customresponse cfn="f"><jsinput html_file="/static/x.html" gradefn="g"/></customresponse></problem>',
    )

    assert open_unit(classroom(EVERY_TYPE).grant())[1].scripts == []
    assert len(open_unit(classroom([*EVERY_TYPE, scripted]).grant())[1].scripts) == 1


def test_a_package_speaks_the_language_of_the_page(classroom: MakeClassroom) -> None:
    room = classroom(PACKAGED)

    chinese = open_unit(room.grant())[1]
    with translation.override("en"):
        english = open_unit(room.grant())[1]

    assert any("translations/zh_CN/text.js" in url for url in chinese.scripts)
    assert not any("translations" in url for url in english.scripts)


def test_a_problem_whose_script_may_not_run_leaves_a_calm_panel_and_the_others_live(classroom: MakeClassroom) -> None:
    room = classroom([text("before"), problem("scripted", SCRIPTED), problem("after")])

    _runtime, unit = open_unit(room.grant())

    assert [shown.state for shown in unit.blocks] == ["shown", "failed", "shown"]
    assert "Traceback" not in unit.blocks[1].body
    assert "safe_exec" not in unit.blocks[1].body


@pytest.mark.parametrize("tells", [True, False])
def test_why_a_block_failed_is_told_to_staff_alone(classroom: MakeClassroom, tells: bool) -> None:
    room = classroom([block("poll@bad", answers="no list"), text("after")])

    bad, after = open_unit(replace(room.grant(), keeps=False, tells=tells))[1].blocks

    assert (bad.state, after.state) == ("failed", "shown")
    assert ("给作者" in bad.body) is tells


def test_a_block_that_is_not_run_here_is_a_placeholder_with_its_name(classroom: MakeClassroom) -> None:
    room = classroom([block("lti@x", display_name="外部实验室")], support="placeholder")

    _runtime, unit = open_unit(room.grant())

    assert [shown.state for shown in unit.blocks] == ["placeholder"]
    assert "外部实验室" in unit.blocks[0].body


def test_files_of_the_course_are_addressed_under_the_frames_origin(classroom: MakeClassroom) -> None:
    room = classroom(EVERY_TYPE)

    _runtime, unit = open_unit(room.grant())

    bodies = "".join(shown.body for shown in unit.blocks)
    assert f'src="/a/{room.content.uuid}/fig.png"' in bodies
    assert f'src="/a/{room.content.uuid}/a.mp4"' in bodies
    assert f'src="/c/{room.content.uuid}/a-zh.srt"' in bodies
    assert '"/static/' not in bodies


def test_a_file_on_a_foreign_host_is_named_and_not_fetched(classroom: MakeClassroom) -> None:
    room = classroom([block("video@v", html5_sources=["https://example.com/a.mp4"], youtube_id_1_0="3_yD_cEKoCk")])

    _runtime, unit = open_unit(room.grant())

    assert "example.com" not in unit.blocks[0].body
    assert "<video" not in unit.blocks[0].body
    assert "foreign website" in unit.blocks[0].body or "外" in unit.blocks[0].body
