"""The story of the demo, asked about its facts: one student's credit from another university's course to a paper."""

from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from courses import api as courses
from credits import api as credits
from credits.seals import leaves, proofs, proving
from credits.seals.models import TermSeal
from edu.portal.story import accounts, scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings: object, tmp_path: Path) -> scenes.Told:
    settings.GUIXUE_DEMO = True  # type: ignore[attr-defined]
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    settings.KEYS_DIR = tmp_path / "keys"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    return scenes.tell()


def test_the_credit_of_the_student_comes_home_and_is_certified(told: scenes.Told) -> None:
    student = told.cast.uuid("student")
    result = courses.results_of(student)[0]
    assert result.is_certified
    assert result.passed
    assert result.submitted_by_uuid == told.cast.uuid("teacher")
    assert result.certified_by_uuid == told.cast.uuid("host_registrar")
    lots = credits.lots_of(student)
    host_lot = next(lot for lot in lots if lot.derived_from_uuid is None)
    home_lot = next(lot for lot in lots if lot.derived_from_uuid == host_lot.uuid)
    assert (host_lot.amount, home_lot.amount) == (Decimal("2.00"), Decimal("2.00"))
    assert host_lot.amount_in("available") == 0
    assert home_lot.amount_in("recognised") == Decimal("2.00")
    accounts.note(told)
    assert accounts.left_behind()["certificate"].endswith(credits.certificates_of(student)[0].token)


def test_the_second_student_is_half_way(told: scenes.Told) -> None:
    second = told.cast.uuid("second_student")
    assert courses.enrolments_of(second) == ()
    assert credits.lots_of(second) == ()
    assert credits.preview(second, told.open_run).counts


def test_the_third_student_waits_for_a_registrar(told: scenes.Told) -> None:
    third = told.cast.uuid("third_student")
    lot = credits.lots_of(third)[0]
    assert lot.amount_in("reserved") == Decimal("2.00")
    assert lot.amount_in("available") == 0


def test_the_term_of_the_story_is_sealed_once_its_corrections_are_over(
    told: scenes.Told, settings: Settings, tmp_path: Path
) -> None:
    settings.GUIXUE_LOG_DIR = tmp_path / "log"
    scenes.close_terms()
    [sealed] = TermSeal.objects.all()
    assert sealed.term_code.endswith("-3")
    own = proving.sealed_of(sealed, told.cast.uuid("student"))
    lot = next(lot for lot in credits.lots_of(told.cast.uuid("student")) if lot.derived_from_uuid is None)
    found = proofs.check(proving.proof_of_lot(own, lot.uuid))
    assert found.logged
    assert len(leaves.standing(found.leaves[0])) == 1
    assert found.corrections == ()
