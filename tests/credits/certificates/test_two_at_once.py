"""Two people, two workers: one certificate, one number, one paper."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from credits.certificates import actions, drawing
from credits.certificates.models import Certificate, NumberSeries
from tests.factories.certificates import make_scene

WORKERS = 4


def at_once[T](deed: Callable[[], T]) -> list[T]:
    """Do the same in several threads, each on its own connection."""

    def alone(_number: int) -> T:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(alone, range(WORKERS)))


def test_one_credit_gets_one_certificate_and_one_worker_draws_it(committed_database: str) -> None:
    scene = make_scene()
    asked = at_once(lambda: actions.issue_certificate(lot_uuid=scene.lot.uuid, acting=scene.as_student).number)
    assert len(set(asked)) == 1
    row = Certificate.objects.get()
    assert NumberSeries.objects.get().last_serial == 1
    assert sorted(at_once(lambda: drawing.draw(row.uuid))) == [False, False, False, True]
    assert [move.target for move in row.moves.all()] == ["requested", "issued"]


def test_two_registrars_issue_anew_and_one_successor_stands(committed_database: str) -> None:
    scene = make_scene()
    first = actions.issue_certificate(lot_uuid=scene.lot.uuid, acting=scene.as_student)
    drawing.draw(first.uuid)
    anew = at_once(
        lambda: (
            actions.reissue_certificate(certificate_uuid=first.uuid, reason="更名", acting=scene.as_registrar).number
        )
    )
    assert len(set(anew)) == 1
    assert Certificate.objects.filter(supersedes__uuid=first.uuid).count() == 1
