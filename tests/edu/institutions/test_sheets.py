"""Lists are read as they are meant, or refused as a whole."""

import io
import zipfile

import pytest

from edu.institutions.sheets import FILE_BYTES_MAX, ROWS_MAX, Column, read_sheet
from edu.kernel.errors import Refusal
from tests.factories.sheets import make_csv, make_xlsx, repacked

COLUMNS = (
    Column("code", ("学校标识码",), required=True),
    Column("name", ("学校名称",), required=True),
    Column("city", ("所在地",)),
)
HEAD = ["学校标识码", "学校名称", "所在地"]
ROW = ["4145010593", "广西大学", "南宁市"]


def refusal(content: bytes) -> str:
    """Return the code under which the file is refused; its message says something."""
    with pytest.raises(Refusal) as caught:
        read_sheet(content, COLUMNS)
    assert str(caught.value.message)
    return caught.value.code


def test_xlsx_and_csv_give_the_same_rows() -> None:
    from_csv = read_sheet(make_csv([HEAD, ROW]), COLUMNS)
    from_xlsx = read_sheet(make_xlsx([HEAD, ROW]), COLUMNS)
    assert from_csv == from_xlsx
    assert from_csv[0].number == 2
    assert from_csv[0].cells == {"code": "4145010593", "name": "广西大学", "city": "南宁市"}


def test_csv_from_excel_in_china_is_understood() -> None:
    assert read_sheet(make_csv([HEAD, ROW], "gb18030"), COLUMNS)[0].cells["name"] == "广西大学"
    assert read_sheet(make_csv([HEAD, ROW], "utf-8-sig"), COLUMNS)[0].cells["name"] == "广西大学"


def test_numbers_dates_and_blank_rows_come_out_as_people_see_them() -> None:
    rows = read_sheet(
        make_xlsx([HEAD, [4145010593, " 广西　大学 ", None], [None, None, None], ["1", 2.0, 2.5]]), COLUMNS
    )
    assert [row.number for row in rows] == [2, 4]
    assert rows[0].cells == {"code": "4145010593", "name": "广西 大学", "city": ""}
    assert rows[1].cells == {"code": "1", "name": "2", "city": "2.5"}


def test_formulas_are_refused() -> None:
    assert refusal(make_xlsx([HEAD, ["=1+1", "x", ""]])) == "sheet-formula"


def test_merged_cells_are_refused() -> None:
    assert refusal(make_xlsx([HEAD, ROW, ROW], merge="C2:C3")) == "sheet-merged"


def test_heads_must_be_those_of_the_template() -> None:
    assert refusal(make_xlsx([["学校标识码"], ["1"]])) == "sheet-missing-column"
    assert refusal(make_xlsx([[*HEAD, "电话"], ROW])) == "sheet-strange-column"
    assert refusal(make_xlsx([["学校标识码", "code", "学校名称"], ROW])) == "sheet-doubled-column"


def test_a_value_beyond_the_last_column_is_refused() -> None:
    assert refusal(make_xlsx([HEAD, [*ROW, "?"]])) == "sheet-stray-cell"


def test_an_empty_list_is_refused() -> None:
    assert refusal(b"") == "sheet-empty"
    assert refusal(make_xlsx([HEAD])) == "sheet-empty"


def test_a_list_of_100_000_rows_is_refused() -> None:
    assert refusal(make_csv([HEAD, *([ROW] * 100_000)])) == "sheet-too-long"


def test_a_list_at_the_limit_is_read() -> None:
    assert len(read_sheet(make_csv([HEAD, *([ROW] * ROWS_MAX)]), COLUMNS)) == ROWS_MAX


def test_an_xlsx_with_too_many_rows_is_refused() -> None:
    assert refusal(make_xlsx([HEAD, *([ROW] * (ROWS_MAX + 1))])) == "sheet-too-long"


def test_a_row_far_below_does_not_make_the_reader_walk_there() -> None:
    far = repacked(make_xlsx([HEAD, ROW]), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="1048570"')
    assert refusal(far) in {"sheet-too-long", "sheet-broken"}


def test_other_files_are_refused() -> None:
    assert refusal(b"%PDF-1.7 ...") == "sheet-not-a-list"
    assert refusal(b"\xd0\xcf\x11\xe0 an old xls") == "sheet-not-a-list"
    assert refusal(b"PK\x03\x04 a broken archive") == "sheet-broken"
    assert refusal(b"\xff\xfe\x81") == "sheet-encoding"
    assert refusal(make_xlsx([HEAD, ROW])[:-200]) == "sheet-broken"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("hello.txt", "hello")
    assert refusal(buffer.getvalue()) == "sheet-broken"


def test_a_file_that_unpacks_without_end_is_not_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (121 * 1024 * 1024))
    assert refusal(buffer.getvalue()) == "sheet-bomb"


def test_a_file_beyond_ten_megabytes_is_refused() -> None:
    assert refusal(b"x" * (FILE_BYTES_MAX + 1)) == "sheet-too-large"


def test_entities_are_not_expanded() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    content = repacked(make_xlsx([HEAD, ROW]), "xl/worksheets/sheet1.xml", b"<worksheet", entity)
    assert refusal(content) == "sheet-broken"


def test_several_sheets_are_refused() -> None:
    assert refusal(make_xlsx([HEAD, ROW], sheets=2)) == "sheet-several"


def test_a_number_that_a_spreadsheet_rounds_is_refused() -> None:
    assert refusal(make_xlsx([HEAD, [12345678901234567, "x", ""]])) == "sheet-rounded-number"
