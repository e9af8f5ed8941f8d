"""Two imports at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from edu.institutions import api
from edu.institutions.data import ImportReport
from edu.institutions.models import Institution
from edu.kernel.actor import SYSTEM
from tests.factories.sheets import make_csv

LIST = make_csv([["code", "name"], *([f"41450{n:05d}", f"大学{n}"] for n in range(300))])


def test_two_operators_with_one_list_make_each_institution_once(committed_database: str) -> None:
    barrier = Barrier(2)

    def take_over(_number: int) -> ImportReport:
        barrier.wait()
        try:
            return api.import_institutions(LIST, acting=SYSTEM)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(take_over, range(2)))
    assert sorted(report.created for report in reports) == [0, 300]
    assert Institution.objects.count() == 300
