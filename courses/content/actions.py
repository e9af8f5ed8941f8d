"""Writes of content: recording a version, pinning one to a run. Reading archives is in building.py, jobs in jobs.py."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.models import Course
from courses.catalogue.workflows import workflow_for
from courses.content import checking, reports, rules, storage
from courses.content.archives import open_course
from courses.content.building import CourseContent, Progress, build
from courses.content.models import ContentAsset, ContentBlock, ContentPin, ContentSubmission, ContentVersion
from courses.content.states import SubmissionStatus
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

ROWS_A_STATEMENT = 500
AUTHOR_ROLES = frozenset({"author", "editor", "teacher", "system", "operator"})  # who may change a course's content
SENDING_ROLES = frozenset({"author", "editor", "teacher"})  # who send it for approval where there is one


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `is_new` is False when the course had this very content already."""

    version: ContentVersion
    is_new: bool
    report: dict[str, Any]


def import_course(
    *,
    source: Path,
    course_id: int,
    source_name: str,
    acting: Actor,
    progress: Progress = lambda _stage, _done, _total: None,
    in_transaction: Callable[[ContentVersion], None] = lambda _version: None,
) -> Imported:
    """Import an OLX archive or folder as a new version of a course; all of it or, with a Refusal, nothing.

    The same content again gives the version that is there. `in_transaction` is called with the version before commit.
    """
    require_author(course_id, acting)
    progress("check", 0, 0)
    with open_course(source, work=storage.work_folder(), alive=lambda: progress("check", 0, 0)) as root:
        content = build(root, progress=progress)
        for done, file in enumerate(content.files, start=1):
            storage.keep_file(file)
            progress("files", done, len(content.files))
    progress("write", 0, len(content.blocks))
    return _record_version(content, course_id, source_name, acting, in_transaction)


def record_content(content: CourseContent, *, course_id: int, source_name: str, acting: Actor) -> Imported:
    """Keep content that was made here as a new version of a course; the same content again gives the version there is.

    The bytes of its files are in the storage already.
    """
    require_author(course_id, acting)
    return _record_version(content, course_id, source_name, acting, lambda _version: None)


def inspect_course(*, source: Path) -> dict[str, Any]:
    """Return the report that an import would give, and write nothing; a Refusal as the import would refuse."""
    with open_course(source, work=storage.work_folder()) as root:
        return reports.report_of(build(root))


def require_author(course_id: int, acting: Actor) -> Course:
    """Return the course when the actor may change its content; NotThere for strangers, NotPermitted for readers."""
    course = Course.objects.select_related("institution").filter(pk=course_id).first()
    if course is None:
        raise NotThere("no-such-course")
    if acting.is_system or acting.role == "operator":
        return course
    if acting.institution_uuid != course.institution.uuid:
        raise NotThere("no-such-course")
    if acting.role not in AUTHOR_ROLES:
        raise NotPermitted(
            "not-an-author", _("Only authors, editors and teachers of the institution change its courses.")
        )
    return course


def _record_version(
    content: CourseContent,
    course_id: int,
    source_name: str,
    acting: Actor,
    in_transaction: Callable[[ContentVersion], None],
) -> Imported:
    report = reports.report_of(content)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course_id)  # two imports at once take their numbers here
        version = ContentVersion.objects.filter(course=course, digest=content.digest).first()
        is_new = version is None
        if version is None:
            version = _create_version(content, course, source_name, report, acting)
            _create_rows(content, version)
            checking.check(version)
            record(
                events.CONTENT_IMPORTED,
                {"version_uuid": str(version.uuid), "course_uuid": str(course.uuid)},
                acting=acting,
            )
        in_transaction(version)
    return Imported(version=version, is_new=is_new, report=report)


def _create_version(
    content: CourseContent, course: Course, source_name: str, report: dict[str, Any], acting: Actor
) -> ContentVersion:
    last = ContentVersion.objects.filter(course=course).aggregate(last=Max("number"))["last"] or 0
    return ContentVersion.objects.create(
        course=course,
        number=last + 1,
        digest=content.digest,
        title=content.title[:200],
        source_name=source_name[:200],
        source_run=content.run[:255],
        source_org=content.org[:255],
        source_course=content.course[:255],
        grading_policy=content.grading_policy,
        course_policy=content.course_policy,
        report=report,
        block_count=len(content.blocks),
        recorded_by_uuid=acting.person_uuid,
    )


def _create_rows(content: CourseContent, version: ContentVersion) -> None:
    ContentBlock.objects.bulk_create(
        (
            ContentBlock(
                version=version,
                ordinal=ordinal,
                usage_id=block.usage_id,
                block_type=block.block_type,
                url_name=block.url_name,
                parent_usage_id=block.parent_usage_id,
                level=block.level,
                unit_usage_id=block.unit_usage_id,
                subsection_usage_id=block.subsection_usage_id,
                display_name=block.display_name,
                fields=block.fields,
                inherited=block.inherited,
                graded=block.graded,
                has_score=block.has_score,
                assignment_type=str(block.setting("format") or "")[:200],
                support=block.support,
                reason=block.reason,
                needs_sandbox=block.needs_sandbox,
                olx=block.olx,
            )
            for ordinal, block in enumerate(content.blocks)
        ),
        batch_size=ROWS_A_STATEMENT,
    )
    ContentAsset.objects.bulk_create(
        (
            ContentAsset(
                version=version,
                path=file.path,
                key=rules.asset_key(file.path),
                sha256=file.sha256,
                size=file.size,
                media_type=file.media_type[:100],
            )
            for file in content.files
        ),
        batch_size=ROWS_A_STATEMENT,
    )


def pin_version(*, run_id: int, version_id: int, reason: str, acting: Actor, seen_id: int | None = None) -> ContentPin:
    """Let the learners of a run see a version from now on; keeps who decided it and why. Older ones are rolled back to.

    Refusal when the version belongs to another course or is the pinned one already, while it waits for an approval
    that the institution asks for, and without a reason where one is needed: for an older version, and for findings
    that must be fixed. Stale when `seen_id` says the person saw another version pinned than is pinned now.
    """
    run = CourseRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotThere("no-such-run")
    require_author(run.course_id, acting)
    with transaction.atomic():
        run = CourseRun.objects.select_for_update().get(pk=run_id)  # two editors at once must meet here
        version = ContentVersion.objects.filter(pk=version_id, course_id=run.course_id).first()
        if version is None:
            raise Refusal(
                "other-course", _("This version belongs to another course. Choose one of this course's versions.")
            )
        if seen_id is not None and seen_id != (run.content_id or 0):
            raise Stale("pinned-meanwhile", _("Somebody pinned another version meanwhile. Look at the list again."))
        if run.content_id == version.pk:
            raise Refusal("pinned-already", _("Learners of this run see this version already."))
        if acting.role in SENDING_ROLES and needs_approval(version):
            raise Refusal("needs-approval", _("Somebody else approves this version first. Send it for approval."))
        overridden = checking.must_be_fixed(version)
        if not reason.strip():
            _require_no_reason(run, version, overridden)
        return _pin(run, version, reason, overridden, acting)


def pin_approved(*, run_id: int, submission: ContentSubmission, acting: Actor) -> ContentPin | None:
    """Let the learners of a run see what was approved; None when they see it already. The caller has decided it."""
    run = CourseRun.objects.select_for_update().get(pk=run_id)
    if run.content_id == submission.version_id:
        return None
    version = submission.version
    return _pin(run, version, submission.note, checking.must_be_fixed(version), acting, submission)


def needs_approval(version: ContentVersion) -> bool:
    """True while authors may not show a version to learners themselves.

    That is so where the course's page goes through a workflow, until the version is approved. One that learners of a
    run have seen needs no approval.
    """
    approved = ContentSubmission.objects.filter(version=version, status=SubmissionStatus.APPROVED)
    if approved.exists() or ContentPin.objects.filter(version=version).exists():
        return False
    return workflow_for(version.course) is not None


def _pin(
    run: CourseRun,
    version: ContentVersion,
    reason: str,
    overridden: list[dict[str, Any]],
    acting: Actor,
    submission: ContentSubmission | None = None,
) -> ContentPin:
    previous = run.content_id
    CourseRun.objects.filter(pk=run.pk).update(content=version)
    pin = ContentPin.objects.create(
        run=run,
        version=version,
        previous_id=previous,
        reason=reason.strip()[:500],
        overridden=overridden,
        submission=submission,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    record(
        events.CONTENT_PINNED,
        {"run_uuid": str(run.uuid), "version_uuid": str(version.uuid), "course_uuid": str(version.course.uuid)},
        acting=acting,
    )
    return pin


def _require_no_reason(run: CourseRun, version: ContentVersion, overridden: list[dict[str, Any]]) -> None:
    """Refuse a publication that nobody would understand later without a reason."""
    if run.content is not None and version.number < run.content.number:
        raise Refusal("reason-needed", _("Say why an older version is shown again; the reason stays in the log."))
    if overridden:
        count = sum(entry["count"] for entry in overridden)
        raise Refusal(
            "must-be-fixed",
            _("The check found %(count)s things that must be fixed. Fix them, or say why they may stay.")
            % {"count": count},
            {"codes": [entry["code"] for entry in overridden]},
        )
