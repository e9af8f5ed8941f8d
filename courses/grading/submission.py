"""The whole of a run for submission at once, for stories and commands; the gradebook page does it a page at a time."""

from uuid import UUID

from courses.grading import queries
from courses.grading.access import taught_run
from courses.grading.data import Entry
from courses.grading.proposing import policies_in_force
from edu.kernel.actor import Actor


def entries_to_submit(run_uuid: UUID, *, acting: Actor) -> list[Entry]:
    """Return an entry for every learner whose result can be submitted, naming what is computed now."""
    run = taught_run(acting, run_uuid)
    book = queries.gradebook(run, policies_in_force(run), list(queries.places(run)))
    return [Entry(row.enrolment_uuid, row.seen_hash) for row in book.rows if row.may_be_submitted]
