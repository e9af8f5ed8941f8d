"""What becomes of a learner's work when a person is erased: answers, files and texts go, scores and completion stay.

What others wrote about an erased answer goes with it; the points they gave stay.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from openassessment.assessment.models import Assessment, AssessmentFeedback, AssessmentPart, PeerWorkflow, StaffWorkflow
from openassessment.workflow.models import AssessmentWorkflow
from submissions.models import StudentItem, Submission

from courses.content.openresponse import BLOCK_TYPE
from courses.enrolment.models import Enrolment
from courses.runtime import answerfiles, grants
from courses.runtime.models import AnswerFile, BlockState, StateScope, WatchClock
from edu.people.erasing import register_eraser

SHARED = "freetextresponse@"  # answers that other learners may read
NO_WORDS: dict[str, list[object]] = {"parts": []}


def erase(person_uuid: UUID) -> None:
    """Delete what the person typed and chose in blocks, handed in, said of others' answers and shared.

    A score is a figure of the result and stays with it.
    """
    rows = BlockState.objects.filter(person__uuid=person_uuid)
    _erase_handed_in(
        str(state["submission_uuid"])
        for state in rows.filter(usage_id__startswith=f"{BLOCK_TYPE}@").values_list("state", flat=True)
        if state.get("submission_uuid")
    )
    places = Enrolment.objects.filter(person__uuid=person_uuid).values_list("person_id", "run_id")
    for person_id, run_id in places:
        _erase_shared(run_id, {str(person_id), grants.anonymous_id(person_id, run_id)})
    answerfiles.forget(list(AnswerFile.objects.filter(person__uuid=person_uuid)))
    rows.delete()
    WatchClock.objects.filter(person__uuid=person_uuid).delete()


def _erase_handed_in(handed_in: Iterable[str]) -> None:
    uuids = list(handed_in)
    if not uuids:
        return
    own = Submission._objects.filter(uuid__in=uuids)
    names = list(StudentItem.objects.filter(submission__in=own).values_list("student_id", flat=True))
    own.update(answer=NO_WORDS)
    now = timezone.now()
    for queue in (PeerWorkflow, StaffWorkflow):  # nobody is given an empty answer to judge
        queue.objects.filter(submission_uuid__in=uuids, cancelled_at=None).update(cancelled_at=now)
    unfinished = AssessmentWorkflow.objects.filter(submission_uuid__in=uuids)
    unfinished.exclude(status=AssessmentWorkflow.STATUS.done).update(status=AssessmentWorkflow.STATUS.cancelled)
    said = Q(submission_uuid__in=uuids) | Q(scorer_id__in=names)
    AssessmentPart.objects.filter(assessment__in=Assessment.objects.filter(said)).update(feedback="")
    Assessment.objects.filter(said).update(feedback="")
    AssessmentFeedback.objects.filter(submission_uuid__in=uuids).update(feedback_text="")


def _erase_shared(run_id: int, names: set[str]) -> None:
    shared = BlockState.objects.select_for_update().filter(
        scope=StateScope.SUMMARY, run_id=run_id, usage_id__startswith=SHARED
    )
    for row in shared:
        answers = row.state.get("displayable_answers") or []
        kept = [answer for answer in answers if str(answer.get("student_id")) not in names]
        if len(kept) != len(answers):
            row.state["displayable_answers"] = kept
            row.revision += 1
            row.save(update_fields=["state", "revision"])


register_eraser("courses.runtime", erase)
