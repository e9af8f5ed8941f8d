"""What formats, fields and losses are called on screens; and the headings that an Excel file has by default."""

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credits.interop.record import Format, Kind
from credits.interop.sheet import SheetColumn

Word = str | Promise

KIND_WORDS: dict[str, Word] = {
    Kind.TRANSCRIPT: _("Transcript: what was passed"),
    Kind.RECOGNITION: _("Recognitions: what counts at home"),
}
FORMAT_WORDS: dict[str, Word] = {
    Format.ELMO: _("ELMO 1.7 (XML)"),
    Format.CLR: _("CLR 2.0 (signed JSON)"),
    Format.XLSX: _("Excel for academic affairs systems"),
}
PART_WORDS: dict[str, Word] = {
    "holder": _("Holder"),
    "achievement": _("Course passed"),
    "recognition": _("Recognition"),
}
FIELD_WORDS: dict[str, Word] = {
    "name_zh": _("Name"),
    "name_latin": _("Name in Latin letters"),
    "student_number": _("Student number"),
    "home_code": _("Code of the home institution"),
    "home_name_zh": _("Home institution, Chinese name"),
    "home_name_en": _("Home institution, English name"),
    "programme_code": _("Code of the programme"),
    "programme_name_zh": _("Programme, Chinese name"),
    "programme_name_en": _("Programme, English name"),
    "uuid": _("Number in the ledger"),
    "issuer_code": _("Code of the issuer"),
    "issuer_name_zh": _("Issuer, Chinese name"),
    "issuer_name_en": _("Issuer, English name"),
    "course_code": _("Code of the course"),
    "course_name_zh": _("Course, Chinese name"),
    "course_name_en": _("Course, English name"),
    "run_code": _("Course run"),
    "starts_on": _("First day of study"),
    "ends_on": _("Last day of study"),
    "unit": _("Unit of the amount"),
    "amount": _("Amount"),
    "contact_hours": _("Contact hours"),
    "score": _("Score"),
    "grade": _("Grade"),
    "scale": _("Grade scale"),
    "attempt": _("Attempt"),
    "certified_at": _("Certified at"),
    "certificate_number": _("Certificate number"),
    "certificate_address": _("Address that verifies the certificate"),
    "available": _("Still available"),
    "original_uuid": _("Number of the original credit"),
    "host_code": _("Code of the host institution"),
    "host_name_zh": _("Host institution, Chinese name"),
    "host_name_en": _("Host institution, English name"),
    "amount_original": _("Original amount"),
    "grade_original": _("Original grade"),
    "scale_original": _("Original grade scale"),
    "slot_code": _("Code of the category"),
    "slot_name_zh": _("Category, Chinese name"),
    "slot_name_en": _("Category, English name"),
    "case_number": _("Case number"),
    "rule_hash": _("Fingerprint of the rules"),
    "recognised_on": _("Recognised on"),
}
REASON_WORDS: dict[str, Word] = {
    "no-place-for-home": _("The format has no place for the institution where the holder studies."),
    "no-degree-node": _("The file lists credits, not the programme they belong to."),
    "earned-not-left": _("The format says what was earned, not what is left of it."),
    "no-place-for-attempt": _("The format does not count attempts."),
    "only-the-result-at-home": _("The format has one result for a credit; the one at home stands there."),
    "no-place-for-rules": _("The format has no place for the rules of a decision."),
    "column-not-chosen": _("The institution did not choose this column."),
    "name-is-one-field": _("A name is one field here, and nobody may guess where it parts."),
    "not-kept": _("We do not keep this."),
    "not-in-the-ledger": _("This does not stand in the ledger."),
    "no-ects": _("No ratio between Chinese credits and ECTS is claimed."),
    "paper-is-apart": _("The signed paper is a file of its own."),
    "checked-by-certificate": _("Whether it still holds is checked with the certificate's address."),
}
DEFAULT_PATHS = (  # what lists of results here have, in their order
    ("holder.student_number", "学号"),
    ("holder.name_zh", "姓名"),
    ("holder.home_name_zh", "学籍院校"),
    ("holder.programme_name_zh", "专业"),
    ("achievement.issuer_name_zh", "开课院校"),
    ("achievement.course_code", "课程代码"),
    ("achievement.course_name_zh", "课程名称"),
    ("achievement.run_code", "开课批次"),
    ("achievement.ends_on", "结课日期"),
    ("achievement.amount", "学分"),
    ("achievement.contact_hours", "学时"),
    ("achievement.score", "百分成绩"),
    ("achievement.grade", "成绩"),
    ("achievement.certificate_number", "证书编号"),
    ("recognition.case_number", "认定编号"),
    ("recognition.amount", "认定学分"),
    ("recognition.grade", "认定成绩"),
    ("recognition.slot_code", "课程类别代码"),
    ("recognition.recognised_on", "认定日期"),
)


@lru_cache(maxsize=1)
def default_columns() -> tuple[SheetColumn, ...]:
    """Return the columns of an institution that has chosen none."""
    return tuple(SheetColumn(path, head) for path, head in DEFAULT_PATHS)


def field_word(path: str) -> Word:
    """Return what a field is called."""
    return FIELD_WORDS[path.partition(".")[2]]


def part_word(path: str) -> Word:
    """Return what the field is about."""
    return PART_WORDS[path.partition(".")[0]]
