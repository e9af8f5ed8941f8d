"""Whole courses: every unit is rendered, and no supported block fails but those that want to run a script."""

from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

import courses.content
from courses.content.actions import import_course
from courses.content.models import ContentBlock
from courses.content.queries import outline
from courses.runtime.grants import Grant
from courses.runtime.views import open_unit
from edu.kernel.actor import SYSTEM
from tests.factories.courses import make_course, make_run
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
DEMO = Path(courses.content.__file__).parent / "demo"


def render_all(source: Path, settings: Settings, tmp_path: Path) -> tuple[Counter[str], set[str], set[str]]:
    """Render every unit; return how blocks were shown, which failed, and which want a sandbox."""
    settings.MEDIA_ROOT = tmp_path
    course = make_course()
    version = import_course(source=source, course_id=course.pk, source_name=source.name, acting=SYSTEM).version
    run, person = make_run(course, content=version), make_person()
    shown: Counter[str] = Counter()
    failed: set[str] = set()
    for unit in outline(version.pk).units():
        grant = Grant(person.pk, run.pk, version.pk, unit.usage_id, unit.usage_id, False, "zh-hans")
        for block in open_unit(grant)[1].blocks:
            shown[block.state] += 1
            if block.state == "failed":
                failed.add(block.usage_id)
    scripted = ContentBlock.objects.filter(version=version, needs_sandbox=True)
    return shown, failed, set(scripted.values_list("usage_id", flat=True))


def test_the_demos_own_course_is_shown_whole(settings: Settings, tmp_path: Path) -> None:
    shown, failed, _scripted = render_all(DEMO, settings, tmp_path)

    assert failed == set()
    assert set(shown) == {"shown"}


@pytest.mark.reference
@pytest.mark.parametrize(
    ("archive", "least"), [("openedx-demo-course", 290), ("openedx-test-course", 20), ("kitchen-sink", 12)]
)
def test_a_reference_course_is_shown_but_for_problems_with_scripts(
    reference_data: Path, archive: str, least: int, settings: Settings, tmp_path: Path
) -> None:
    shown, failed, scripted = render_all(reference_data / "olx" / f"{archive}.tar.gz", settings, tmp_path)

    assert failed <= scripted
    assert shown["shown"] >= least
