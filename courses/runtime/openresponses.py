"""Our own view of open response assessment: where the learner stands, what to do next, and what came of it.

The package decides who may do what and keeps the answers; it brings a page of a megabyte, in English, that asks a
handler for each step. Here one template shows the whole, and a handler's answer brings it anew.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from openassessment.assessment.api import peer as peers
from openassessment.assessment.models import Assessment, PeerWorkflowItem, StaffWorkflow
from openassessment.assessment.score_type_constants import SELF_TYPE, STAFF_TYPE
from openassessment.workflow.models import AssessmentWorkflow
from submissions import api as store
from xblock.core import XBlock

from courses.content.data import BlockInfo
from courses.content.openresponse import ANSWER_CHARS_MAX, STEPS, ungraded
from courses.runtime import judging
from courses.runtime.answerfiles import FILE_MB_MAX, FILES_MAX, ShownFile, allowed_endings
from courses.runtime.runtime import UnitRuntime

NEVER = 2090  # the package's "distant future" is the end of 2999, its older default 2029; beyond this nobody plans
SPELLINGS = ("jpeg", "jfif", "pjpeg", "pjp")  # of jpg: taken, and not worth a learner's time
OVER = ("done", "cancelled")  # nothing moves any more


@dataclass(frozen=True, slots=True)
class Part:
    """One question of the task and what somebody wrote for it."""

    prompt: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, as the list of steps shows it."""

    name: str
    state: str  # "done", "now", "ahead"
    more: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment; whose it is is not told, only whether a teacher or a classmate wrote it."""

    text: str
    by_staff: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion of a finished task: points, and what was said about it."""

    label: str
    earned: Any
    possible: Any
    said: list[Said]


def open_response_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """Return everything the template shows; whoever only looks changes nothing by it."""
    with transaction.atomic():
        context = _context(block, runtime)
        if not runtime.grant.keeps:
            transaction.set_rollback(True)
    return context


def _context(block: XBlock, runtime: UnitRuntime) -> dict[str, Any]:
    workflow = _workflow(block)
    status = workflow.get("status") or "submission"
    details = workflow.get("status_details", {})
    context = {
        "status": status,
        "keeps": runtime.grant.keeps,
        "prompts": [part.prompt for part in _parts(block, runtime, {})],
        "rubric": _rubric(block),
        "feedback_prompt": block.rubric_feedback_prompt or "",
        "chars_max": ANSWER_CHARS_MAX // max(len(block.prompts), 1),
        "steps": _steps(block, status, details),
        "show_rubric": block.show_rubric_during_response,
        "answer": _own_answer(block, runtime, workflow),
        **_window(block, status),
    }
    if block.file_upload_type:
        context["files"] = _files(block, runtime, status)
    if status == "submission":
        context["draft"] = _parts(block, runtime, block.submission_data.saved_response["answer"])
        context["has_draft"] = block.has_saved
    if status == "training" and not context["closed"]:
        context["training"] = _training(block, runtime)
    if _peers_open(status, details):
        context["peer"] = _peer(block, runtime)
    if status == "done":
        context["grade"] = _grade(block, workflow["submission_uuid"])
    if judging.may_grade(runtime.grant):
        context["grading"] = _grading(block, runtime)
    return context


def _files(block: XBlock, runtime: UnitRuntime, status: str) -> dict[str, Any]:
    """Return the learner's own files, and what the task takes."""
    store = runtime.answer_files
    kept = store.being_written(block) if status == "submission" else store.of_answer(block.submission_uuid)
    endings = allowed_endings(block)
    most = FILES_MAX if block.allow_multiple_files else 1
    return {
        "kept": kept,
        "kinds": ", ".join(end for end in endings if end not in SPELLINGS),
        "accept": ",".join(f".{end}" for end in endings),
        "room": len(kept) < most,
        "most": most,
        "needed": block.file_upload_response == "required",
        "megabytes": FILE_MB_MAX,
        "words": bool(block.text_response),
    }


def _workflow(block: XBlock) -> dict[str, Any]:
    """Return how far the learner's answer has come, {} before there is one; the package looks whether it moves on."""
    if not block.submission_uuid:
        return {}
    over = AssessmentWorkflow.objects.filter(submission_uuid=block.submission_uuid, status__in=OVER).first()
    if over is not None:
        return {"status": over.status, "submission_uuid": block.submission_uuid}
    found: dict[str, Any] = block.get_workflow_info()
    return found


def _steps(block: XBlock, status: str, details: dict[str, Any]) -> list[Step]:
    """Return the way from answer to points. A step that was passed over is still to do."""
    names = {
        "training": _("Judge samples"),
        "peer": _("Assess classmates"),
        "self": _("Assess yourself"),
        "staff": _("Teacher’s grade"),
    }
    wanted = {name for name, assessment in STEPS.items() if assessment in block.assessment_steps}
    if any(item["name"] == "staff-assessment" and item.get("required") for item in block.valid_assessments):
        wanted.add("staff")
    order = [name for name in names if name in wanted]
    steps = [Step(_("Your answer"), "now" if status == "submission" else "done")]
    for name in order:
        mine = details.get(name, {})
        finished = status == "done" or (mine.get("complete") and (name != "staff" or mine.get("graded")))
        now = status == name or (name == "staff" and status == "waiting")
        steps.append(Step(names[name], "done" if finished else "now" if now else "ahead", _count(block, name, mine)))
    return [*steps, Step(_("Your points"), "done" if status == "done" else "ahead")]


def _count(block: XBlock, name: str, mine: dict[str, Any]) -> str:
    """Return how many classmates the learner has assessed of how many; nothing where that is over."""
    if name != "peer" or "peers_graded_count" not in mine:
        return ""
    must = block.get_assessment_module(STEPS["peer"])["must_grade"]
    return f"{min(mine['peers_graded_count'], must)}/{must}"


def _window(block: XBlock, status: str) -> dict[str, Any]:
    """Return until when the learner's step is open, and whether it is closed."""
    step = STEPS.get(status, "submission" if status == "submission" else None)
    closed, reason, start, due = block.is_closed(step=step, course_staff=False)
    return {
        "closed": bool(closed) and status in {"submission", *STEPS},
        "early": reason == "start",
        "opens_at": start,
        "due_at": due if status in {"submission", *STEPS} and due.year < NEVER else None,
    }


def _peers_open(status: str, details: dict[str, Any]) -> bool:
    mine = details.get("peer", {})
    return status == "peer" or (
        status in {"self", "waiting"} and bool(mine.get("skipped")) and not mine.get("complete")
    )


def _peer(block: XBlock, runtime: UnitRuntime) -> dict[str, Any]:
    """Return the classmate's answer in hand, or whether there is one to take."""
    module = block.get_assessment_module(STEPS["peer"])
    submission = peers.get_active_assessment_submission(block.submission_uuid)
    closed = block.is_closed(step=STEPS["peer"], course_staff=False)[0]
    waiting = None
    if submission is None and not closed:
        waiting = peers.get_submission_to_assess(block.submission_uuid, module["must_be_graded_by"], peek=True)
    return {
        "closed": closed,
        "must": module["must_grade"],
        "uuid": submission["uuid"] if submission else "",
        "parts": _parts(block, runtime, submission["answer"]) if submission else [],
        "files": _files_of(block, runtime, submission["uuid"] if submission else ""),
        "there": waiting is not None,
    }


def _training(block: XBlock, runtime: UnitRuntime) -> dict[str, Any]:
    data = block.student_training_data
    essay, error = data.example_context["essay_context"], data.example_context["error_message"]
    if error:
        raise ValueError(error)
    texts = [(part["prompt"].get("description") or "", part["text"]) for part in essay["answer"]["parts"]]
    parts = [Part(_prompt(block, runtime, prompt), text) for prompt, text in texts]
    return {"parts": parts, "number": data.num_completed + 1, "total": data.num_available}


def _grade(block: XBlock, submission_uuid: str) -> dict[str, Any]:
    """Return points and comments; a task whose criteria are all comments has no points."""
    given = list(
        Assessment.objects.filter(submission_uuid=submission_uuid)
        .order_by("-scored_at", "-id")
        .prefetch_related("parts__criterion", "parts__option")
    )
    deciding = _deciding(submission_uuid, given)
    others = [assessment for assessment in given if assessment.score_type != SELF_TYPE]
    score = store.get_latest_score_for_submission(submission_uuid) or {}
    return {
        "earned": score.get("points_earned"),
        "possible": score.get("points_possible"),
        "criteria": [_judged(criterion, deciding, others) for criterion in block.rubric_criteria_with_labels],
        "said": [Said(one.feedback, one.score_type == STAFF_TYPE) for one in others if one.feedback],
    }


def _deciding(submission_uuid: str, given: list[Any]) -> list[Any]:
    """Return the assessments that make the points: the last of a teacher, else those of classmates, else the own."""
    staff = [assessment for assessment in given if assessment.score_type == STAFF_TYPE]
    if staff:
        return staff[:1]
    scored = PeerWorkflowItem.objects.filter(submission_uuid=submission_uuid, scored=True)
    counted = set(scored.values_list("assessment_id", flat=True))
    classmates = [assessment for assessment in given if assessment.pk in counted]
    return classmates or [assessment for assessment in given if assessment.score_type == SELF_TYPE][:1]


def _judged(criterion: dict[str, Any], deciding: list[Any], others: list[Any]) -> Judged:
    name = criterion["name"]
    points = [
        part.option.points
        for assessment in deciding
        for part in assessment.parts.all()
        if part.criterion.name == name and part.option is not None
    ]
    said = [
        Said(part.feedback, one.score_type == STAFF_TYPE)
        for one in others
        for part in one.parts.all()
        if part.criterion.name == name and part.feedback
    ]
    return Judged(
        label=criterion["label"],
        earned=Assessment.get_median_score(points) if points else "",
        possible=max((option["points"] for option in criterion["options"]), default=0),
        said=said,
    )


def _grading(block: XBlock, runtime: UnitRuntime) -> dict[str, Any]:
    """Return how many answers wait for the teacher, and the one in hand."""
    item = block.get_student_item_dict()
    counts = StaffWorkflow.get_workflow_statistics(item["course_id"], item["item_id"])
    waiting = ungraded(item, waiting=True).count()
    own = StaffWorkflow.objects.filter(
        course_id=item["course_id"],
        item_id=item["item_id"],
        scorer_id=item["student_id"],
        grading_completed_at=None,
        cancelled_at=None,
    ).first()
    answer = store.get_submission(own.submission_uuid)["answer"] if own else {}
    return {
        "waiting": waiting,
        "others": counts["ungraded"] + counts["in-progress"] - waiting,
        "graded": counts["graded"],
        "uuid": own.submission_uuid if own else "",
        "parts": _parts(block, runtime, answer) if own else [],
        "files": _files_of(block, runtime, own.submission_uuid if own else ""),
    }


def _files_of(block: XBlock, runtime: UnitRuntime, submission_uuid: str) -> list[ShownFile]:
    """Return the files of an answer that the person has in hand; no query where the task takes none."""
    return runtime.answer_files.of_answer(submission_uuid) if block.file_upload_type and submission_uuid else []


def _rubric(block: XBlock) -> list[dict[str, Any]]:
    """Return the criteria with their options from few points to many."""
    return [
        {
            "name": criterion["name"],
            "label": criterion["label"],
            "prompt": criterion.get("prompt", ""),
            "comments": criterion.get("feedback", "disabled"),
            "options": sorted(criterion["options"], key=lambda option: option["points"]),
        }
        for criterion in block.rubric_criteria_with_labels
    ]


def _own_answer(block: XBlock, runtime: UnitRuntime, workflow: dict[str, Any]) -> list[Part]:
    if not workflow:
        return []
    return _parts(block, runtime, block.get_user_submission(workflow["submission_uuid"])["answer"])


def _parts(block: XBlock, runtime: UnitRuntime, answer: dict[str, Any]) -> list[Part]:
    """Return the task's questions, each with what was written for it."""
    texts = [part.get("text", "") for part in answer.get("parts", [])] or [answer.get("text", "")]
    prompts = [prompt.get("description") or "" for prompt in block.prompts] or [""]
    texts += [""] * (len(prompts) - len(texts))
    return [Part(_prompt(block, runtime, prompt), text) for prompt, text in zip(prompts, texts, strict=False)]


def _prompt(block: XBlock, runtime: UnitRuntime, prompt: str) -> SafeString:
    """Return a question: authors' HTML where they chose that, plain text otherwise."""
    if block.prompts_type != "html":
        return linebreaks_filter(prompt)
    return mark_safe(runtime.urls.replace(prompt))  # noqa: S308  # strangers' HTML is why the frame has its own origin
