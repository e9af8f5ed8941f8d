"""Batches: everything once, nothing left out, refusals kept for the registrar, called off, gone on with."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from credits.batches import archives, collecting, queries, working
from credits.batches.actions import Order, cancel_batch, request_batch
from credits.batches.models import Batch, BatchArchive, BatchLine, BatchMove
from credits.batches.rules import Counts, Scope
from credits.batches.states import BatchStatus
from credits.certificates import actions, drawing
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate
from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger.queries import history_of
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotThere, Refusal
from tests.factories.batches import TermScene, make_lot_in, make_term_scene
from tests.factories.institutions import make_institution, make_term
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(db: None) -> TermScene:
    return make_term_scene()


def done(batch: Batch) -> Batch:
    assert working.work(batch.pk) is False
    batch.refresh_from_db()
    return batch


def test_a_term_gets_a_certificate_for_every_credit_that_lacks_one(term: TermScene) -> None:
    early = actions.issue_certificate(lot_uuid=term.lots[0].uuid, acting=make_actor(term.students[0]))
    drawing.draw(early.uuid)
    batch = done(term.order())
    assert batch.status == BatchStatus.DONE
    assert queries.counts_of(batch) == Counts(issued=2)
    assert Certificate.objects.filter(status="issued").count() == 3
    assert [move.target for move in batch.moves.all()] == ["waiting", "running", "done"]
    row = Certificate.objects.get(lot_uuid=term.lots[1].uuid)
    assert [move.actor_role for move in row.moves.all()] == ["registrar", "system"]


def test_a_second_batch_finds_nothing_to_do(term: TermScene) -> None:
    done(term.order())
    again = done(term.order())
    assert (again.status, queries.counts_of(again)) == (BatchStatus.DONE, Counts())
    assert Certificate.objects.count() == 3


def test_two_batches_of_the_same_are_not_at_work_at_once(term: TermScene) -> None:
    term.order()
    before = BatchMove.objects.count()
    with pytest.raises(Refusal, match="batch-at-work"):
        term.order()
    assert (Batch.objects.count(), BatchMove.objects.count()) == (1, before)


def test_a_run_and_pasted_numbers(term: TermScene) -> None:
    by_run = done(term.order(scope=Scope.RUN, code=str(term.run.uuid)))
    assert queries.counts_of(by_run).issued == 3
    make_lot_in(
        make_term_scene(students=0).run, term.students[0], make_institution()
    )  # a credit of another university is none of this one's business
    pasted = done(term.order(scope=Scope.NUMBERS, code="", numbers=("20260001", "99999999")))
    troubles = queries.troubles_of(pasted)
    assert [(trouble.number, trouble.code) for trouble in troubles] == [
        ("20260001", "nothing-to-certify"),
        ("99999999", "no-such-student"),
    ]


def test_transcripts_for_a_term_one_each(term: TermScene) -> None:
    batch = done(term.order(kind=CertificateKind.TRANSCRIPT))
    assert queries.counts_of(batch).issued == 3
    assert set(Certificate.objects.values_list("kind", flat=True)) == {"transcript"}


def test_what_a_rule_refuses_stands_in_the_list_and_the_others_are_issued(term: TermScene) -> None:
    term.students[1].name = "𠮷田"
    term.students[1].save()
    batch = done(term.order())
    assert queries.counts_of(batch) == Counts(issued=2, refused=1)
    (trouble,) = queries.troubles_of(batch)
    assert (trouble.number, trouble.code) == ("20260002", "character-not-printable")
    assert "U+20BB7" in trouble.message


def test_a_credit_taken_back_is_left_out(term: TermScene) -> None:
    minted = history_of(term.lots[0].uuid)[0]
    ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", minted.uuid), acting=SYSTEM)
    assert queries.counts_of(done(term.order())).total == 2


def test_a_paper_that_cannot_be_drawn_fails_after_some_tries_and_keeps_no_name(
    term: TermScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> bytes:
        raise OSError("disk full of 韦同学1")

    monkeypatch.setattr(drawing, "_drawn", full)
    batch = term.order(limit=1)
    for _try in range(working.ATTEMPTS_MAX):
        working.work(batch.pk)
        BatchLine.objects.update(leased_until=None)
    line = BatchLine.objects.get()
    assert (line.status, line.error_code, line.error) == ("failed", "OSError", "")
    working.work(batch.pk)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.DONE


def test_called_off_it_issues_no_more_and_keeps_what_is_there(term: TermScene) -> None:
    done(term.order(limit=1))
    batch = term.order()
    cancel_batch(batch_uuid=batch.uuid, acting=term.as_registrar)
    assert working.work(batch.pk) is False
    assert Certificate.objects.count() == 1
    with pytest.raises(Refusal, match="batch-ended"):
        cancel_batch(batch_uuid=batch.uuid, acting=term.as_registrar)


def test_called_off_in_the_middle_the_next_chunk_is_not_begun(term: TermScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "CHUNK", 1)
    batch = term.order()
    drawn = working._draw

    def and_call_off(line: BatchLine) -> None:
        drawn(line)
        cancel_batch(batch_uuid=batch.uuid, acting=term.as_registrar)

    monkeypatch.setattr(working, "_draw", and_call_off)
    working.work(batch.pk)
    assert Certificate.objects.count() == 1


def test_strangers_order_and_call_off_nothing(term: TermScene) -> None:
    batch = term.order()
    stranger = make_actor(make_person(name="邻校教务", role="registrar"))
    order = Order(Scope.TERM, "2026-2027-1")
    with pytest.raises(NotThere):
        request_batch(institution_uuid=term.university.uuid, order=order, acting=stranger)
    with pytest.raises(NotThere):
        cancel_batch(batch_uuid=batch.uuid, acting=stranger)
    assert Batch.objects.get().status == BatchStatus.WAITING


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(Scope.TERM, "1999-1"), "no-such-term"),
        (Order(Scope.NUMBERS), "no-numbers"),
        (Order(Scope.NUMBERS, numbers=tuple(str(n) for n in range(2001))), "too-many-numbers"),
    ],
)
def test_an_order_that_makes_no_sense_leaves_no_trace(term: TermScene, order: Order, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        request_batch(institution_uuid=term.university.uuid, order=order, acting=term.as_registrar)
    assert not Batch.objects.exists()


def test_without_a_key_no_batch_is_taken(db: None) -> None:
    university = make_institution()
    make_term(institution=university)
    registrar = make_actor(make_person(name="教务", role="registrar", institution=university))
    with pytest.raises(Refusal, match="no-signing-key"):
        request_batch(institution_uuid=university.uuid, order=Order(Scope.TERM, "2026-2027-1"), acting=registrar)
    assert not Batch.objects.exists()


def test_lines_of_a_worker_that_is_gone_are_taken_over_when_the_lease_lapses(term: TermScene) -> None:
    batch = term.order()
    collecting.collect(batch.pk)
    BatchLine.objects.update(leased_until=timezone.now() + dt.timedelta(seconds=60))
    assert working.work(batch.pk) is True
    assert not Certificate.objects.exists()
    BatchLine.objects.update(leased_until=timezone.now())
    assert done(batch).status == BatchStatus.DONE


def test_the_archives_hold_every_paper_once(term: TermScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credits.batches.rules.PAPERS_MAX", 2)
    batch = done(term.order())
    assert archives.build_waiting() == 2
    assert archives.build_waiting() == 0
    names: list[str] = []
    for archive in queries.archives_of(batch):
        with archive.file.open("rb") as file:
            zipped = zipfile.ZipFile(io.BytesIO(file.read()))
        assert zipped.testzip() is None
        names += zipped.namelist()
        assert archive.papers == len(zipped.namelist())
    assert sorted(names) == sorted(f"{number}.pdf" for number in Certificate.objects.values_list("number", flat=True))
    BatchArchive.objects.update(made_at=timezone.now() - archives.KEPT - dt.timedelta(days=1))
    files = [archive.file for archive in queries.archives_of(batch)]
    assert archives.forget() == 2
    assert not any(file.storage.exists(str(file.name)) for file in files)
    assert archives.forget() == 0


def test_the_database_keeps_batches_and_their_history(term: TermScene) -> None:
    batch = done(term.order())
    for deed in (batch.moves.all().delete, lambda: batch.moves.update(reason="x"), batch.lines.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    with pytest.raises(DatabaseError), transaction.atomic():
        BatchLine.objects.update(certificate=None)


def test_questions_to_the_database_a_certificate(term: TermScene, django_assert_max_num_queries: object) -> None:
    batch = term.order()
    collecting.collect(batch.pk)
    done(term.order(scope=Scope.NUMBERS, code="", numbers=("1",)))  # fonts and log are warm
    with django_assert_max_num_queries(236):  # type: ignore[operator]  # pytest-django's fixture
        done(batch)
