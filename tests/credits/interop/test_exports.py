"""A record goes out: by whom, to whom, on which ground; a refusal leaves no trace, nobody rewrites what went out."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from lxml import etree
from openpyxl import load_workbook
from psycopg import errors

from credits.certificates import actions as certificates
from credits.certificates import credentials, integrity
from credits.certificates.queries import keys_of
from credits.interop import elmo, legal
from credits.interop.actions import Recipient, choose_columns, export_record
from credits.interop.collecting import record_of
from credits.interop.files import MadeFile
from credits.interop.models import RecordExport, SheetLayout
from credits.interop.record import Format, Kind
from credits.interop.sheet import SheetColumn
from edu.embedded.database import Cluster
from edu.events.models import Event
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people.queries import access_notes
from tests.credits.certificates.test_credentials import checked_by_others
from tests.factories.interop import studied_house
from tests.factories.ledger_events import House
from tests.factories.people import make_actor, make_person

ABROAD = Recipient("University of Warsaw", "PL", "own-copy")


@pytest.fixture
def house(db: None) -> House:
    return studied_house()


def student(house: House) -> Actor:
    return make_actor(house.student)


def export(
    house: House,
    actor: Actor,
    format_: Format = Format.ELMO,
    kind: Kind = Kind.TRANSCRIPT,
    recipient: Recipient | None = None,
) -> tuple[RecordExport, MadeFile]:
    return export_record(
        holder_uuid=house.student.uuid,
        kind=kind,
        format_=format_,
        recipient=recipient or Recipient(),
        acting=actor,
    )


def test_the_holder_takes_a_copy_and_it_is_known_what_it_was(house: House) -> None:
    row, made = export(house, student(house))
    root = etree.fromstring(made.content)
    lots = root.xpath("//e:identifier[@type='guixue-lot']/text()", namespaces={"e": elmo.NAMESPACE})
    record = record_of(house.student.uuid, house.home.uuid)
    assert sorted(map(str, lots)) == sorted(one.uuid for one in record.achievements)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert row.content_hash == hashlib.sha256(made.content).hexdigest()
    assert (row.row_count, row.size_bytes, row.legal_basis) == (2, len(made.content), "")
    assert (row.loss_report["left_out"], row.loss_report["format"]) == ("1", "elmo-1.7")
    assert Event.objects.filter(name="credits.record.exported", payload__export_uuid=str(row.uuid)).count() == 1
    assert access_notes(house.student.uuid) == ()


def test_a_recipient_abroad_needs_a_ground_and_the_text_of_the_day_is_kept(house: House) -> None:
    row, _made = export(house, student(house), recipient=ABROAD)
    assert (row.recipient_country, row.legal_basis) == ("PL", "own-copy")
    assert "第四十五条" in row.legal_document["articles_zh"]
    assert row.legal_document["source_url"].startswith("https://")


def test_a_registrar_of_the_home_institution_does_it_for_a_student_who_sees_it(house: House) -> None:
    row, _made = export(house, house.actor("registrar"), recipient=Recipient("外省大学教务处"))
    assert row.actor_institution_uuid == house.home.uuid
    assert [note.what for note in access_notes(house.student.uuid)] == ["record-file"]


REFUSED: list[tuple[str, str, Recipient]] = [
    ("student", "no-legal-basis", Recipient("Warsaw", "PL")),
    ("student", "no-legal-basis", Recipient("Warsaw", "PL", "statutory-duty")),
    ("student", "no-recipient", Recipient("", "PL", "own-copy")),
    ("student", "no-such-country", Recipient("Warsaw", "XX")),
    ("student", "too-long", Recipient("大" * 201)),
    ("registrar", "no-recipient", Recipient()),
    ("registrar", "no-reference", Recipient("Warsaw", "PL", "separate-consent")),
    ("registrar", "no-legal-basis", Recipient("Warsaw", "PL", "own-copy", "file 7")),
]


@pytest.mark.parametrize(("who", "code", "recipient"), REFUSED)
def test_a_refusal_leaves_no_trace(house: House, who: str, code: str, recipient: Recipient) -> None:
    actor = student(house) if who == "student" else house.actor(who)
    before = Event.objects.count()
    with pytest.raises(Refusal, match=code):
        export(house, actor, recipient=recipient)
    assert (RecordExport.objects.count(), Event.objects.count()) == (0, before)
    assert access_notes(house.student.uuid) == ()


def test_others_find_nothing(house: House) -> None:
    stranger = make_actor(make_person(name="覃某", role="student"))
    for actor in (stranger, house.actor("host_registrar"), house.actor("trainee")):
        with pytest.raises(NotThere):
            export(house, actor, recipient=Recipient("某校"))
    assert not RecordExport.objects.exists()


def test_nothing_to_say_is_no_file(house: House) -> None:
    newcomer = make_person(name="新生", role="student", institution=house.home, number="2026999")
    for format_ in Format:
        with pytest.raises(Refusal, match="nothing-to-export"):
            export_record(
                holder_uuid=newcomer.uuid,
                kind=Kind.TRANSCRIPT,
                format_=format_,
                recipient=Recipient(),
                acting=make_actor(newcomer),
            )
    assert not RecordExport.objects.exists()


def test_a_ground_holds_from_its_day(house: House) -> None:
    days = {one.key: one.period.from_on for one in legal.bases()}
    for key, day in days.items():
        assert day is not None
        known = {one.key for by in (True, False) for one in legal.choices(day, by_holder=by)}
        early = {one.key for by in (True, False) for one in legal.choices(day.replace(year=2020), by_holder=by)}
        assert (key in known, key in early) == (True, False)


def test_a_clr_is_signed_by_home_and_an_independent_library_says_so(house: House) -> None:
    with pytest.raises(Refusal, match="nobody-signs"):
        export(house, student(house), Format.CLR)
    assert not RecordExport.objects.exists()
    certificates.make_signing_key(institution_uuid=house.home.uuid, acting=SYSTEM)
    [key] = keys_of(house.home.uuid)
    did = credentials.did_document(key.issuer_code, [key])
    for kind in Kind:
        _row, made = export(house, student(house), Format.CLR, kind)
        document: dict[str, Any] = json.loads(made.content)
        assert integrity.holds(document, base64.b64decode(key.public_key))
        found = checked_by_others(document, did)
        assert found["verified"] is True, found
        document["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["creditsEarned"] = 9
        found = checked_by_others(document, did)
        assert found["verified"] is False
        assert "Invalid signature." in found["why"]


def test_excel_opens_again_and_no_cell_is_a_formula(house: House) -> None:
    columns = [
        SheetColumn("holder.student_number", "=学号"),
        SheetColumn("achievement.course_code", "课程"),
        SheetColumn("recognition.amount", "认定学分"),
        SheetColumn("holder.name_zh", "姓名"),
    ]
    choose_columns(columns=columns, acting=house.actor("registrar"))
    house.student.name = '=HYPERLINK("http://x")'
    house.student.save()
    row, made = export(house, student(house), Format.XLSX)
    sheet = load_workbook(io.BytesIO(made.content)).active
    assert sheet is not None
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert cells[0] == ["=学号", "课程", "认定学分", "姓名"]
    assert sorted(str(line[2] or "") for line in cells[1:]) == ["", "2.00"]
    assert {line[3] for line in cells[1:]} == {'=HYPERLINK("http://x")'}
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}
    assert [one["head"] for one in row.columns] == ["=学号", "课程", "认定学分", "姓名"]
    assert "achievement.grade" in {line["path"] for line in row.loss_report["lost"]}


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("no-columns", []),
        ("head-twice", [SheetColumn("holder.name_zh", "甲"), SheetColumn("holder.name_latin", "甲")]),
        ("no-head", [SheetColumn("holder.name_zh", "")]),
        ("no-such-field", [SheetColumn("holder.salary", "甲")]),
        ("too-many-columns", [SheetColumn("holder.name_zh", str(number)) for number in range(41)]),
    ],
)
def test_columns_that_make_no_sense_are_refused(house: House, code: str, columns: list[SheetColumn]) -> None:
    with pytest.raises(Refusal, match=code):
        choose_columns(columns=columns, acting=house.actor("registrar"))
    with pytest.raises(NotThere):
        choose_columns(columns=[SheetColumn("holder.name_zh", "甲")], acting=student(house))
    assert not SheetLayout.objects.exists()


@pytest.mark.parametrize("role", ["application", "migration", "superuser"])
def test_nobody_rewrites_what_left(committed_database: str, cluster: Cluster, role: str) -> None:
    house = studied_house()
    export(house, student(house))
    connect: Callable[..., psycopg.Connection] = cluster.connect
    with connect(committed_database, role=role) as connection:
        connection.autocommit = True
        for change in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            for table in ("credits_recordexport", "credits_sheetlayout"):
                if table == "credits_sheetlayout" and "TRUNCATE" not in change:
                    continue  # a row trigger needs a row
                with pytest.raises((errors.InsufficientPrivilege, errors.RestrictViolation)):
                    connection.execute(change.format(table))


def test_a_record_is_read_in_few_questions(house: House, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):
        record_of(house.student.uuid, house.home.uuid)
    for _number in range(3):
        house.lot()
    with django_assert_max_num_queries(23):  # a lot that does not know its course asks the catalogue
        record_of(house.student.uuid, house.home.uuid)
