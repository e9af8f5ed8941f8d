"""What `staging` runs beside the product: a task in learners' own words in every state, for one learner."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import webob
from django.core.files.uploadedfile import SimpleUploadedFile
from openassessment.assessment.models import PeerWorkflowItem, StaffWorkflow
from openassessment.workflow.models import AssessmentWorkflow
from PIL import Image

from courses.content.actions import import_course
from courses.content.openresponse import UPLOAD
from courses.runs.models import CourseRun
from courses.runtime.actions import call_handler
from courses.runtime.grants import Grant
from courses.runtime.models import BlockState
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.people.models import Affiliation, Person
from tests.courses.runtime.test_actions import post_json
from tests.factories.courses import make_course, make_enrolment, make_run
from tests.factories.people import make_person
from tests.factories.task_course import write_task_course

TEACHER = "teacher@guixue.example"  # of the demo's story
PASSWORD = "task-writer-2026"
WRITER = {"key": "writer", "email": "writer@example.org", "password": PASSWORD, "secret": ""}
OWN = [
    "用中位数。那一户比别人高很多，平均数被它拉上去，说不清一般人家；把十户从低到高排好，中间两户之间就是一般情况。",
    "班里量身高，有一个同学练篮球，平均身高就高了，中位数差不多还是老样子。",
]
OTHERS = ["我觉得用中位数好，因为它不怕一个特别大的数。", "比如一条街的房租，有一间商铺特别贵。"]
JUDGED = {"ideas": "some", "style": "clear"}


class Scene:
    """The run of the tasks with the people in it."""

    def __init__(self, run: CourseRun, writer: Person, classmate: Person, teacher: Person) -> None:
        self.run, self.writer, self.classmate, self.teacher = run, writer, classmate, teacher

    def call(self, person: Person, state: str, handler: str, data: Any) -> Any:
        """Call a handler of a state's task as somebody."""
        return post_json(self.grant(person, state), handler, data)

    def grant(self, person: Person, state: str) -> Grant:
        """Return somebody's right to a state's task."""
        teaches = person == self.teacher
        usage, unit = f"openassessment@{state}", f"vertical@{state}"
        return Grant(person.pk, self.run.pk, self.run.content_id or 0, unit, usage, not teaches, "zh-hans", teaches)

    def hand_in(self, state: str) -> str:
        """Let the writer hand in; returns the answer's number."""
        self.call(self.writer, state, "submit", {"submission": OWN})
        return self._number(self.writer, state)

    def hand_in_too(self, state: str) -> str:
        """Let the classmate hand in; returns the answer's number."""
        self.call(self.classmate, state, "submit", {"submission": OTHERS})
        return self._number(self.classmate, state)

    def judge(self, person: Person, state: str, handler: str, uuid: str, words: str) -> None:
        """Let somebody judge an answer, with a comment."""
        given = {
            "options_selected": JUDGED,
            "criterion_feedback": {"ideas": "理由对，再把十户的数写出来。"},
            "overall_feedback": words,
            "submission_uuid": uuid,
            "assess_type": "full-grade",
        }
        assert self.call(person, state, handler, given)["success"] is True

    def _number(self, person: Person, state: str) -> str:
        row = BlockState.objects.get(person=person, run=self.run, usage_id=f"openassessment@{state}")
        return str(row.state["submission_uuid"])


def put_tasks() -> dict[str, Any]:
    """Make the course, its run and its people, and bring each task to its state; return what came of it."""
    teaching = Affiliation.objects.filter(person__email=TEACHER, role="teacher").select_related("institution").first()
    assert teaching is not None
    course = make_course(teaching.institution, code="OWNWORDS", label="own-words")
    with tempfile.TemporaryDirectory() as folder:
        source = write_task_course(Path(folder))
        version = import_course(source=source, course_id=course.pk, source_name="own-words", acting=SYSTEM).version
    run = make_run(course, code="W1", content=version, starts_on=clock.today(), teacher=teaching.person)
    writer = make_person(name="覃文", email=WRITER["email"], password=PASSWORD)
    classmate = make_person(name="莫言一")
    for person in (writer, classmate):
        make_enrolment(person, run)
    _bring_about(Scene(run, writer, classmate, teaching.person))
    return {"task_run": str(run.uuid), "writer": WRITER}


def _bring_about(scene: Scene) -> None:
    scene.call(scene.writer, "draft", "save_submission", {"submission": OWN})
    for state in ("training", "alone", "self", "waiting"):
        scene.hand_in(state)
    for state in ("peers", "peer"):
        scene.hand_in(state)
        scene.hand_in_too(state)
    scene.call(scene.writer, "peer", "take_peer", {})
    scene.hand_in("grading")
    scene.call(scene.teacher, "grading", "take_answer", {})
    _attach(scene, scene.writer, "files")
    _attach(scene, scene.classmate, "files-peer")
    scene.hand_in_too("files-peer")
    scene.hand_in("files-peer")
    scene.call(scene.writer, "files-peer", "take_peer", {})
    _finish(scene)
    uuid = scene.hand_in("cancelled")
    AssessmentWorkflow.objects.filter(submission_uuid=uuid).update(status="cancelled")
    StaffWorkflow.objects.filter(submission_uuid=uuid).update(cancelled_at=clock.now())


def _attach(scene: Scene, person: Person, state: str) -> None:
    """Put a picture and a document beside somebody's answer, as the frame's script does."""
    for name, content, words in (("收入图.png", picture(), "十户收入的柱形图"), ("数据.pdf", b"%PDF-1.4\n%%EOF\n", "")):
        body = json.dumps({"submission": OWN, "description": words}).encode()
        environ = {UPLOAD: SimpleUploadedFile(name, content)}
        asked = webob.Request.blank("/", environ, method="POST", body=body, content_type="application/json")
        call_handler(scene.grant(person, state), "attach_file", "", asked)


def picture() -> bytes:
    """Return a PNG of ten bars, one of them high."""
    image = Image.new("RGB", (600, 300), "white")
    heights = (60, 70, 55, 80, 65, 75, 60, 70, 66, 280)
    for place, height in enumerate(heights):
        image.paste("#14577d", (20 + place * 57, 290 - height, 60 + place * 57, 290))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _finish(scene: Scene) -> None:
    """Bring a task to its points: classmates judge each other, the teacher decides."""
    own, other = scene.hand_in("done"), scene.hand_in_too("done")
    for person, uuid in ((scene.writer, other), (scene.classmate, own)):
        scene.call(person, "done", "take_peer", {})
        scene.judge(person, "done", "peer_assess", uuid, "写得清楚，我也这样想。")
    assert PeerWorkflowItem.objects.filter(submission_uuid=own).exists()
    scene.call(scene.teacher, "done", "take_answer", {})
    scene.judge(scene.teacher, "done", "staff_assess", own, "例子选得好。")
