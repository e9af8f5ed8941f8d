"""Every kind of page and its states, as the demo's story leaves them: who opens it, and where it is."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.factories.task_course import STEPS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page. `path` is filled from the story; `follow` is a link on it to the page that is meant.

    `then` is a link on that page to the one that is meant, when it lies a page further.
    """

    name: str
    account: str | None
    path: str
    follow: str = ""
    then: str = ""
    status: int = 200

    def open(self, page: Page, language: str, story: dict[str, Any]) -> None:
        """Go there in a language; the response is checked for the status that is expected."""
        path = self.path.format(**{key: value for key, value in story.items() if isinstance(value, str)})
        answer = page.goto(path.replace("/@/", f"/{language}/"))
        assert answer is not None
        assert answer.status == self.status, f"{path} answered {answer.status}"
        for link in filter(None, (self.follow, self.then)):
            with page.expect_navigation():
                page.locator(link).first.click()


PUBLIC = (
    Kind("home", None, "/@/"),
    Kind("catalogue", None, "/@/courses/"),
    Kind("catalogue-empty", None, "/@/courses/?q=zzz"),
    Kind("course", None, "/@/institutions/4145010593/statistics/"),
    Kind("textbooks", None, "/@/textbooks/"),
    Kind("textbook-visitor", None, "/@/textbooks/{course_uuid}/"),
    Kind("institutions", None, "/@/institutions/"),
    Kind("institution-renamed", None, "/@/institutions/4145010603/"),
    Kind("sign-in", None, "/@/account/login/"),
    Kind("sign-up", None, "/@/account/signup/"),
    Kind("activate", None, "/@/account/activate/"),
    Kind("reset", None, "/@/account/reset/"),
    Kind("verify-valid", None, "{certificate}"),
    Kind("verify-unknown", None, "/v/AAAAAAAAAAAAAAAAAAAAAA", status=404),
    Kind("verify-form", None, "/verify/"),
    Kind("check-offline", None, "/check/offline/"),
    Kind("not-shared", None, "/s/AAAAAAAAAAAAAAAAAAAAAA", status=404),
    Kind("log", None, "/@/log/"),
    Kind("not-found", None, "/@/no-such-page/", status=404),
)
LEARNER = (
    Kind("learner-home", "student", "/@/home/"),
    Kind("course-own-answer", "second_student", "/@/institutions/4145010593/statistics/"),
    Kind("my-courses", "student", "/@/my-courses/"),
    Kind("my-courses-empty", "second_student", "/@/my-courses/"),
    Kind("run-home", "student", "/@/learn/{ended_run}/"),
    Kind("unit", "student", "/@/learn/{ended_run}/vertical@u11b-mean-median/"),
    Kind("unit-quiz", "student", "/@/learn/{ended_run}/vertical@u13-check/"),
    Kind("take-along-over", "student", "/@/learn/{ended_run}/offline/"),
    Kind("textbook-learner", "student", "/@/textbooks/{course_uuid}/"),
    Kind("stored-nothing", "student", "/@/learn/stored/"),
    Kind("progress", "student", "/@/learn/{ended_run}/progress/"),
    Kind("my-results", "student", "/@/learn/results/"),
    Kind("my-result", "student", "/@/learn/results/", follow="main .rows a"),
    Kind("my-credits", "student", "/@/credits/"),
    Kind("my-lot", "student", "/@/credits/ledger/{lot}/"),
    Kind("my-record", "student", "/@/credits/record/"),
    Kind("my-record-elmo", "student", "/@/credits/record/file/?kind=transcript&format=elmo-1.7"),
    Kind("my-record-excel", "student", "/@/credits/record/file/?kind=transcript&format=xlsx"),
    Kind("my-record-nothing", "second_student", "/@/credits/record/file/?kind=recognition&format=clr-2.0"),
    Kind("my-seal", "student", "/@/credits/", follow="main a[href*='/credits/seals/']"),
    Kind("my-plans", "second_student", "/@/credits/plans/"),
    Kind("my-plan", "second_student", "/@/credits/plans/{waiting_plan}/"),
    Kind("my-recognitions", "third_student", "/@/credits/recognitions/"),
    Kind("my-recognition", "third_student", "/@/credits/recognitions/{waiting_case}/"),
    Kind("my-certificates", "student", "/@/credits/certificates/"),
    Kind("account", "student", "/@/account/"),
    Kind("connected-platforms", "student", "/@/account/platforms/"),
    Kind("who-looked", "student", "/@/account/access/"),
    Kind("inbox-empty", "second_student", "/@/notices/"),
    Kind("inbox", "classmate", "/@/notices/"),
    Kind("inbox-settings", "classmate", "/@/notices/settings/"),
    Kind("class-home", "classmate", "/@/learn/{class_run}/"),
    Kind("progress-expected", "classmate", "/@/learn/{class_run}/progress/"),
    Kind("discussion", "classmate", "/@/learn/{class_run}/discussion/"),
    Kind("discussion-none", "student", "/@/learn/{ended_run}/discussion/"),
    Kind("discussion-unit", "classmate", "/@/learn/{class_run}/discussion/?unit=vertical%40u11b-mean-median"),
    Kind("thread", "classmate", "/@/learn/{class_run}/discussion/?unit=vertical%40u11b-mean-median", "main .rows a"),
    Kind("thread-new", "classmate", "/@/learn/{class_run}/discussion/new/"),
    Kind("announcements", "classmate", "/@/learn/{class_run}/announcements/"),
    Kind("announcements-none", "student", "/@/learn/{ended_run}/announcements/"),
    Kind("tutoring", "classmate", "/@/learn/{class_run}/tutoring/"),
    Kind("tutoring-none", "student", "/@/learn/{ended_run}/tutoring/"),
    Kind("evaluate", "classmate", "/@/learn/{class_run}/evaluation/"),
    Kind("evaluated", "classmate", "/@/learn/{evaluated_run}/evaluation/"),
    Kind("stranger", "student", "/@/registry/plans/", status=404),
)
STAFF = (
    Kind("teacher-home", "teacher", "/@/home/"),
    Kind("runs", "teacher", "/@/runs/"),
    Kind("gradebook", "teacher", "/@/teach/runs/{ended_run}/grades/"),
    Kind("gradebook-empty", "teacher", "/@/teach/runs/{open_run}/grades/"),
    Kind("grade-learner", "teacher", "/@/teach/runs/{ended_run}/grades/", follow="main tbody th a"),
    Kind("late-answers-none", "teacher", "/@/teach/runs/{open_run}/late-answers/"),
    Kind("grade-upload", "teacher", "/@/teach/runs/{ended_run}/grades/upload/"),
    Kind("grade-sessions", "teacher", "/@/teach/runs/{open_run}/sessions/"),
    Kind("grade-sessions-none", "teacher", "/@/teach/runs/{ended_run}/sessions/"),
    Kind("grade-session", "teacher", "/@/teach/runs/{open_run}/sessions/", follow="main tbody th a"),
    Kind("grade-session-list", "teacher", "/@/teach/runs/{class_run}/sessions/", follow="main tbody th a"),
    Kind(
        "grade-session-exam", "teacher", "/@/teach/runs/{class_run}/sessions/", follow="main tbody tr:last-child th a"
    ),
    Kind("grade-session-new", "teacher", "/@/teach/runs/{open_run}/sessions/new/"),
    Kind("grade-policies", "teacher", "/@/teach/runs/{open_run}/policies/"),
    Kind("grade-policy", "teacher", "/@/teach/runs/{open_run}/policies/", follow="main tbody th a"),
    Kind("grade-policy-new", "teacher", "/@/teach/runs/{open_run}/policies/new/"),
    Kind("grade-regrades", "teacher", "/@/teach/runs/{ended_run}/regrades/"),
    Kind("grade-signals-none", "teacher", "/@/teach/runs/{ended_run}/signals/"),
    Kind("teacher-discussion", "teacher", "/@/learn/{class_run}/discussion/"),
    Kind(
        "teacher-thread", "teacher", "/@/learn/{class_run}/discussion/?unit=vertical%40u11b-mean-median", "main .rows a"
    ),
    Kind("moderation", "teacher", "/@/teach/moderation/"),
    Kind("moderation-hidden", "teacher", "/@/teach/moderation/?view=hidden"),
    Kind("moderation-case", "teacher", "/@/teach/moderation/", follow="main tbody th a"),
    Kind("moderation-trail", "teacher", "/@/teach/moderation/?view=hidden", follow="main tbody th a"),
    Kind("announcement-desk", "teacher", "/@/teach/runs/{class_run}/announcements/"),
    Kind("tutoring-desk", "teacher", "/@/teach/runs/{class_run}/tutoring/"),
    Kind("tutoring-call-off", "teacher", "/@/teach/runs/{class_run}/tutoring/", follow="main tbody td a"),
    Kind("evaluation-open", "teacher", "/@/teach/runs/{class_run}/evaluation/"),
    Kind("evaluation-results", "teacher", "/@/teach/runs/{evaluated_run}/evaluation/"),
    Kind("content", "author", "/@/teach/content/{course_uuid}/"),
    Kind("textbook-teacher", "teacher", "/@/textbooks/{course_uuid}/"),
    Kind("textbook-stranger", "home_registrar", "/@/textbooks/{course_uuid}/"),
    Kind("textbook-desk", "author", "/@/teach/content/{course_uuid}/textbook/"),
    Kind("content-upload", "author", "/@/teach/content/{course_uuid}/import/"),
    Kind("content-report", "author", "/@/teach/content/{course_uuid}/versions/1/"),
    Kind("content-films", "author", "/@/teach/content/{course_uuid}/versions/1/films/"),
    Kind("authoring-outline", "author", "/@/teach/content/{course_uuid}/draft/"),
    Kind("authoring-unit", "author", "/@/teach/content/{course_uuid}/draft/unit/vertical@u11b-mean-median/"),
    Kind("authoring-unit-quiz", "author", "/@/teach/content/{course_uuid}/draft/unit/vertical@u13-check/"),
    Kind("authoring-preview", "author", "/@/teach/content/{course_uuid}/draft/unit/vertical@u11b-mean-median/preview/"),
    Kind(
        "authoring-text",
        "author",
        "/@/teach/content/{course_uuid}/draft/unit/vertical@u11b-mean-median/",
        "main .author-outline .what a",
    ),
    Kind("authoring-section", "author", "/@/teach/content/{course_uuid}/draft/block/chapter@ch1-describe/"),
    Kind("authoring-move", "author", "/@/teach/content/{course_uuid}/draft/block/vertical@u13-check/move/"),
    Kind("authoring-delete", "author", "/@/teach/content/{course_uuid}/draft/block/vertical@u13-check/delete/"),
    *(
        Kind(
            f"authoring-new-{kind}",
            "author",
            f"/@/teach/content/{{course_uuid}}/draft/new/?to=vertical@u13-check&kind={kind}",
        )
        for kind in ("text", "single", "number", "video", "poll", "essay", "tool", "olx")
    ),
    Kind("authoring-files", "author", "/@/teach/content/{course_uuid}/draft/files/"),
    Kind(
        "authoring-file-remove",
        "author",
        "/@/teach/content/{course_uuid}/draft/files/",
        "main button[name=remove]",
    ),
    Kind("authoring-save", "author", "/@/teach/content/{course_uuid}/draft/save/"),
    Kind("authoring-publish", "author", "/@/teach/content/{course_uuid}/draft/publish/"),
    Kind("authoring-log-none", "author", "/@/teach/content/{course_uuid}/draft/log/"),
    Kind("authoring-begin-again", "author", "/@/teach/content/{course_uuid}/draft/begin/1/"),
    Kind("content-compare", "author", "/@/teach/content/{course_uuid}/compare/"),
    Kind("content-compare-block", "author", "/@/teach/content/{course_uuid}/compare/?old=1&new=3&kind=changed"),
    Kind("content-compare-none", "author", "/@/teach/content/{course_uuid}/compare/?old=1&new=1"),
    Kind("content-check", "author", "/@/teach/content/{course_uuid}/versions/3/check/"),
    Kind("content-check-none", "author", "/@/teach/content/{course_uuid}/versions/2/check/?show=must"),
    Kind("content-weights", "author", "/@/teach/content/{course_uuid}/versions/3/check/?show=units"),
    Kind("content-choose", "author", "/@/teach/content/{course_uuid}/runs/{class_run}/version/"),
    Kind("content-publish", "author", "/@/teach/content/{course_uuid}/runs/{class_run}/version/?version=3"),
    Kind("content-roll-back", "author", "/@/teach/content/{course_uuid}/runs/{class_run}/version/?version=1"),
    Kind("content-log", "author", "/@/teach/content/{course_uuid}/log/"),
    Kind("host-registrar-home", "host_registrar", "/@/home/"),
    Kind("content-approvals", "host_registrar", "/@/teach/approvals/"),
    Kind("content-approvals-decided", "host_registrar", "/@/teach/approvals/?view=decided"),
    Kind("content-approval", "host_registrar", "/@/teach/approvals/", follow="main tbody th a"),
    Kind("content-approved", "host_registrar", "/@/teach/approvals/?view=decided", follow="main tbody th a"),
    Kind("content-sent", "author", "/@/teach/content/{course_uuid}/", follow="main .notice a"),
    Kind("content-look", "author", "/@/teach/content/{course_uuid}/versions/1/look/"),
    Kind("grade-queue-empty", "host_registrar", "/@/registry/grades/"),
    Kind("grade-queue-certified", "host_registrar", "/@/registry/grades/?view=certified"),
    Kind("grade-corrections", "host_registrar", "/@/registry/grades/?view=corrections"),
    Kind("grade-correction", "host_registrar", "/@/registry/grades/?view=corrections", follow="main tbody td a"),
    Kind("grade-policies-waiting", "host_registrar", "/@/registry/grades/?view=policies"),
    Kind("grade-policy-case", "host_registrar", "/@/registry/grades/?view=policies", follow="main tbody td a"),
    Kind("evaluations", "host_registrar", "/@/registry/evaluations/"),
    Kind("certificates", "host_registrar", "/@/registry/certificates/"),
    Kind("lti", "host_registrar", "/@/registry/lti/"),
    Kind("lti-tool-new", "host_registrar", "/@/registry/lti/tools/new/"),
    Kind("lti-tool", "host_registrar", "/@/registry/lti/", follow="main tbody th a"),
    Kind(
        "lti-tool-change",
        "host_registrar",
        "/@/registry/lti/",
        follow="main tbody th a",
        then="main a[href$='/change/']",
    ),
    Kind("lti-platform-new", "host_registrar", "/@/registry/lti/platforms/new/"),
    Kind("lti-tool-invite", "host_registrar", "/@/registry/lti/tools/invite/"),
    Kind("lti-platform-invite", "host_registrar", "/@/registry/lti/platforms/invite/"),
    Kind("lti-platform", "host_registrar", "/@/registry/lti/", follow="main section:nth-of-type(2) tbody th a"),
    Kind("record-store-none", "host_registrar", "/@/registry/records/"),
    Kind("machine-keys", "host_registrar", "/@/account/keys/"),
    Kind("plan-queue-empty", "host_registrar", "/@/registry/plans/"),
    Kind("home-registrar-home", "home_registrar", "/@/home/"),
    Kind("agreements", "home_registrar", "/@/registry/agreements/"),
    Kind("rules", "home_registrar", "/@/registry/rules/"),
    Kind("plan-queue", "home_registrar", "/@/registry/plans/"),
    Kind("plan-case", "home_registrar", "/@/registry/plans/{waiting_plan}/"),
    Kind("case-queue", "home_registrar", "/@/registry/recognitions/"),
    Kind("recognition-case", "home_registrar", "/@/registry/recognitions/{waiting_case}/"),
    Kind("registry-ledger", "home_registrar", "/@/registry/ledger/"),
    Kind("credit-from-outside", "home_registrar", "/@/registry/imports/"),
    Kind("institutions-outside", "home_registrar", "/@/registry/imports/institutions/"),
    Kind("handed-over-none", "home_registrar", "/@/registry/handed-over/"),
    Kind("sheet-columns", "home_registrar", "/@/registry/record/columns/"),
    Kind("seals", "home_registrar", "/@/registry/seals/"),
    Kind("seal", "home_registrar", "/@/registry/seals/", follow="main tbody th a"),
    Kind("correction-rule", "home_registrar", "/@/registry/seals/rule/"),
    Kind("people-office", "home_registrar", "/@/account/people/"),
    Kind("people-import", "home_registrar", "/@/account/people/import/"),
    Kind("coordinator-home", "coordinator", "/@/home/"),
    Kind("textbooks-school", "coordinator", "/@/textbooks/"),
    Kind("textbook-school", "coordinator", "/@/textbooks/{course_uuid}/"),
    Kind("evaluations-all", "supervisor", "/@/registry/evaluations/"),
    Kind("seals-supervisor", "supervisor", "/@/registry/seals/"),
    Kind("overview", "supervisor", "/@/overview/"),
)
TASKS = (
    *(
        Kind(f"task-{state}", "writer", f"/@/learn/{{task_run}}/vertical@{state}/")
        for state in STEPS
        if state != "grading"
    ),
    Kind("task-to-grade", "teacher", "/@/learn/{task_run}/vertical@waiting/"),
    Kind("task-grading", "teacher", "/@/learn/{task_run}/vertical@grading/"),
    Kind("answers-waiting", "teacher", "/@/teach/runs/{task_run}/answers/"),
    Kind("answers-waiting-none", "teacher", "/@/teach/runs/{ended_run}/answers/"),
)
STYLEGUIDE = (
    Kind("styleguide", "editor", "/@/styleguide/"),
    Kind("styleguide-staff", "editor", "/@/styleguide/?base=staff"),
)
ALL = (*PUBLIC, *LEARNER, *STAFF, *TASKS)
