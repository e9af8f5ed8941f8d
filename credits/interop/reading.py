"""Reading ELMO that others wrote: nothing is fetched, no entity expanded, every limit watched while it is parsed.

What comes out are plain lines, one for each node of the tree that carries credit, with the fault that forbids taking
it: a node whose parts carry credit is not taken, its parts are, so that nothing counts twice. Signatures inside are
not checked: whoever takes a line over vouches for it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext_lazy as _

from credits.interop.elmo import LOT_TYPE, NAMESPACE
from credits.interop.limits import (
    CREDIT_LINE_MAX,
    DEPTH_MAX,
    ELEMENTS_MAX,
    FILE_BYTES_MAX,
    LINES_MAX,
    TEXT_CHARACTERS_MAX,
)
from credits.ledger.rules import FOREIGN_ID_LENGTH_MAX
from edu.kernel.errors import Refusal

E = f"{{{NAMESPACE}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PASSED = "passed"
LEARNER_KEY_LENGTH = 16  # 64 bits: tells the learners of one course of one issuer apart
ID_LENGTH_MAX = FOREIGN_ID_LENGTH_MAX - LEARNER_KEY_LENGTH - len("@2026-11-23~")
OWN_KINDS = ("elmo", "ewp-loi-id", "ewp-los-id", "local")  # the identifiers that EMREX and EWP define, best first

type Identifier = tuple[str, str]  # type and value


class Fault(StrEnum):
    """Why a line cannot be taken over."""

    PARTS_CARRY_IT = "parts-carry-it"
    NOT_PASSED = "not-passed"
    NO_ID = "no-id"
    IN_THE_LEDGER = "in-the-ledger"
    IMPORTED_BEFORE = "imported-before"


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the languages we keep: Chinese where it says so, else the first; "" where there is no English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who says it, under the identifiers the file gives."""

    identifiers: tuple[Identifier, ...]
    name: Named
    country: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the identifiers as a registered institution outside is called: "schac:uw.edu.pl"."""
        return tuple(f"{kind}:{value}" for kind, value in self.identifiers)


@dataclass(frozen=True, slots=True)
class Line:
    """A node of the tree that carries credit."""

    number: int
    issuer: Issuer
    foreign_id: str  # under which the issuer keeps it, with day and learner; "" without any identifier
    course_code: str
    name: Named
    kind: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    credit: str  # as the file says it: "6 ects"
    grade: str
    scale: str
    fault: str  # "" when it can be taken over


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file says: about whom, and every line with credit."""

    learner: str
    lines: tuple[Line, ...]
    without_credit: int  # nodes that carry no credit, and whose parts carry none either


def read(content: bytes) -> Incoming:
    """Return what an ELMO file says; Refusal when it is none, has a DTD, or is larger, deeper or odder than allowed."""
    root = _parsed(content)
    if root.tag != f"{E}elmo":
        raise Refusal("not-elmo", _("This is no ELMO file of version 1. Ask the institution for its ELMO export."))
    learner = root.find(f"{E}learner")
    reports = root.findall(f"{E}report")
    if learner is None or learner.find(f"{E}familyName") is None or not reports:
        raise _broken(_("it names no learner, or holds no report"))
    key = _learner_key(learner)
    lines: list[Line] = []
    without = 0
    for report in reports:
        issuer = _issuer(report)
        scales = {one.get("localId", ""): _name(one, "description").en for one in report.findall(f"{E}gradingScheme")}
        for node in _tree(report):
            credit = _credit(node)
            if credit:
                lines.append(_line(node, len(lines) + 1, issuer, credit, key, scales))
                if len(lines) > LINES_MAX:
                    raise Refusal("too-many-lines", _("The file has more than %(most)s credits.") % {"most": LINES_MAX})
            elif not _parts_carry(node):
                without += 1
    return Incoming(_learner_name(learner), tuple(lines), without)


class _Watching(TreeBuilder):
    """Builds the tree and stops at a limit, before the rest of the file is read."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > DEPTH_MAX:
            raise Refusal("too-deep", _("The file is nested deeper than ELMO files are."))
        if self.elements > ELEMENTS_MAX:
            raise Refusal("too-many-elements", _("The file has more elements than an ELMO file of one person."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _parsed(content: bytes) -> Element:
    if len(content) > FILE_BYTES_MAX:
        raise Refusal("file-too-large", _("The file is larger than 12 MB."))
    parser = DefusedXMLParser(target=_Watching(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise Refusal(
            "has-dtd", _("The file has a DTD or entities, which ELMO files do not. It was not read.")
        ) from None
    except (ParseError, ValueError, LookupError):
        raise Refusal("not-xml", _("The file is no XML that can be read. Ask the institution for it again.")) from None
    return root


def _tree(parent: Element) -> Iterator[Element]:
    """Yield the learning opportunities under a report, and their parts, in the order of the file."""
    for node in parent.findall(f"{E}learningOpportunitySpecification"):
        yield node
        for part in node.findall(f"{E}hasPart"):
            yield from _tree(part)


def _parts_carry(node: Element) -> bool:
    return any(_credit(below) for part in node.findall(f"{E}hasPart") for below in _tree(part))


def _credit(node: Element) -> str:
    """Return the credit of a node itself as it says it; "" for none. Refusal for what is no amount."""
    said = []
    for credit in node.findall(f"{E}specifies/{E}learningOpportunityInstance/{E}credit"):
        value = _text(credit, "value")
        if not value:
            continue
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise _broken(_("a credit is no number")) from None
        if not amount.is_finite() or amount < 0 or amount > CREDIT_LINE_MAX:
            raise _broken(_("a credit is below 0 or above 400"))
        if amount:
            said.append(f"{amount.normalize():f} {_text(credit, 'scheme')}".strip())
    return "; ".join(said)[:200]


def _line(node: Element, number: int, issuer: Issuer, credit: str, key: str, scales: dict[str, str]) -> Line:
    instance = node.find(f"{E}specifies/{E}learningOpportunityInstance")
    assert instance is not None  # its credit stands there
    own, of_course = _identifiers(instance), _identifiers(node)
    ends_on = _day(instance, "date") or _day(instance, f"academicTerm/{E}end")
    found = _best(own or of_course)  # what names the instance says more than what names the course
    foreign = f"{found}@{ends_on or ''}~{key}" if found else ""
    status = _text(instance, "status") or PASSED  # a file without it means passed, says the schema
    fault = Fault.PARTS_CARRY_IT if _parts_carry(node) else Fault.NOT_PASSED if status != PASSED else ""
    if any(kind == LOT_TYPE for kind, _value in own + of_course):
        fault = Fault.IN_THE_LEDGER
    return Line(
        number=number,
        issuer=issuer,
        foreign_id=foreign,
        course_code=next((value for kind, value in of_course if kind == "local"), "")[:60],
        name=_name(node, "title"),
        kind=_text(node, "type")[:60],
        starts_on=_day(instance, "start") or _day(instance, f"academicTerm/{E}start"),
        ends_on=ends_on,
        credit=credit,
        grade=_text(instance, "resultLabel")[:60],
        scale=scales.get(_text(instance, "gradingSchemeLocalId"), "")[:200],
        fault=fault or ("" if foreign else Fault.NO_ID),
    )


def _issuer(report: Element) -> Issuer:
    issuer = report.find(f"{E}issuer")
    if issuer is None or issuer.find(f"{E}title") is None:
        raise _broken(_("a report has no issuer"))
    return Issuer(_identifiers(issuer), _name(issuer, "title"), _text(issuer, "country")[:2])


def _best(identifiers: tuple[Identifier, ...]) -> str:
    """Return the identifier to keep, as "type:value": one that EMREX or EWP defines before an issuer's own."""
    ranked = sorted(identifiers, key=lambda one: OWN_KINDS.index(one[0]) if one[0] in OWN_KINDS else len(OWN_KINDS))
    said = ":".join(ranked[0]) if ranked else ""
    return said if len(said) <= ID_LENGTH_MAX else f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _identifiers(parent: Element) -> tuple[Identifier, ...]:
    found = ((one.get("type", ""), _plain(one)) for one in parent.findall(f"{E}identifier"))
    return tuple((kind, value) for kind, value in found if kind and value)


def _learner_name(learner: Element) -> str:
    return f"{_text(learner, 'givenNames')} {_text(learner, 'familyName')}".strip()[:200]


def _learner_key(learner: Element) -> str:
    """Return what tells this learner from others of the same course, without saying who it is."""
    said = [_learner_name(learner).casefold(), _text(learner, "bday")]
    said += sorted(":".join(one) for one in _identifiers(learner))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:LEARNER_KEY_LENGTH]


def _name(parent: Element, tag: str) -> Named:
    titles = [(one.get(LANG, "").lower(), _plain(one)[:200]) for one in parent.findall(f"{E}{tag}")]
    said = [(language, text) for language, text in titles if text]
    english = next((text for language, text in said if language.startswith("en")), "")
    chinese = next((text for language, text in said if language.startswith("zh")), "")
    return Named(chinese or english or (said[0][1] if said else ""), english)


def _day(parent: Element, path: str) -> dt.date | None:
    text = _text(parent, path)
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise _broken(_("a day is none")) from None


def _text(parent: Element, path: str) -> str:
    found = parent.find(f"{E}{path}")
    return "" if found is None else _plain(found)


def _plain(element: Element) -> str:
    """Return the text in one line, cut where nobody would read on."""
    return " ".join((element.text or "").split())[:TEXT_CHARACTERS_MAX]


def _broken(why: object) -> Refusal:
    return Refusal("elmo-broken", _("The file is not built as ELMO asks: %(why)s. Nothing was kept.") % {"why": why})
