"""Who is told what became of a result: its learner of a signature, its submitter of a return."""

from uuid import UUID

from courses.enrolment.participants import names_in_news
from courses.grading.models import Result
from courses.grading.states import ResultStatus
from edu.kernel.actor import Actor
from edu.notices.api import send
from edu.notices.data import News


def tell_learner(result_uuid: UUID, kind: str, *, acting: Actor) -> None:
    """Tell a learner of their certified result; safe to repeat."""
    row = _result(result_uuid)
    if row is None or row.status != ResultStatus.CERTIFIED:
        return
    names = names_in_news(row.enrolment.run)
    news = News(kind, row.uuid, "courses:my_result", (str(row.uuid),), names)
    send(news, to=[row.enrolment.person.uuid], acting=acting)


def tell_submitter(result_uuid: UUID, *, acting: Actor) -> None:
    """Tell who submitted a result that it came back, once a run while it is unread; the gradebook says why."""
    row = _result(result_uuid)
    if row is None or row.status != ResultStatus.RETURNED:
        return
    run = row.enrolment.run
    news = News("courses.result_returned", run.uuid, "courses:gradebook", (str(run.uuid),), names_in_news(run))
    send(news, to=[row.submitted_by_uuid], acting=acting)


def _result(result_uuid: UUID) -> Result | None:
    rows = Result.objects.select_related("enrolment__person", "enrolment__run__course")
    return rows.filter(uuid=result_uuid).first()
