"""Taking over lists of institutions."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest

from edu.events.models import Event
from edu.institutions import api
from edu.institutions.data import ImportReport
from edu.institutions.models import Institution, InstitutionName
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, Refusal
from tests.factories.institutions import make_institution
from tests.factories.sheets import make_csv, make_xlsx

pytestmark = pytest.mark.django_db
HEAD = ["code", "name", "city", "level", "former_name", "renamed_in"]
GXU = ["4145010593", "广西大学", "南宁市", "本科", "", ""]
NNNU_2017 = ["4145010603", "广西师范学院", "南宁市", "本科", "", ""]
NNNU = ["4145010603", "南宁师范大学", "南宁市", "本科", "广西师范学院", "2018"]


def take_over(*rows: list[str], **options: bool) -> ImportReport:
    """Import the rows as the system."""
    return api.import_institutions(make_csv([HEAD, *rows]), acting=SYSTEM, **options)


def test_a_list_is_taken_over_with_its_facts() -> None:
    report = take_over(GXU)
    row = Institution.objects.get()
    assert (report.created, report.ok, report.written) == (1, True, True)
    assert (row.code, row.region, row.city, row.kind) == ("4145010593", "450100", "南宁市", "university")
    assert api.institution_by_code("10593").name_zh == "广西大学"
    assert Event.objects.get().payload == {"created": "1", "changed": "0"}


def test_a_second_run_changes_nothing() -> None:
    take_over(GXU, NNNU)
    report = take_over(GXU, NNNU)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert Event.objects.count() == 1


def test_a_dry_run_writes_nothing() -> None:
    report = take_over(GXU, dry_run=True)
    assert (report.created, report.written) == (1, False)
    assert Institution.objects.count() == Event.objects.count() == 0


def test_changed_facts_are_brought_up_to_date() -> None:
    take_over(GXU)
    moved = [*GXU]
    moved[2] = "崇左市"
    report = take_over(moved)
    assert (report.changed, Institution.objects.get().region) == (1, "451400")


def test_a_renaming_keeps_both_names() -> None:
    take_over(NNNU_2017)
    assert take_over(NNNU).changed == 1
    uuid = Institution.objects.get().uuid
    name = api.institution_name(uuid, "zh-hans", dt.date(2017, 7, 1))
    assert (name.then, name.current) == ("广西师范学院", "南宁师范大学")


def test_an_older_list_does_not_undo_a_renaming() -> None:
    take_over(NNNU)
    report = take_over(NNNU_2017)
    assert (report.unchanged, report.ok) == (1, True)
    assert api.institution_by_code("10603").name_zh == "南宁师范大学"


def test_a_new_name_without_year_is_not_guessed_to_be_a_renaming() -> None:
    take_over(NNNU_2017)
    report = take_over(["4145010603", "南宁师范大学", "南宁市", "本科", "", ""])
    assert [(problem.row, problem.column) for problem in report.problems] == [(2, "name")]
    assert InstitutionName.objects.get().name == "广西师范学院"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["123", "某大学", "", "", "", ""], "code"),
        (["4145019999", "", "", "", "", ""], "name"),
        (["4145019999", "某大学", "", "大专", "", ""], "level"),
        (["4145019999", "某大学", "", "", "旧名", ""], "renamed_in"),
        (["4145019999", "某大学", "", "", "旧名", "18"], "renamed_in"),
        (["4145019999", "某大学", "", "", "某大学", "2018"], "former_name"),
        (["4145010593", "另一大学", "", "", "", ""], "code"),
        (["4145019999", "广西大学", "", "", "", ""], "name"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_written(row: list[str], column: str) -> None:
    report = take_over(GXU, row)
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, column)]
    assert Institution.objects.count() == Event.objects.count() == 0


def test_a_name_that_another_institution_bears_is_reported() -> None:
    make_institution(code="4145010595", name_zh="广西大学")
    assert take_over(GXU).problems[0].column == "name"


def test_only_operators_import() -> None:
    with pytest.raises(NotPermitted):
        api.import_institutions(make_csv([HEAD, GXU]), acting=Actor(None, None, "registrar"))
    assert Institution.objects.count() == 0


def test_a_renaming_by_day_ends_the_old_name_the_day_before() -> None:
    row = make_institution(name_zh="旧名学院")
    rename: dict[str, Any] = {
        "institution_uuid": row.uuid,
        "language": "zh-hans",
        "from_on": dt.date(2024, 6, 5),
        "by_year": False,
    }
    api.rename_institution(name="新名大学", acting=SYSTEM, **rename)
    assert api.institution_name(row.uuid, "zh-hans", dt.date(2024, 6, 4)).then == "旧名学院"
    assert api.institution_name(row.uuid, "zh-hans", dt.date(2024, 6, 5)).then == "新名大学"
    with pytest.raises(Refusal):
        api.rename_institution(name="新名大学", acting=SYSTEM, **rename)


def test_the_institutions_of_guangxi_ship_with_the_project() -> None:
    report = api.load_guangxi_institutions(acting=SYSTEM)
    assert (report.created, report.ok) == (74, True)
    assert api.load_guangxi_institutions(acting=SYSTEM).unchanged == 74
    assert api.institution_by_code("11607").name("zh-hans") == "北部湾大学"
    assert len(api.institutions(region="45")) == 74


@pytest.mark.reference
def test_the_whole_list_is_taken_over_in_seconds_as_csv_and_xlsx(reference_data: Path) -> None:
    content = (reference_data / "institutions" / "higher_education_cn_2017.csv").read_bytes()
    started = time.monotonic()
    report = api.import_institutions(content, acting=SYSTEM)
    seconds = time.monotonic() - started
    assert (report.rows, report.created, report.problems) == (2631, 2631, ())
    assert seconds < 8  # about 1 s on two cores; the rest is room for a busy machine
    rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
    again = api.import_institutions(make_xlsx(rows), acting=SYSTEM)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2631)


@pytest.mark.reference
def test_the_list_of_renamings_is_taken_over_once(reference_data: Path) -> None:
    folder = reference_data / "institutions"
    api.import_institutions((folder / "higher_education_cn_2017.csv").read_bytes(), acting=SYSTEM)
    renames = (folder / "renames.csv").read_bytes()
    assert api.import_renames(renames, acting=SYSTEM).changed == 2
    assert api.import_renames(renames, acting=SYSTEM).unchanged == 2
    assert api.institution_by_code("10603").name_zh == "南宁师范大学"


@pytest.mark.reference
def test_the_facts_of_guangxi_that_ship_are_those_of_the_list(reference_data: Path) -> None:
    api.import_institutions(
        (reference_data / "institutions" / "higher_education_cn_2017.csv").read_bytes(), acting=SYSTEM
    )
    report = api.load_guangxi_institutions(acting=SYSTEM)
    assert (report.created, report.ok) == (0, True)
    assert Institution.objects.filter(code__startswith="4145").count() == 74
