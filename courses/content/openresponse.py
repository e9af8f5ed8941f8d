"""Open response assessment (ora2): the package's class without what it asks of edx-platform, and with its deadlines.

The package checks dates where it draws a step and not where it takes an answer; here the handlers ask too. Files lie
in our own storage (the runtime's `answer_files`), never in the package's. Teams and a board of the best answers are
not run: import says so (`what_is_missing`, `what_is_left_out`).
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

import webob
from django.core.cache.backends.dummy import DummyCache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xblock.core import XBlock

from edu.kernel.errors import Refusal, Stale

BLOCK_TYPE = "openassessment"
STEPS = {"training": "student-training", "peer": "peer-assessment", "self": "self-assessment"}
UPLOAD = "guixue.upload"  # in the environ of a handler's request: the file that came with it
WAITING = ("waiting", "staff")  # states of an answer whose writer has done their part
ANSWER_CHARS_MAX = 15_000  # the store of submissions takes 100 KB of JSON, in which a Chinese character needs six

# What the frame may call; everything else the package offers is Studio's, a file's or a team's.
LEARNERS_HANDLERS = frozenset(
    {"submit", "save_submission", "attach_file", "detach_file", "training_assess", "take_peer", "peer_assess"}
    | {"self_assess"}
)
GRADING_HANDLERS = frozenset({"take_answer", "staff_assess"})  # of those who teach the run

CACHING = (
    "submissions.api",
    "openassessment.assessment.serializers.base",
    "openassessment.assessment.serializers.training",
    "openassessment.assessment.models.base",
    "openassessment.assessment.models.training",
)

type Fields = Mapping[str, Mapping[str, Any]]


def what_is_missing(fields: Fields) -> str:
    """Return the reason for which learners could not do the task here, or ""."""
    return "needs-teams" if fields.get("settings", {}).get("teams_enabled") else ""


def what_is_left_out(fields: Fields) -> list[str]:
    """Return what the task offers elsewhere and not here, as codes of changes."""
    return ["leaderboard-off"] if fields.get("content", {}).get("leaderboard_show") else []


def who_judges(steps: Any) -> tuple[bool, int]:
    """Return whether a teacher must grade, and how many classmates each learner judges, from the task's steps."""
    given = [step for step in steps or [] if isinstance(step, dict)]
    by_staff = any(step.get("name") == "staff-assessment" and step.get("required") for step in given)
    peers = next((step for step in given if step.get("name") == STEPS["peer"]), None)
    return by_staff, int(peers.get("must_grade") or 1) if peers else 0


def open_response_class(package: type[XBlock]) -> type[XBlock]:
    """Return the package's class as our runtime runs it."""
    _without_notices()
    _without_caches()
    sys.modules["openassessment.fileupload.backends"].get_backend = _Nowhere  # type: ignore[attr-defined]
    named = {"__module__": package.__module__, "__doc__": package.__doc__}  # its texts and files are the package's
    return type("OpenResponse", (Here, package), named)


class Here(XBlock):
    """A task in the learner's own words, judged by classmates, by the learner and by those who teach."""

    course = None  # its dates are the run's, which the runtime asks before the block is shown

    @property
    def xmodule_runtime(self) -> Any:
        """The runtime, under its old name."""
        return self.runtime

    def is_feature_enabled(self, flag: str) -> bool:
        """Return False: edx-platform's switches are all off."""
        return False

    def send_ora_submission_created_event(self, submission: dict[str, Any]) -> None:
        """Tell nobody: the event is for programs beside edx-platform."""

    @XBlock.handler
    def save_submission(self, request: Any, suffix: str = "") -> Any:
        """Keep a draft while answers are taken."""
        _ask_open(self, "submission")
        _ask_length(request)
        return super().save_submission(request, suffix)

    @XBlock.handler
    def submit(self, request: Any, suffix: str = "") -> Any:
        """Hand in the answer with its files while answers are taken."""
        _ask_open(self, "submission")
        _ask_length(request)
        _ask_whole(self, request)
        response = super().submit(request, suffix)
        if self.file_upload_type and isinstance(response.json, list) and response.json[0] is True:
            self.runtime.answer_files.hand_in(self)
        return response

    @XBlock.handler
    def attach_file(self, request: Any, suffix: str = "") -> Any:
        """Keep a file for the answer that is being written, and what has been written so far as the draft."""
        upload = request.environ.get(UPLOAD)
        if not self.file_upload_type or upload is None:
            raise Refusal("no-file", _("Choose a file first."))
        self._keep_draft(request)
        self.runtime.answer_files.keep(self, upload, str(request.json.get("description") or ""))
        return _reply({"success": True})

    @XBlock.handler
    def detach_file(self, request: Any, suffix: str = "") -> Any:
        """Take a file out of the answer that is being written, and keep what has been written so far as the draft."""
        self._keep_draft(request)
        number = str(request.json.get("number"))
        self.runtime.answer_files.drop(self, int(number) if number.isdecimal() else None)
        return _reply({"success": True})

    def _keep_draft(self, request: Any) -> None:
        if self.submission_uuid:
            raise Stale("handed-in", _("This answer is handed in and cannot be changed. Reload the page."))
        if _said(request).get("submission"):
            self.save_submission(request)
        else:
            _ask_open(self, "submission")

    @XBlock.json_handler
    def take_peer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Give the learner a classmate's answer to judge."""
        _ask_open(self, STEPS["peer"])
        _ask_reached(self, "peer")
        return {"success": True, "found": bool(self.peer_assessment_data().get_peer_submission())}

    @XBlock.handler
    def peer_assess(self, request: Any, suffix: str = "") -> Any:
        """Judge the classmate's answer that was given out."""
        _ask_open(self, STEPS["peer"])
        return super().peer_assess(request, suffix)

    @XBlock.handler
    def self_assess(self, request: Any, suffix: str = "") -> Any:
        """Judge the own answer, once and in its turn."""
        _ask_open(self, STEPS["self"])
        _ask_reached(self, "self")
        return super().self_assess(request, suffix)

    @XBlock.handler
    def training_assess(self, request: Any, suffix: str = "") -> Any:
        """Judge a sample as the authors did; otherwise say where it differs."""
        _ask_open(self, STEPS["training"])
        _ask_reached(self, "training")
        response = super().training_assess(request, suffix)
        corrections = response.json.get("corrections") or {}
        if corrections:
            labels = [item["label"] for item in self.rubric_criteria_with_labels if item["name"] in corrections]
            message = _("The authors judged this sample otherwise: {criteria}. Read it again and choose anew.")
            response.json = {"success": False, "msg": message.format(criteria="、".join(labels))}
        return response

    @XBlock.json_handler
    def take_answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Give those who teach the run an answer to grade."""
        return {"success": True, "found": bool(answer_to_grade(self))}

    @XBlock.handler
    def staff_assess(self, request: Any, suffix: str = "") -> Any:
        """Grade an answer to this very task."""
        _ask_here(self, request)
        return super().staff_assess(request, suffix)


def answer_to_grade(block: XBlock) -> dict[str, Any] | None:
    """Return the answer that the teacher has in hand, or the next one; None when all are graded.

    Those whose writers have done their part come first, the oldest before all; the package knows the order only.
    """
    item = block.get_student_item_dict()
    _reserve_the_one_that_waits(item)
    staff = sys.modules["openassessment.assessment.api.staff"]
    found: dict[str, Any] | None = staff.get_submission_to_assess(
        item["course_id"], item["item_id"], item["student_id"]
    )
    return found


def ungraded(item: dict[str, Any], *, waiting: bool) -> Any:
    """Return the rows of a task's answers that no teacher has graded: those that wait for it, or all the others."""
    rows = sys.modules["openassessment.assessment.models"].StaffWorkflow.objects.filter(
        course_id=item["course_id"], item_id=item["item_id"], grading_completed_at=None, cancelled_at=None
    )
    workflows = sys.modules["openassessment.workflow.models"].AssessmentWorkflow.objects
    ready = workflows.filter(item_id=item["item_id"], status__in=WAITING).values("submission_uuid")
    return rows.filter(submission_uuid__in=ready) if waiting else rows.exclude(submission_uuid__in=ready)


def _reserve_the_one_that_waits(item: dict[str, Any]) -> None:
    """Put the oldest answer that waits into the teacher's hand, unless they have one."""
    rows = ungraded(item, waiting=True)
    if any(ungraded(item, waiting=ready).filter(scorer_id=item["student_id"]).exists() for ready in (True, False)):
        return
    lost = timezone.now() - rows.model.TIME_LIMIT  # a colleague took it and never graded it
    free = rows.filter(Q(scorer_id="") | Q(grading_started_at__lte=lost)).order_by("created_at", "pk").first()
    if free is not None:
        free.scorer_id, free.grading_started_at = item["student_id"], timezone.now()
        free.save()


def _ask_open(block: XBlock, step: str) -> None:
    closed, reason, *_dates = block.is_closed(step=step, course_staff=False)
    if closed and reason == "start":
        raise Refusal("step-not-begun", _("This step has not begun yet."))
    if closed:
        raise Refusal("step-over", _("The time for this step is over. What you saved is still there."))


def _ask_reached(block: XBlock, step: str) -> None:
    """Refuse a step that is not the learner's turn: the package would take it in any order."""
    workflow = block.get_workflow_info()
    status, mine = workflow.get("status"), workflow.get("status_details", {}).get(step, {})
    if status == step or (step == "peer" and (mine.get("skipped") or mine.get("complete"))):
        return
    raise Stale("step-not-reached", _("This step is done or not reached yet. Reload the page to see where you stand."))


def _ask_length(request: Any) -> None:
    try:
        parts = request.json["submission"]
        long = not isinstance(parts, list) or sum(len(str(part)) for part in parts) > ANSWER_CHARS_MAX
    except (ValueError, KeyError, TypeError):
        return  # the package says what is wrong with it
    if long:
        message = gettext_lazy("This answer is too long to be stored. Shorten it and submit again.")
        raise Refusal("answer-too-long", message)


def _said(request: Any) -> dict[str, Any]:
    """Return what a request says, {} for what is no object."""
    try:
        given = request.json
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _ask_whole(block: XBlock, request: Any) -> None:
    """Refuse an answer without the file or the words that the task asks for; the package leaves that to its page."""
    if not block.file_upload_type or block.submission_uuid:
        return
    parts = _said(request).get("submission")
    if block.text_response == "required" and isinstance(parts, list) and not any(str(part).strip() for part in parts):
        raise Refusal("words-missing", _("Write your answer too: this task asks for words beside the file."))
    if block.file_upload_response == "required" and not any(one.exists for one in block.file_manager.get_uploads()):
        raise Refusal("file-missing", _("Attach a file: this task asks for one."))


def _reply(data: dict[str, Any]) -> webob.Response:
    return webob.Response(json.dumps(data).encode(), content_type="application/json", charset="utf-8")


def _ask_here(block: XBlock, request: Any) -> None:
    """Refuse an answer to another task: the package takes the number of any."""
    store = sys.modules["submissions.api"]
    item = block.get_student_item_dict()
    try:
        found = store.get_submission_and_student(str(request.json.get("submission_uuid", "")))["student_item"]
    except (store.SubmissionError, ValueError, AttributeError):
        found = {}
    if (found.get("course_id"), found.get("item_id")) != (item["course_id"], item["item_id"]):
        raise Stale("no-such-answer", _("This answer is no longer there. Take the next one."))


class _LeaveWarnings:
    """What the store of submissions takes for Python's `warnings`, whose filters it sets for the whole process."""

    def filterwarnings(self, *_given: Any) -> None:
        """Set nothing."""


class _Nowhere:
    """What the package takes for its storage of files (S3, unless told otherwise): it has none. Ours is elsewhere."""

    def get_upload_url(self, key: str, content_type: str) -> str:
        """Return no address."""
        return ""

    def get_download_url(self, key: str) -> str:
        """Refuse: an address is asked for only where an older page might have left a file without a description."""
        raise sys.modules["openassessment.fileupload.exceptions"].FileUploadError(key)

    def remove_file(self, key: str) -> bool:
        """Return that nothing was removed."""
        return False


def _without_notices() -> None:
    """Take out the mails and reminders of edx-platform, which look for its tables and write errors to the log."""
    sys.modules["submissions.api"].warnings = _LeaveWarnings()  # type: ignore[attr-defined]
    actions = sys.modules["openassessment.xblock.apis.submissions.submissions_actions"]
    workflows = sys.modules["openassessment.workflow.models"]
    for module in (actions, workflows):
        for name in ("send_staff_notification", "_handle_post_submission_notifications"):
            if hasattr(module, name):
                setattr(module, name, _tell_nobody)
        if hasattr(module, "send_grade_assigned_notification"):
            module.send_grade_assigned_notification = _tell_nobody  # type: ignore[attr-defined]


def _without_caches() -> None:
    """Let the packages ask the database: what a learner wrote stands there only, and what was rolled back never was."""
    nothing = DummyCache(BLOCK_TYPE, {})
    for name in CACHING:
        sys.modules[name].cache = nothing  # type: ignore[attr-defined]


def _tell_nobody(*_given: Any, **_named: Any) -> None:
    """Tell nobody."""
