"""Reading ELMO of others: every line with credit once, and nothing that could deceive or overwhelm."""

import time
from pathlib import Path

import pytest

from credits.interop import limits, reading
from credits.interop.elmo import write
from credits.interop.reading import Fault
from credits.interop.record import Kind
from edu.kernel.errors import Refusal
from tests.factories.elmo_files import NAMESPACE, course, elmo_file, report
from tests.factories.interop import whole_record

ENTITIES = '<!DOCTYPE elmo [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE elmo [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.reference
def test_the_published_example_counts_nothing_twice(reference_data: Path) -> None:
    said = reading.read((reference_data / "elmo/1.7.0/example.xml").read_bytes())
    assert [(line.course_code, line.credit, line.fault) for line in said.lines] == [
        ("MNM2-BIO", "120 ECTS", Fault.PARTS_CARRY_IT),
        ("EKSTERN", "15 ECTS", ""),
        ("1000-217bMRJ", "6 ects", ""),
    ]
    assert said.learner == "Wojciech Łukasz Rygielski"
    assert said.without_credit == 3
    assert "schac:uw.edu.pl" in said.lines[0].issuer.codes
    assert str(said.lines[2].ends_on) == "2015-03-17"


def faults(*courses: str) -> list[str]:
    return [line.fault for line in reading.read(elmo_file(report(*courses))).lines]


def test_a_whole_is_left_out_for_its_parts_at_any_depth() -> None:
    deep = course("part", local="P", credit="3")
    assert faults(course("degree", parts=course("module", local="M", credit="", parts=deep))) == ["parts-carry-it", ""]
    assert faults(course("degree", parts=course("module", local="M", parts=deep))) == [
        "parts-carry-it",
        "parts-carry-it",
        "",
    ]
    assert faults(course("degree", parts=course("class", local="C", credit=""))) == [""]
    assert faults(course("degree", parts=course("class", local="C", credit="0"))) == [""]
    # a part that was failed still says that the whole is not one credit
    assert faults(course("degree", parts=course("class", local="C", status="failed"))) == [
        "parts-carry-it",
        "not-passed",
    ]


def test_what_was_not_passed_or_has_no_identifier_is_not_taken() -> None:
    assert faults(course(status="failed"), course(status="in-progress", local="B")) == ["not-passed", "not-passed"]
    assert faults(course(local="")) == ["no-id"]


def test_our_own_file_is_known_by_its_lots() -> None:
    said = reading.read(write(whole_record(), Kind.TRANSCRIPT, "https://guixue.example"))
    assert [line.fault for line in said.lines] == [Fault.IN_THE_LEDGER]


def test_learners_of_one_course_are_told_apart_and_one_stays_the_same() -> None:
    ids = [reading.read(elmo_file(report(course()), learner=name)).lines[0].foreign_id for name in ("Wei", "Lu", "Wei")]
    assert ids[0] == ids[2] != ids[1]
    assert ids[0].startswith("local:1000-CC@2015-03-17~")
    assert "wei" not in ids[0].lower()
    [long] = reading.read(elmo_file(report(course(local="x" * 5000)))).lines
    assert len(long.foreign_id) <= limits.CELL_CHARACTERS_MAX
    assert len(long.foreign_id) <= 120


def nested(depth: int) -> bytes:
    part = course()
    for number in range(depth):
        part = course(local=str(number), credit="", parts=part)
    return elmo_file(report(part))


BAD: list[tuple[str, bytes]] = [
    ("has-dtd", elmo_file(report(course("&b;".replace("&", "")), title="x"), head=ENTITIES)),
    ("has-dtd", elmo_file(report(course()), head=OUTSIDE)),
    ("has-dtd", elmo_file(report(course()), head='<!DOCTYPE elmo SYSTEM "http://example.org/x.dtd">')),
    ("not-xml", elmo_file(report(course()))[:-20]),
    ("not-xml", elmo_file(report(course("&x;"))).replace(b"&amp;x;", b"&x;")),
    ("not-xml", b""),
    ("not-xml", b"PK\x03\x04"),
    ("not-xml", b'<?xml version="1.0" encoding="utf-7"?><elmo/>'),
    ("not-elmo", b"<elmo/>"),
    ("not-elmo", b'<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v2"/>'),
    ("elmo-broken", f'<elmo xmlns="{NAMESPACE}"/>'.encode()),
    ("elmo-broken", elmo_file()),
    ("elmo-broken", elmo_file(report(course(credit="six")))),
    ("elmo-broken", elmo_file(report(course(credit="NaN")))),
    ("elmo-broken", elmo_file(report(course(credit="-1")))),
    ("elmo-broken", elmo_file(report(course(credit="401")))),
    ("elmo-broken", elmo_file(report(course(date="yesterday")))),
    ("too-deep", nested(20)),
    ("too-many-elements", elmo_file(report(course(more="<identifier/>" * 50_000)))),
    ("too-many-lines", elmo_file(report(*(course(local=str(number)) for number in range(501))))),
    ("file-too-large", b" " * (limits.FILE_BYTES_MAX + 1)),
]


@pytest.mark.parametrize(("code", "content"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_what_could_deceive_or_overwhelm_is_refused_at_once(code: str, content: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Refusal) as refused:
        reading.read(content)
    assert refused.value.code == code
    assert time.monotonic() - began < 10
