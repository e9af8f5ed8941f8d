"""Content for those outside the app, who know courses, runs and versions by their uuids."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from courses.catalogue.models import Course
from courses.content import moderating
from courses.content.actions import import_course, pin_version
from courses.content.models import ContentVersion
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def import_content(course_uuid: UUID, source: Path, *, source_name: str, acting: Actor) -> UUID:
    """Import an OLX archive or folder as a new version of a course and return the version's uuid; all or a Refusal."""
    key = Course.objects.filter(uuid=course_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise NotThere("no-such-course")
    return import_course(source=source, course_id=key, source_name=source_name, acting=acting).version.uuid


def pin_content(run_uuid: UUID, version_uuid: UUID, *, reason: str, acting: Actor) -> None:
    """Let the learners of a run see a version from now on; NotThere when either is unknown."""
    run = CourseRun.objects.filter(uuid=run_uuid).values_list("pk", flat=True).first()
    version = ContentVersion.objects.filter(uuid=version_uuid).values_list("pk", flat=True).first()
    if run is None or version is None:
        raise NotThere("no-such-version")
    pin_version(run_id=run, version_id=version, reason=reason, acting=acting)


def send_content(version_uuid: UUID, run_uuids: Iterable[UUID], *, note: str, acting: Actor) -> UUID:
    """Send a version for approval, to be shown in these runs; returns the submission's uuid. See moderating.submit."""
    version = ContentVersion.objects.filter(uuid=version_uuid).values_list("pk", flat=True).first()
    wanted = list(run_uuids)
    runs = CourseRun.objects.filter(uuid__in=wanted).values_list("pk", flat=True)
    if version is None or len(runs) < len(wanted):
        raise NotThere("no-such-version")
    return moderating.submit(version_id=version, run_ids=runs, note=note, acting=acting).uuid
