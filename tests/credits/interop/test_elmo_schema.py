"""What we write as ELMO is ELMO: valid by the schema of its authors, offline, however little a record says."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from credits.interop import elmo
from credits.interop.record import Achievement, HolderFacts, Kind, Recognition, Record
from tests.credits.interop.elmo_schema import schema
from tests.factories.interop import MADE_AT, filled, whole_record

BASE = "https://guixue.example"
E = {"e": elmo.NAMESPACE}
pytestmark = pytest.mark.reference


def blank_record() -> Record:
    return Record("r", MADE_AT, HolderFacts(), (Achievement(amount="1.00"),), (Recognition(amount="1.00"),))


def odd_record() -> Record:
    odd = {"course_name_zh": "<b>&\x00\x0b  ]]>", "course_code": "=1+1", "grade": "\ufffe优"}
    one = dataclasses.replace(filled(Achievement), **odd)
    hours = dataclasses.replace(one, uuid="u2", unit="contact_hours", scale="five_level")
    return dataclasses.replace(whole_record(), achievements=(one, hours))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("make", [whole_record, blank_record, odd_record])
def test_what_we_write_is_valid(reference_data: Path, make: Callable[[], Record], kind: Kind) -> None:
    schema(reference_data).validate(elmo.write(make(), kind, BASE).decode())


def test_the_schema_is_the_real_one(reference_data: Path) -> None:
    schema(reference_data).validate(str(reference_data / "elmo/1.7.0/example.xml"))
    broken = elmo.write(whole_record(), Kind.TRANSCRIPT, BASE).decode().replace("<status>passed", "<status>well done")
    assert not schema(reference_data).is_valid(broken)


@pytest.mark.parametrize("kind", list(Kind))
def test_credit_stands_in_one_level_only_and_once(kind: Kind) -> None:
    root = etree.fromstring(elmo.write(odd_record(), kind, BASE))
    holding = root.xpath("//e:learningOpportunitySpecification[e:specifies//e:credit]", namespaces=E)
    assert isinstance(holding, list)
    assert holding
    for node in holding:
        assert isinstance(node, etree._Element)
        assert not node.xpath("ancestor::e:learningOpportunitySpecification", namespaces=E)
        assert not node.xpath("e:hasPart", namespaces=E)
    lots = root.xpath("//e:identifier[@type='guixue-lot']/text()", namespaces=E)
    assert isinstance(lots, list)
    assert len(lots) == len(set(map(str, lots)))
    values = root.xpath("//e:credit/e:value/text()", namespaces=E)
    assert values == ["2.50"]  # the second course counts hours, which are no credit
