"""Sealing a term: what it holds, when it is refused, what a second run makes, and corrections that come later."""

import datetime as dt
import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger import dated_rules
from credits.ledger.logged import all_postings
from credits.log import erasures, sequencer
from credits.log.models import LogEntry
from credits.seals import actions, leaves, logged, proofs, proving
from credits.seals.models import LateCorrection, SealedPerson, TermSeal, TermSealWindow
from credits.seals.proofs import Verified
from credits.seals.reconciling import differences
from credits.seals.tasks import seal_due_terms
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import NotThere, Refusal
from edu.people.models import Person
from tests.factories.people import make_person
from tests.factories.seals import (
    AFTER,
    AFTER_NEXT,
    ENDS_ON,
    IN_NEXT_TERM,
    IN_WINDOW,
    NEXT_TERM,
    TERM,
    earned,
    make_sealing_house,
    noon,
    recognised,
    seal,
    with_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log_dir")]


def all_of(made: TermSeal, person: Person) -> Verified:
    return proofs.check(proving.proof_of_all(proving.sealed_of(made, person.uuid)))


def no_trace() -> None:
    assert not TermSeal.objects.exists()
    assert not TermSealWindow.objects.exists()
    assert not SealedPerson.objects.exists()
    assert not LogEntry.objects.filter(kind="seal").exists()
    assert not Event.objects.filter(name="credits.term.sealed").exists()


def refused(code: str, at: dt.datetime = AFTER) -> Refusal:
    sequencer.sequence()
    with clock.at(at), pytest.raises(Refusal) as caught:
        actions.seal_term(term_code=TERM, acting=SYSTEM)
    assert caught.value.code == code
    no_trace()
    return caught.value


def test_the_task_seals_what_is_due_once() -> None:
    house = make_sealing_house()
    other = make_person()
    recognised(house, earned(house))
    earned(house, other.uuid, amount="3.50")
    earned(house, other.uuid, amount="24.00", unit="contact_hours")
    sequencer.sequence()
    with clock.at(AFTER):
        assert seal_due_terms() == 1
        assert seal_due_terms() == 0
        again = actions.seal_term(term_code=TERM, acting=SYSTEM)
    [made] = TermSeal.objects.all()
    assert again == made
    assert (made.person_count, made.lot_count) == (2, 3)
    assert leaves.named(logged.sums_of(made)) == {"entered": "5.50", "recognised": "2.00", "contact_hours": "24.00"}
    assert LogEntry.objects.filter(kind="seal").count() == 1
    assert Event.objects.filter(name="credits.term.sealed").count() == 1
    assert {(window.ends_on, window.closed_on) for window in made.windows.all()} == {
        (ENDS_ON, ENDS_ON + dt.timedelta(days=30))
    }
    assert differences() == []


def test_a_lot_is_proved_recognised_once_and_nowhere_else() -> None:
    house = make_sealing_house()
    lot, waiting = earned(house), earned(house, amount="1.00")
    home = recognised(house, lot)
    made = seal()
    sealed = proving.sealed_of(made, house.student.uuid)
    for asked in (lot.uuid, home.uuid):  # the home's lot leads to the same place
        found = proofs.check(proving.proof_of_lot(sealed, asked))
        [leaf] = found.leaves
        [one] = leaves.standing(leaf)
        assert (leaf["lot"], one["lot"], one["home"]) == (str(lot.uuid), str(home.uuid), str(house.home.uuid))
        assert (found.logged, found.whole) == (True, False)
    assert leaves.standing(proofs.check(proving.proof_of_lot(sealed, waiting.uuid)).leaves[0]) == []
    assert all_of(made, house.student).whole


def test_what_is_not_in_the_seal_is_proved_absent() -> None:
    house = make_sealing_house()
    earned(house)
    later = earned(house, at=IN_NEXT_TERM)
    made = seal()
    found = proofs.check(proving.proof_of_lot(proving.sealed_of(made, house.student.uuid), later.uuid))
    assert (found.leaves, found.absent) == ((), (str(later.uuid),))


def test_who_has_nothing_in_the_seal_proves_that() -> None:
    house = make_sealing_house()
    earned(house)
    newcomer = make_person()
    later = earned(house, newcomer.uuid, at=IN_NEXT_TERM)
    made = seal()
    sealed = proving.sealed_of(made, newcomer.uuid)
    found = proofs.check(proving.proof_of_lot(sealed, later.uuid))
    assert leaves.named(found.total)["entered"] == "0.00"
    assert found.absent == (str(later.uuid),)
    assert found.whole


def test_a_total_is_proved_without_the_courses() -> None:
    house = make_sealing_house()
    lot = earned(house)
    earned(house, amount="3.00")
    made = seal()
    proof = proving.proof_of_total(proving.sealed_of(made, house.student.uuid))
    found = proofs.check(proof)
    assert leaves.named(found.total)["entered"] == "5.00"
    assert (found.leaves, found.whole) == ((), False)
    text = json.dumps(proof, ensure_ascii=False)
    assert str(lot.uuid) not in text
    assert "数据会说话" not in text


def test_a_term_before_its_window_closes_is_refused() -> None:
    house = make_sealing_house()
    earned(house)
    refusal = refused("window-open", IN_WINDOW)
    assert refusal.details == {"closes_on": "2025-02-19"}
    with clock.at(IN_WINDOW):
        assert seal_due_terms() == 0
    no_trace()


def test_a_term_waits_for_the_rule_of_each_institution_with_credit() -> None:
    house = make_sealing_house(rules=False)
    recognised(house, earned(house))
    assert set(refused("no-correction-rule").details["institutions"]) == {str(house.host.uuid), str(house.home.uuid)}
    with_rule(house.actor("host_registrar"))
    assert refused("no-correction-rule").details["institutions"] == [str(house.home.uuid)]
    with_rule(house.actor("registrar"), days=60)
    refused("window-open")
    assert seal(at=noon(ENDS_ON + dt.timedelta(days=61))).windows.count() == 2


def test_a_rule_that_comes_after_the_term_closes_no_window_before_it_begins() -> None:
    house = make_sealing_house(rules=False)
    earned(house)
    with clock.at(noon(dt.date(2025, 4, 1))):
        dated_rules.set_rule(
            kind="correction_days", number=10, from_on=dt.date(2025, 4, 2), source_text="办法",
            acting=house.actor("host_registrar"),
        )  # fmt: skip
    assert refused("window-open", noon(dt.date(2025, 4, 2))).details == {"closes_on": "2025-04-02"}
    seal(at=noon(dt.date(2025, 4, 3)))


def test_nobody_but_the_system_seals() -> None:
    house = make_sealing_house()
    earned(house)
    with clock.at(AFTER), pytest.raises(NotThere):
        actions.seal_term(term_code=TERM, acting=house.actor("registrar"))
    no_trace()


def test_a_term_without_credit_is_not_sealed() -> None:
    house = make_sealing_house()
    refused("nothing-to-seal")
    earned(house, at=IN_NEXT_TERM)
    refused("nothing-to-seal")
    with clock.at(AFTER):
        assert seal_due_terms() == 0


def test_a_correction_that_the_log_has_not_placed_is_waited_for() -> None:
    house = make_sealing_house()
    lot = earned(house)
    sequencer.sequence()
    [posting] = list(all_postings())
    ledger.reverse(posting_uuid=posting.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    with clock.at(AFTER), pytest.raises(Refusal, match="correction-not-logged"):
        actions.seal_term(term_code=TERM, acting=SYSTEM)
    no_trace()
    made = seal()
    [leaf] = proofs.check(proving.proof_of_lot(proving.sealed_of(made, house.student.uuid), lot.uuid)).leaves
    assert leaf["places"] == []  # it was undone before the seal, and that is what was sealed
    assert not LateCorrection.objects.exists()


def test_a_late_correction_names_the_root_and_the_proof_shows_both() -> None:
    house = make_sealing_house()
    lot, other = earned(house), earned(house)
    home = recognised(house, lot)
    made = seal()
    root = bytes(made.root).hex()
    recognition = next(s for s in all_postings() if s.document["event"] == "recognised")
    with clock.at(IN_NEXT_TERM):
        undone = ledger.reverse(posting_uuid=recognition.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    assert [one.seal for one in LateCorrection.objects.all()] == [made]
    [posting] = [s for s in all_postings() if s.uuid == undone.uuid]
    assert posting.document["sealed_roots"] == [root]

    sealed = proving.sealed_of(made, house.student.uuid)
    waiting = proofs.check(proving.proof_of_lot(sealed, lot.uuid))
    assert [one.logged for one in waiting.corrections] == [False]
    sequencer.sequence()
    found = proofs.check(proving.proof_of_lot(sealed, lot.uuid))
    [correction] = found.corrections
    assert correction.logged
    assert correction.document["uuid"] == str(undone.uuid)
    assert leaves.standing(found.leaves[0])[0]["lot"] == str(home.uuid)  # the sealed state stays
    assert proofs.check(proving.proof_of_lot(sealed, other.uuid)).corrections == ()
    assert proofs.check(proving.proof_of_total(sealed)).corrections == ()

    after = seal(NEXT_TERM, AFTER_NEXT)
    [leaf] = proofs.check(proving.proof_of_lot(proving.sealed_of(after, house.student.uuid), lot.uuid)).leaves
    assert leaf["corrections"] == [{"posting": str(undone.uuid), "sealed_root": root}]
    assert leaves.standing(leaf) == []
    assert differences() == []


def test_a_correction_in_the_open_term_refers_to_no_seal() -> None:
    house = make_sealing_house()
    earned(house)
    seal()
    earned(house, at=IN_NEXT_TERM)
    minted = max(all_postings(), key=lambda subject: subject.document["event_at"])
    ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    assert not LateCorrection.objects.exists()
    assert all("sealed_roots" not in subject.document for subject in all_postings())


def test_a_correction_names_every_seal_that_holds_it() -> None:
    house = make_sealing_house()
    lot = earned(house)
    first = seal()
    second = seal(NEXT_TERM, AFTER_NEXT)
    [minted] = [s for s in all_postings() if s.document["event"] == "minted"]
    ledger.reverse(posting_uuid=minted.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    for made in (first, second):
        sealed = proving.sealed_of(made, house.student.uuid)
        assert len(proofs.check(proving.proof_of_lot(sealed, lot.uuid)).corrections) == 1


def test_recognised_twice_one_after_the_other_stands_in_one_leaf() -> None:
    house = make_sealing_house()
    lot = earned(house)
    first = recognised(house, lot)
    recognition = next(s for s in all_postings() if s.document["event"] == "recognised")
    ledger.reverse(posting_uuid=recognition.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    second = recognised(house, lot)
    [leaf] = all_of(seal(), house.student).leaves
    assert [one["lot"] for one in leaf["recognitions"]] == [str(first.uuid), str(second.uuid)]
    assert [one["lot"] for one in leaves.standing(leaf)] == [str(second.uuid)]


def test_erasing_a_person_keeps_the_tree_and_everybody_elses_proofs() -> None:
    house = make_sealing_house()
    gone = make_person()
    earned(house)
    lost = earned(house, gone.uuid, amount="4.00")
    made = seal()
    kept = proving.proof_of_lot(proving.sealed_of(made, gone.uuid), lost.uuid)
    erasures.erase_salt(gone.uuid)
    with pytest.raises(Refusal, match="salt-erased"):
        proving.sealed_of(made, gone.uuid)
    assert all_of(made, house.student).whole
    assert proofs.check(kept).logged  # what was carried out stays good
    assert differences() == []
    after = seal(NEXT_TERM, AFTER_NEXT)  # the credit still counts, under a place that nobody finds
    assert (after.person_count, after.entered) == (2, Decimal(6))
    assert all_of(after, house.student).whole
    assert differences() == []


def test_the_places_of_people_tell_nothing_about_who_they_are() -> None:
    house = make_sealing_house()
    for _ in range(5):
        earned(house, make_person().uuid)
    first, second = seal(), seal(NEXT_TERM, AFTER_NEXT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM credits_sealedperson WHERE seal_id = %s ORDER BY id", [first.pk])
        in_order = [bytes(row[0]) for row in cursor.fetchall()]
    assert in_order == sorted(in_order)
    there = {bytes(row.key) for row in SealedPerson.objects.filter(seal=second)}
    assert not there & set(in_order)
