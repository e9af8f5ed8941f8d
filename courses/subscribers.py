"""Gathers what the applets listen to, since the outbox looks here."""

from uuid import UUID

from django.db import transaction

from courses.announcements.actions import tell_learners
from courses.events import (
    ANNOUNCED,
    CONTENT_IMPORTED,
    CONTENT_PINNED,
    RECORDS_TO_SEND,
    RESULT_CERTIFIED,
    RESULT_CORRECTED,
    RESULT_RETURNED,
    SCORE_TO_SEND,
    SESSION_CALLED_OFF,
    SESSION_PLANNED,
)
from courses.grading.telling import tell_learner, tell_submitter
from courses.grading.timetable import tell_expected
from courses.lti.passing_back import send_score
from courses.media.actions import request_renditions
from courses.media.tasks import make_renditions
from courses.textbooks.asking import pack_published
from courses.textbooks.tasks import make_packs
from courses.xapi.actions import trace_result
from courses.xapi.sending import send as send_records
from edu.events.registry import Happened, subscribe


@subscribe(ANNOUNCED, name="courses.tell_learners")
def tell_learners_of(happened: Happened) -> None:
    """Put an announcement into the inboxes of the run's learners."""
    tell_learners(UUID(happened.payload["announcement_uuid"]), acting=happened.actor)


@subscribe(RESULT_CERTIFIED, name="courses.grading.tell_certified")
def tell_certified(happened: Happened) -> None:
    """Tell a learner that their result is certified."""
    tell_learner(UUID(happened.payload["result_uuid"]), "courses.result_certified", acting=happened.actor)


@subscribe(RESULT_CORRECTED, name="courses.grading.tell_corrected")
def tell_corrected(happened: Happened) -> None:
    """Tell a learner that their certified result was corrected."""
    tell_learner(UUID(happened.payload["result_uuid"]), "courses.result_corrected", acting=happened.actor)


@subscribe(RESULT_RETURNED, name="courses.grading.tell_returned")
def tell_returned(happened: Happened) -> None:
    """Tell who submitted a result that it came back."""
    tell_submitter(UUID(happened.payload["result_uuid"]), acting=happened.actor)


@subscribe(SESSION_PLANNED, name="courses.grading.tell_planned")
def tell_planned(happened: Happened) -> None:
    """Tell the learners for whom a meeting or exam is that it is planned."""
    tell_expected(UUID(happened.payload["session_uuid"]), "courses.session_planned", acting=happened.actor)


@subscribe(SESSION_CALLED_OFF, name="courses.grading.tell_called_off")
def tell_called_off(happened: Happened) -> None:
    """Tell the learners for whom a meeting or exam was that it does not take place."""
    tell_expected(UUID(happened.payload["session_uuid"]), "courses.session_called_off", acting=happened.actor)


@subscribe(SCORE_TO_SEND, name="courses.lti.send_score")
def send_score_of(happened: Happened) -> None:
    """Send a linked learner's score to the platform that opened the run."""
    send_score(UUID(happened.payload["passback_uuid"]))


@subscribe(RESULT_CERTIFIED, name="courses.xapi.trace_result")
def trace_result_of(happened: Happened) -> None:
    """Leave the trace of a certified result while the host has a record store."""
    trace_result(UUID(happened.payload["result_uuid"]))


@subscribe(RECORDS_TO_SEND, name="courses.xapi.send")
def send_records_of(happened: Happened) -> None:
    """Send a batch of learning records to the host's store."""
    send_records(UUID(happened.payload["store_uuid"]), happened.payload["traces"])


@subscribe(CONTENT_IMPORTED, name="courses.request_renditions")
def request_renditions_of(happened: Happened) -> None:
    """Ask for the lighter copies of a new version's films."""
    if request_renditions(UUID(happened.payload["version_uuid"]), acting=happened.actor):
        transaction.on_commit(make_renditions.delay_hint)


@subscribe(CONTENT_PINNED, name="courses.pack_textbook")
def pack_textbook_of(happened: Happened) -> None:
    """Pack a version that a run of a textbook shows from now on."""
    if pack_published(UUID(happened.payload["version_uuid"]), acting=happened.actor):
        transaction.on_commit(make_packs.delay_hint)
