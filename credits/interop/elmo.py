"""Writing ELMO 1.7.0: one report for each institution, one learning opportunity for each credit, no attachments."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from lxml import etree

from credits.interop.record import Achievement, HolderFacts, Kind, Recognition, Record
from edu.kernel import clock

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
OURS = "urn:guixue:elmo-extension:1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CHINESE, ENGLISH = "zh-Hans", "en"
COUNTRY = "CN"
SCHEME = "cn-credit-point"  # 学分; not ECTS, and no ratio is claimed
HOURS = "contact_hours"
CODE_TYPE, LOT_TYPE, RUN_TYPE, LOCAL_TYPE = "cn-moe-hei-code", "guixue-lot", "guixue-run", "local"
STUDENT_NUMBER_TYPE = "student-number"

SCORED = ("score", "attempt", "certified_at", "certificate_number", "certificate_address")
DECIDED = (
    "original_uuid", "host_code", "host_name_zh", "host_name_en", "amount_original", "grade_original",
    "scale_original", "slot_code", "slot_name_zh", "slot_name_en", "case_number", "rule_hash",
)  # fmt: skip
RENAMED = {"original_uuid": "originalLot"}

type Row = Achievement | Recognition


def write(record: Record, kind: Kind, base_url: str) -> bytes:
    """Return the file's bytes, UTF-8; `base_url` is where an institution's page is looked for."""
    root = etree.Element(f"{{{NAMESPACE}}}elmo", nsmap={None: NAMESPACE, "gx": OURS})  # type: ignore[dict-item]  # lxml's way to say: no prefix
    moment = clock.rfc3339(record.made_at)
    _text(root, "generatedDate", moment)
    _learner(root, record.holder)
    rows: tuple[Row, ...] = record.achievements if kind is Kind.TRANSCRIPT else record.recognitions
    for (code, zh, en), own in _by_issuer(rows).items():
        _report(root, code, zh, en, own, moment, base_url)
    _extension(root, "holder", {"nameZh": record.holder.name_zh, "kind": kind.value, "record": record.uuid})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def has_rows(record: Record, kind: Kind) -> bool:
    """True when there is something to report: ELMO asks for one report at least."""
    return bool(record.achievements if kind is Kind.TRANSCRIPT else record.recognitions)


def _learner(root: etree._Element, holder: HolderFacts) -> None:
    learner = etree.SubElement(root, f"{{{NAMESPACE}}}learner")
    if holder.student_number:
        number = f"{holder.home_code}:{holder.student_number}"
        _text(learner, "identifier", number, type=STUDENT_NUMBER_TYPE)
    _text(learner, "givenNames", "", always=True)  # a name is one field here, and nobody may guess where it parts
    _text(learner, "familyName", holder.name_latin or holder.name_zh, always=True)


def _report(root: etree._Element, code: str, zh: str, en: str, rows: Iterable[Row], moment: str, base_url: str) -> None:
    report = etree.SubElement(root, f"{{{NAMESPACE}}}report")
    issuer = etree.SubElement(report, f"{{{NAMESPACE}}}issuer")
    _text(issuer, "country", COUNTRY)
    _text(issuer, "identifier", code or "unknown", type=CODE_TYPE)
    _names(issuer, zh, en)
    _text(issuer, "url", f"{base_url.rstrip('/')}/zh-hans/institutions/{quote(code)}/")
    scales: dict[str, None] = {}
    for row in rows:
        _opportunity(report, row)
        if row.scale:
            scales[row.scale] = None
    _text(report, "issueDate", moment)
    for scale in scales:
        scheme = etree.SubElement(report, f"{{{NAMESPACE}}}gradingScheme", localId=scale)
        _text(scheme, "description", SCALE_WORDS.get(scale, scale), lang=ENGLISH)


SCALE_WORDS = {
    "percent": "Percent, 0 to 100; 60 is the lowest passing grade",
    "five_level": "Five levels: excellent, good, medium, pass, fail (优秀、良好、中等、及格、不及格)",
    "two_level": "Pass or fail (合格、不合格)",
}


def _opportunity(report: etree._Element, row: Row) -> None:
    specification = etree.SubElement(report, f"{{{NAMESPACE}}}learningOpportunitySpecification")
    if row.course_code:
        _text(specification, "identifier", row.course_code, type=LOCAL_TYPE)
    _names(specification, row.course_name_zh, row.course_name_en)
    _text(specification, "type", "Course")
    specifies = etree.SubElement(specification, f"{{{NAMESPACE}}}specifies")
    instance = etree.SubElement(specifies, f"{{{NAMESPACE}}}learningOpportunityInstance")
    _text(instance, "identifier", row.uuid, type=LOT_TYPE)
    if isinstance(row, Achievement):
        _achieved(instance, row)
    else:
        _recognised(instance, row)


def _achieved(instance: etree._Element, row: Achievement) -> None:
    _text(instance, "identifier", row.run_code, type=RUN_TYPE)
    _text(instance, "start", row.starts_on)
    _text(instance, "date", row.ends_on)
    _result(instance, row)
    if row.unit != HOURS:
        _credit(instance, row.amount)
    _text(instance, "engagementHours", row.amount if row.unit == HOURS else row.contact_hours)
    _extension(instance, "result", {_camel(name): getattr(row, name) for name in SCORED})


def _recognised(instance: etree._Element, row: Recognition) -> None:
    _text(instance, "date", row.recognised_on)
    _result(instance, row)
    _credit(instance, row.amount)
    _extension(instance, "recognition", {RENAMED.get(name, _camel(name)): getattr(row, name) for name in DECIDED})


def _result(instance: etree._Element, row: Row) -> None:
    _text(instance, "status", "passed")  # only what was passed brings credit
    _text(instance, "gradingSchemeLocalId", row.scale)
    _text(instance, "resultLabel", row.grade)


def _credit(instance: etree._Element, amount: str) -> None:
    credit = etree.SubElement(instance, f"{{{NAMESPACE}}}credit")
    _text(credit, "scheme", SCHEME)
    _text(credit, "value", amount)


def _extension(parent: etree._Element, name: str, values: Mapping[str, str]) -> None:
    """Write our own words under a place for strangers' words; nothing when there is nothing to say."""
    if not any(values.values()):
        return
    extension = etree.SubElement(parent, f"{{{NAMESPACE}}}extension")
    own = etree.SubElement(extension, f"{{{OURS}}}{name}")
    for key, value in values.items():
        if value:
            etree.SubElement(own, f"{{{OURS}}}{key}").text = _clean(value)


def _names(parent: etree._Element, zh: str, en: str) -> None:
    _text(parent, "title", zh, always=not en, lang=CHINESE)
    _text(parent, "title", en, lang=ENGLISH)


def _text(
    parent: etree._Element,
    tag: str,
    value: str,
    *,
    always: bool = False,
    type: str = "",  # noqa: A002
    lang: str = "",
) -> None:
    """Add an element with a text; none for an empty text unless the schema asks for one."""
    if not value and not always:
        return
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    element.text = _clean(value)
    if type:
        element.set("type", type)
    if lang:
        element.set(XML_LANG, lang)


def _clean(value: str) -> str:
    """Return the text without characters that XML 1.0 cannot hold."""
    return "".join(c for c in value if c in "\t\n\r" or (ord(c) >= 0x20 and ord(c) not in {0xFFFE, 0xFFFF}))


def _by_issuer(rows: Iterable[Row]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if isinstance(row, Achievement):
            key = (row.issuer_code, row.issuer_name_zh, row.issuer_name_en)
        else:
            key = (row.home_code, row.home_name_zh, row.home_name_en)
        found.setdefault(key, []).append(row)
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
