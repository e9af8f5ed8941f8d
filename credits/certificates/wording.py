"""A statement in words, in Chinese and in English: the same facts in the same order on paper and on the verify page.

These words belong to the document and not to the screens: they do not go through gettext, because a certificate
always speaks both languages, whatever the reader's is.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from credits.certificates import statement as statements
from credits.certificates import transcript
from edu.kernel import clock

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SCALES = {
    "percent": ("百分制", "out of 100"),
    "five-level": ("五级制", "five-level scale"),
    "pass-fail": ("二级制", "pass or fail"),
}
LABELS = {
    "zh": {
        "holder": "姓名",
        "home": "所在学校",
        "course": "课程",
        "record": "成绩单",
        "total_hours": "另计学时",
        "hours": "学时",
        "points": "学分",
        "grade": "成绩",
        "study": "修读起止",
        "issuer": "颁发学校",
        "issued": "颁发日期",
        "number": "证书编号",
        "supersedes": "替换的证书",
        "key": "签名公钥",
    },
    "en": {
        "holder": "Name",
        "home": "Home institution",
        "course": "Course",
        "record": "Transcript",
        "total_hours": "Hours without credit",
        "hours": "Contact hours",
        "points": "Credits",
        "grade": "Grade",
        "study": "Period of study",
        "issuer": "Issued by",
        "issued": "Date of issue",
        "number": "Certificate number",
        "supersedes": "Replaces certificate",
        "key": "Signing key",
    },
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value; `lang` is the language tag of both."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course on a transcript; what it does not count in is ""."""

    term: str
    code: str
    course: str
    hours: str
    points: str
    grade: str
    kind: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement as one language says it."""

    holder: str
    holder_other: str  # the name in the other writing, "" without one
    home: str
    course: str
    course_other: str
    hours: str
    points: str
    grade: str
    study: str
    issuer: str
    former: str  # "原广西师范学院", "" when the name did not change
    issued: str
    number: str
    number_grouped: str
    address: str
    key_id: str
    facts: tuple[Fact, ...]
    count: str = ""  # of a transcript's courses
    courses: tuple[CourseLine, ...] = ()
    scales: tuple[str, ...] = ()

    @property
    def is_transcript(self) -> bool:
        """True for a list of courses."""
        return bool(self.courses)

    @property
    def total(self) -> str:
        """What it counts in all, for lists: credits, or hours where there are none."""
        return self.points or self.hours


def in_chinese(statement: Mapping[str, Any]) -> Wording:
    """Return the statement in Chinese."""
    return _wording(statement, "zh")


def in_english(statement: Mapping[str, Any]) -> Wording:
    """Return the statement in English; names without an English form stay Chinese."""
    return _wording(statement, "en")


def grouped(number: str) -> str:
    """Return a number as it is easier to copy: 10593 2026 00000012 34."""
    return " ".join((number[:5], number[5:9], number[9:17], number[17:])) if len(number) == 19 else number


def day(value: dt.date, language: str) -> str:
    """Return a day as documents write it: 2026年11月23日, 23 November 2026."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def plain_amount(text: str) -> str:
    """Return "32.0" as "32" and "32.5" as it is."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    return f"{amount.normalize():f}"


def points(text: str) -> str:
    """Return "2.00" as "2.0", and two places only where the second says something."""
    return text[:-1] if text.endswith("0") and text[-3:-2] == "." else text


def _wording(statement: Mapping[str, Any], language: str) -> Wording:
    chinese = language == "zh"
    other = "en" if chinese else "zh"
    latin, hanzi = statements.field(statement, "holder.name_latin"), statements.field(statement, "holder.name_zh")
    first, second = (hanzi, latin) if chinese else (latin or hanzi, hanzi if latin else "")
    courses = _courses(statement, language)
    count = str(len(courses)) if courses else ""
    values = {
        "holder": first,
        "home": _named(statement, "home_institution.name", language),
        "course": _named(statement, "course.name", language),
        "record": _counted(len(courses), language),
        "hours": plain_amount(statements.field(statement, "contact_hours")),
        "points": points(_of(statement, "credit_points")),
        "total_hours": plain_amount(statements.field(statement, "totals.contact_hours")),
        "grade": _grade(statement, language),
        "study": _period(statement, language),
        "issuer": _named(statement, "issuer.name", language),
        "issued": _issued(statement, language),
        "number": statements.field(statement, "number"),
        "supersedes": statements.field(statement, "supersedes"),
        "key": statements.field(statement, "key_id"),
    }
    former = _named(statement, "issuer.former_name", language)
    course_other = statements.field(statement, f"course.name_{other}")
    return Wording(
        holder=first,
        holder_other=second,
        home=values["home"],
        course=values["course"] or values["record"],
        course_other=course_other if course_other != values["course"] else "",
        hours=values["hours"] or values["total_hours"],
        points=values["points"],
        grade=values["grade"],
        study=values["study"],
        issuer=values["issuer"],
        former=(f"原{former}" if chinese else f"formerly {former}") if former else "",
        issued=values["issued"],
        number=values["number"],
        number_grouped=grouped(values["number"]),
        address=statements.field(statement, "address"),
        key_id=values["key"],
        facts=tuple(Fact(key, LABELS[language][key], value) for key, value in values.items() if value),
        count=count,
        courses=courses,
        scales=tuple(
            text for scale in _listed(statement, "scales") if (text := statements.field(scale, f"text_{language}"))
        ),
    )


def _of(statement: Mapping[str, Any], unit: str) -> str:
    return statements.field(statement, unit) or statements.field(statement, f"totals.{unit}")


def _counted(courses: int, language: str) -> str:
    if not courses:
        return ""
    if language == "zh":
        return f"成绩单，{courses}门课程"
    return f"Transcript, {courses} course{'s' if courses > 1 else ''}"


def _listed(statement: Mapping[str, Any], key: str) -> tuple[Mapping[str, Any], ...]:
    value = statement.get(key)
    return tuple(item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def _courses(statement: Mapping[str, Any], language: str) -> tuple[CourseLine, ...]:
    if statement.get("type") != transcript.TYPE:
        return ()
    return tuple(_course(course, language) for course in _listed(statement, "courses"))


def _course(course: Mapping[str, Any], language: str) -> CourseLine:
    """Return a line of a transcript. The day of its end stands for a term that the issuer has not recorded."""
    in_points = bool(statements.field(course, "credit_points"))
    kinds = {"zh": ("学分课程", "学时课程"), "en": ("Credit", "Hours only")}[language]
    return CourseLine(
        term=_named(course, "term", language) or statements.field(course, "term") or statements.field(course, "to_on"),
        code=statements.field(course, "code"),
        course=_named(course, "name", language),
        hours=plain_amount(statements.field(course, "contact_hours")),
        points=points(statements.field(course, "credit_points")),
        grade=statements.field(course, "grade"),
        kind=kinds[0] if in_points else kinds[1],
    )


def _named(statement: Mapping[str, Any], path: str, language: str) -> str:
    own = statements.field(statement, f"{path}_{language}")
    return own or statements.field(statement, f"{path}_zh")


def _grade(statement: Mapping[str, Any], language: str) -> str:
    value, scale = statements.field(statement, "grade.value"), statements.field(statement, "grade.scale")
    if not value or not scale:
        return value
    chinese, english = SCALES.get(scale, (scale, scale))
    return f"{value}（{chinese}）" if language == "zh" else f"{value} ({english})"


def _period(statement: Mapping[str, Any], language: str) -> str:
    try:
        start, end = (
            dt.date.fromisoformat(statements.field(statement, f"study.{key}")) for key in ("from_on", "to_on")
        )
    except ValueError:
        return ""
    if start == end:
        return day(start, language)
    return f"{day(start, language)}{'至' if language == 'zh' else ' to '}{day(end, language)}"


def _issued(statement: Mapping[str, Any], language: str) -> str:
    moment = statements.issued_at(statement)
    return day(moment.astimezone(clock.SHANGHAI).date(), language) if moment else ""
