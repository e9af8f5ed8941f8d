"""Decisions on values about institutions. No Django."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from edu.kernel.identifiers import is_institution_code

LEVELS = ("本科", "专科", "")
YEAR_FIRST = 1900
YEAR_LAST = 2100

# GB/T 2260-2007 codes of Guangxi's fourteen prefecture-level cities.
GUANGXI_CITIES = {
    "南宁市": "450100",
    "柳州市": "450200",
    "桂林市": "450300",
    "梧州市": "450400",
    "北海市": "450500",
    "防城港市": "450600",
    "钦州市": "450700",
    "贵港市": "450800",
    "玉林市": "450900",
    "百色市": "451000",
    "贺州市": "451100",
    "河池市": "451200",
    "来宾市": "451300",
    "崇左市": "451400",
}


def region_of(code: str, city: str) -> str:
    """Return the GB/T 2260 code of an institution's place: the city's within Guangxi, else the province's.

    The third and fourth digit of a school code name the province (JY/T 1001-2012): 4145010593 is in 45, Guangxi.
    """
    province = f"{code[2:4]}0000"
    return GUANGXI_CITIES.get(city, province) if province == "450000" else province


# Language, name, first and last day, and whether only the years are known.
StatedName = tuple[str, str, dt.date | None, dt.date | None, bool]


@dataclass(frozen=True, slots=True)
class ListedInstitution:
    """One row of a list of institutions, as the list states it."""

    row: int
    code: str
    name: str
    name_en: str
    authority: str
    city: str
    level: str
    remarks: str
    former_name: str
    former_name_en: str
    renamed_in: int | None

    def names(self) -> list[StatedName]:
        """Return every name that the row states, with its period."""
        stated: list[StatedName] = []
        for language, name, former in (
            ("zh-hans", self.name, self.former_name),
            ("en", self.name_en, self.former_name_en),
        ):
            if former and self.renamed_in:
                stated.append((language, former, None, dt.date(self.renamed_in, 12, 31), True))
                stated.append((language, name, dt.date(self.renamed_in, 1, 1), None, True))
            elif name:
                stated.append((language, name, None, None, False))
        return stated


def cell_problems(cells: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield column and the key of what is wrong with it (see actions.WRONG) for one row of a list of institutions."""
    if not is_institution_code(cells["code"]):
        yield "code", "code"
    if not cells["name"]:
        yield "name", "name-missing"
    for column, chars_max in (("name", 200), ("name_en", 200), ("authority", 120), ("city", 60), ("remarks", 60)):
        if len(cells[column]) > chars_max:
            yield column, "too-long"
    if cells["level"] not in LEVELS:
        yield "level", "level"
    if cells["renamed_in"] and not is_year(cells["renamed_in"]):
        yield "renamed_in", "year"
    if bool(cells["former_name"]) != bool(cells["renamed_in"]):
        yield "renamed_in", "rename-incomplete"
    if cells["former_name"] and cells["former_name"] == cells["name"]:
        yield "former_name", "rename-to-itself"


def is_year(text: str) -> bool:
    """True for a year of four digits in living memory of institutions."""
    return text.isascii() and text.isdigit() and YEAR_FIRST <= int(text) <= YEAR_LAST


def listed(row: int, cells: dict[str, str]) -> ListedInstitution:
    """Return a checked row as a value."""
    year = int(cells["renamed_in"]) if cells["renamed_in"] else None
    plain = {key: cells[key] for key in cells if key != "renamed_in"}
    return ListedInstitution(row=row, renamed_in=year, **plain)
