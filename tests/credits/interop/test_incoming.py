"""Credit comes in: read by one, valued line by line, taken over by another; refused without a trace otherwise."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, transaction
from psycopg import errors

from credits.certificates.facts import certifiable
from credits.interop import incoming, parties, reading
from credits.interop.actions import Recipient, export_record
from credits.interop.collecting import entered_from_elsewhere, record_of
from credits.interop.elmo import write
from credits.interop.incoming import Valued
from credits.interop.models import (
    IncomingChoice,
    IncomingFile,
    IncomingProposal,
    IncomingRow,
    IncomingVerdict,
)
from credits.interop.record import Format, Kind
from credits.ledger import exports, queries
from credits.ledger.grounds import ForeignParty
from credits.ledger.models import Lot, Posting
from credits.ledger.reconciliation import differences
from edu.embedded.database import Cluster
from edu.events.models import Event
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api as people
from tests.factories.elmo_files import course, elmo_file, report
from tests.factories.interop import studied_house
from tests.factories.ledger_events import House, make_house
from tests.factories.people import make_affiliation, make_person

CODE = "schac:uw.edu.pl"
FILE = elmo_file(report(course(), course("Logic", local="L", credit="3")))


@pytest.fixture
def house(db: None) -> House:
    return outside_house()


def outside_house() -> House:
    house = make_house()
    exports.register_party(code=CODE, name_zh="华沙大学", name_en="University of Warsaw", acting=SYSTEM)
    return house


def upload(house: House, content: bytes = FILE, number: str = "2023001", who: str = "registrar") -> IncomingFile:
    return incoming.upload(content=content, file_name="tor.xml", student_number=number, acting=house.actor(who))


def propose(house: House, file: IncomingFile, *amounts: str, who: str = "registrar", reason: str = "大纲对照") -> None:
    rows = list(file.rows.filter(fault=""))
    values = {row.uuid: Valued(Decimal(amount), reason) for row, amount in zip(rows, amounts, strict=False)}
    incoming.propose(file_uuid=file.uuid, values=values, acting=house.actor(who))


def take_over(house: House, file: IncomingFile, who: str = "colleague") -> int:
    return incoming.take_over(file_uuid=file.uuid, acting=house.actor(who))


def everything() -> list[int]:
    tables = (IncomingFile, IncomingRow, IncomingProposal, IncomingChoice, IncomingVerdict, Lot, Posting, Event)
    return [table.objects.count() for table in tables]


@pytest.fixture
def _no_trace(house: House) -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


@pytest.mark.reference
def test_the_published_example_comes_in_for_a_student(house: House, reference_data: Path) -> None:
    content = (reference_data / "elmo/1.7.0/example.xml").read_bytes()
    file = upload(house, content)
    assert [row.fault for row in file.rows.all()] == ["parts-carry-it", "", ""]
    assert not Lot.objects.exists()
    propose(house, file, "7.5", "3")
    assert take_over(house, file) == 2
    lots = queries.lots_of(house.student.uuid)
    assert {(lot.facts["course_code"], lot.amount) for lot in lots} == {
        ("EKSTERN", Decimal("7.50")),
        ("1000-217bMRJ", Decimal("3.00")),
    }
    for lot in lots:
        assert file.file_hash in lot.facts["evidence"]
        assert CODE in lot.facts["evidence"]
        assert lot.facts["reason"] == "大纲对照"
        assert lot.amount_in("available") == lot.amount
        with pytest.raises(Refusal, match="entered-from-elsewhere"):
            certifiable(lot.uuid)
    assert differences() == []
    before = everything()
    with pytest.raises(Refusal, match="imported-before"):
        upload(house, content)
    assert everything() == before


def test_it_takes_two_and_only_those_of_the_house(house: House) -> None:
    file = upload(house)
    with pytest.raises(Refusal, match="not-proposed"):
        take_over(house, file)
    propose(house, file, "3", who="colleague")
    for who in ("registrar", "colleague"):  # who read it in, and who entered the amounts
        with pytest.raises(NotPermitted, match="own-file"):
            take_over(house, file, who)
    for who in ("host_registrar", "trainee"):
        with pytest.raises(NotThere):
            take_over(house, file, who)
        with pytest.raises(NotThere):
            incoming.put_aside(file_uuid=file.uuid, reason="x", acting=house.actor(who))
    assert not Posting.objects.exists()
    third = make_person(name="第三人", role="registrar", institution=house.home, number="R9")
    house.people["third"] = third
    assert take_over(house, file, "third") == 1
    assert [lot.amount for lot in queries.lots_of(house.student.uuid)] == [Decimal("3.00")]
    with pytest.raises(Stale, match="decided-meanwhile"):
        take_over(house, file, "third")
    with pytest.raises(Stale, match="decided-meanwhile"):
        incoming.put_aside(file_uuid=file.uuid, reason="x", acting=house.actor("third"))


OWN_ISSUER = '<identifier type="cn-moe-hei-code">{}</identifier>'
UNKNOWN = '<identifier type="schac">nobody.example</identifier>'
NOTHING_TO_TAKE: list[tuple[str, bytes]] = [
    ("issuer-not-registered", elmo_file(report(course(), issuer=UNKNOWN))),
    ("issuer-not-registered", elmo_file(report(course()), report(course(), issuer=UNKNOWN))),
    ("issuer-not-registered", elmo_file(report(course(), issuer=""))),
    ("nothing-to-take", elmo_file(report(course(status="failed")))),
    ("nothing-to-take", elmo_file(report(course(credit="")))),
    ("nothing-to-take", elmo_file(report())),
    ("line-twice", elmo_file(report(course(), course()))),
    (
        "line-twice",
        elmo_file(report(course()), report(course(), issuer='<identifier type="schac">uw.edu.pl</identifier>')),
    ),
    ("has-dtd", elmo_file(report(course()), head='<!DOCTYPE elmo [<!ENTITY x "y">]>')),
    ("not-xml", b"%PDF-1.7"),
]


@pytest.mark.usefixtures("_no_trace")
@pytest.mark.parametrize(("code", "content"), NOTHING_TO_TAKE)
def test_a_refused_file_leaves_no_trace(house: House, code: str, content: bytes) -> None:
    with pytest.raises(Refusal, match=code):
        upload(house, content)


@pytest.mark.usefixtures("_no_trace")
def test_what_was_issued_here_is_in_the_ledger_already(house: House) -> None:
    with pytest.raises(Refusal, match="in-the-ledger"):
        upload(house, elmo_file(report(course(), issuer=OWN_ISSUER.format(house.host.code))))


@pytest.mark.parametrize("kind", list(Kind))
def test_our_own_export_does_not_come_back(db: None, kind: Kind) -> None:
    house = studied_house()
    content = write(record_of(house.student.uuid, house.home.uuid), kind, "https://guixue.example")
    before = everything()
    with pytest.raises(Refusal, match="in-the-ledger"):
        upload(house, content)
    # not under another's name either: the lots tell
    renamed = content.replace(b"cn-moe-hei-code", b"schac").replace((house.host.code or "").encode(), b"uw.edu.pl")
    with pytest.raises(Refusal, match="in-the-ledger"):
        upload(house, renamed)
    assert everything() == before


def test_what_we_write_another_house_reads_line_by_line(house: House) -> None:
    house.lot()
    house.lot("3.50")
    record = record_of(house.student.uuid, house.home.uuid)
    ours = write(record, Kind.TRANSCRIPT, "https://guixue.example")
    # as a house elsewhere would send it: identifiers of its own, an issuer that is registered here
    theirs = ours.replace(b"guixue-lot", b"their-lot").replace(b"cn-moe-hei-code", b"schac")
    theirs = theirs.replace((house.host.code or "").encode(), b"uw.edu.pl")
    said = reading.read(theirs)
    assert [
        (line.course_code, line.name.zh, line.credit, line.grade, str(line.ends_on), line.fault) for line in said.lines
    ] == [
        (one.course_code, one.course_name_zh, f"{Decimal(one.amount).normalize():f} cn-credit-point", one.grade,
         one.ends_on, "")
        for one in record.achievements
    ]  # fmt: skip
    house.people["guest"] = make_person(name="客", role="student", institution=house.home, number="2026777")
    file = upload(house, theirs, number="2026777")
    propose(house, file, "2", "3.50")
    assert take_over(house, file) == 2
    came = queries.lots_of(house.people["guest"].uuid)
    assert {lot.amount for lot in came} == {Decimal("2.00"), Decimal("3.50")}


def test_a_foreign_line_among_our_own_comes_in_alone(house: House) -> None:
    ours = report(course("ours", local="O"), issuer=OWN_ISSUER.format(house.host.code))
    file = upload(house, elmo_file(ours, report(course())))
    assert [row.fault for row in file.rows.all()] == ["in-the-ledger", ""]
    own = file.rows.get(fault="in-the-ledger")
    with pytest.raises(Refusal, match="line-not-there"):
        incoming.propose(
            file_uuid=file.uuid, values={own.uuid: Valued(Decimal(1), "x")}, acting=house.actor("registrar")
        )
    assert not IncomingProposal.objects.exists()


@pytest.mark.parametrize("number", ["", "999", "T7", "R1"])
@pytest.mark.usefixtures("_no_trace")
def test_only_for_a_student_of_the_house(house: House, number: str) -> None:
    with pytest.raises(Refusal, match="no-such-student"):
        upload(house, number=number)
    with pytest.raises(Refusal, match="no-such-student"):
        upload(house, who="host_registrar")
    with pytest.raises(NotThere):
        upload(house, who="trainee")


@pytest.mark.usefixtures("_no_trace")
def test_nobody_does_it_for_themselves(house: House) -> None:
    make_affiliation(person=house.people["registrar"], role="student", institution=house.home, number="2023777")
    with pytest.raises(NotPermitted, match="own-credit"):
        upload(house, number="2023777")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("nothing-taken", None),
        ("no-amount", Valued(Decimal(0), "x")),
        ("no-amount", Valued(Decimal("1.005"), "x")),
        ("amount-too-large", Valued(Decimal("40.01"), "x")),
        ("no-reason", Valued(Decimal(3), " ")),
        ("no-reason", Valued(Decimal(3), "长" * 501)),
    ],
)
def test_an_amount_has_a_reason_and_a_limit(house: House, code: str, value: Valued | None) -> None:
    file = upload(house)
    row = file.rows.first()
    assert row
    before = everything()
    with pytest.raises(Refusal, match=code):
        incoming.propose(
            file_uuid=file.uuid, values={row.uuid: value} if value else {}, acting=house.actor("registrar")
        )
    with pytest.raises(Refusal, match="line-not-there"):
        incoming.propose(
            file_uuid=file.uuid, values={uuid4(): Valued(Decimal(1), "x")}, acting=house.actor("registrar")
        )
    assert everything() == before


def test_the_same_file_waits_once_and_the_same_credit_comes_once(house: House) -> None:
    first = upload(house)
    with pytest.raises(Refusal, match="file-is-waiting"):
        upload(house)
    other = upload(house, FILE + b"\n")  # the same credit in another file, while the first waits
    propose(house, first, "3", "1")
    propose(house, other, "4", "2")
    assert take_over(house, first) == 2
    before = everything()
    with pytest.raises(Refusal, match="imported-before"):
        take_over(house, other)
    assert everything() == before
    incoming.put_aside(file_uuid=other.uuid, reason="重复", acting=house.actor("registrar"))
    # the issuer changed the learner's identifiers meanwhile: same person, course and day
    with pytest.raises(Refusal, match="imported-before"):
        upload(house, elmo_file(report(course()), learner="Wei X."))
    # another learner of the same course is another matter
    make_person(name="覃某", role="student", institution=house.home, number="2023002")
    assert upload(house, elmo_file(report(course()), learner="Qin"), number="2023002").rows.get().fault == ""
    # but one learner's credit does not come in for two students
    with pytest.raises(Refusal, match="imported-before"):
        upload(house, elmo_file(report(course())), number="2023002")


def test_what_came_in_is_in_no_transcript_of_ours(house: House) -> None:
    file = upload(house)
    propose(house, file, "3")
    take_over(house, file)
    assert record_of(house.student.uuid, house.home.uuid).achievements == ()
    assert entered_from_elsewhere(house.student.uuid) == 1


def test_amounts_are_entered_once(house: House) -> None:
    file = upload(house)
    propose(house, file, "3")
    with pytest.raises(Stale, match="proposed-meanwhile"):
        propose(house, file, "4", who="colleague")
    with pytest.raises(Refusal, match="no-reason"):
        incoming.put_aside(file_uuid=file.uuid, reason=" ", acting=house.actor("colleague"))
    assert not IncomingVerdict.objects.exists()


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("bad-code", {"code": "uw.edu.pl", "name_zh": "华沙大学"}),
        ("bad-code", {"code": "schac:" + "x" * 50, "name_zh": "华沙大学"}),
        ("no-name", {"code": "schac:x.pl", "name_zh": " "}),
        ("party-has-another-name", {"code": CODE, "name_zh": "别的大学"}),
    ],
)
def test_an_institution_is_registered_as_its_files_name_it(house: House, code: str, given: dict[str, str]) -> None:
    before = ForeignParty.objects.count(), Event.objects.count()
    with pytest.raises(Refusal, match=code):
        parties.register(**given, name_en="", acting=house.actor("registrar"))
    with pytest.raises(NotThere):
        parties.register(code="schac:new.pl", name_zh="新", name_en="", acting=house.actor("trainee"))
    assert (ForeignParty.objects.count(), Event.objects.count()) == before
    party = parties.register(code="schac:new.pl", name_zh="新", name_en="", acting=house.actor("registrar"))
    assert not party.keys.exists()
    with pytest.raises(Refusal, match="party-without-key"):
        exports.export(lot_uuid=house.lot().uuid, party_code=party.code, reason="x", acting=house.actor("registrar"))


def test_a_file_is_read_in_few_questions(house: House, django_assert_max_num_queries: Any) -> None:
    content = elmo_file(report(*(course(local=str(number)) for number in range(30))))
    with django_assert_max_num_queries(90):  # two for each line: is it here
        upload(house, content)


TABLES = ("incomingfile", "incomingrow", "incomingproposal", "incomingchoice", "incomingverdict")


def test_an_erased_person_leaves_no_name_behind(house: House) -> None:
    file = upload(house)
    house.lot()
    row, _made = export_record(
        holder_uuid=house.student.uuid,
        kind=Kind.TRANSCRIPT,
        format_=Format.ELMO,
        recipient=Recipient("韦小明的导师", "PL", "separate-consent", "韦小明同意书"),
        acting=house.actor("registrar"),
    )
    people.erase_traces(house.student.uuid)
    people.erase_traces(house.student.uuid)
    file.refresh_from_db()
    row.refresh_from_db()
    assert (file.learner_name, file.file_name, row.recipient, row.legal_reference) == ("", "", "", "")
    assert len(file.file_hash) == len(row.content_hash) == 64
    for change in ({"file_hash": "0" * 64}, {"learner_name": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            IncomingFile.objects.filter(pk=file.pk).update(**change)


@pytest.mark.parametrize("role", ["application", "superuser"])
def test_the_database_holds_it_too(committed_database: str, cluster: Cluster, role: str) -> None:
    house = outside_house()
    file = upload(house, elmo_file(report(course(), course("whole", local="W", parts=course(local="P")))))
    waiting = upload(house)
    propose(house, file, "3")
    take_over(house, file)
    propose(house, waiting, "3")
    with cluster.connect(committed_database, role=role) as connection:
        connection.autocommit = True
        for table in TABLES:
            for change in ("UPDATE credits_{} SET id = id", "DELETE FROM credits_{}", "TRUNCATE credits_{} CASCADE"):
                with pytest.raises((errors.InsufficientPrivilege, errors.RestrictViolation)):
                    connection.execute(change.format(table))
        verdict = (
            "INSERT INTO credits_incomingverdict (uuid, file_id, confirmed, reason, happened_at, actor_role,"
            " actor_person_uuid, actor_institution_uuid) VALUES (gen_random_uuid(), %s, true, '', now(), 'registrar',"
            " %s, %s)"
        )
        for actor in (house.actor("registrar"), house.actor("host_registrar"), SYSTEM):
            with pytest.raises(errors.CheckViolation, match="another takes over"):
                connection.execute(verdict, [waiting.pk, actor.person_uuid, actor.institution_uuid])
        faulty = file.rows.exclude(fault="").get()
        choice = "INSERT INTO credits_incomingchoice (proposal_id, row_id, amount, reason) VALUES (%s, %s, 1, 'x')"
        with pytest.raises(errors.CheckViolation, match="cannot be taken over"):
            connection.execute(choice, [IncomingProposal.objects.get(file=file).pk, faulty.pk])
        row = "INSERT INTO credits_incomingrow SELECT * FROM credits_incomingrow WHERE id = %s"
        with pytest.raises(errors.CheckViolation, match="proposed or decided"):
            connection.execute(row, [faulty.pk])
    assert isinstance(connection, psycopg.Connection)
