"""Who may reach a course's content: authors, editors and teachers of its institution; others get a 404.

Registrars, who approve content, read versions, checks and differences and change nothing.
"""

from uuid import UUID

from django.http import HttpRequest

from courses.catalogue.models import Course
from courses.content import actions
from courses.content.models import ContentSubmission, ContentVersion, ImportJob
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

ROLES = (people.Role.AUTHOR, people.Role.EDITOR, people.Role.TEACHER)


def may_author(request: HttpRequest) -> bool:
    """True when the acting identity may see the screens of authors."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.role in ROLES


def author_of(request: HttpRequest) -> Actor:
    """Return the acting author, editor or teacher; NotThere for everybody else."""
    return people.require_role(request, *ROLES)


def course_for(request: HttpRequest, course_uuid: UUID) -> tuple[Course, Actor]:
    """Return a course of the actor's institution, and the actor; NotThere otherwise."""
    actor = author_of(request)
    course = Course.objects.filter(uuid=course_uuid).first()
    if course is None:
        raise NotThere("no-such-course")
    return actions.require_author(course.pk, actor), actor


def course_to_read(request: HttpRequest, course_uuid: UUID) -> tuple[Course, bool]:
    """Return a course of the actor's institution, and whether the actor only approves; NotThere otherwise."""
    actor = people.require_role(request, *ROLES, people.Role.REGISTRAR)
    course = Course.objects.select_related("institution").filter(uuid=course_uuid).first()
    if course is None or course.institution.uuid != actor.institution_uuid:
        raise NotThere("no-such-course")
    return course, actor.role not in ROLES


def submission_for(request: HttpRequest, submission_uuid: UUID) -> tuple[ContentSubmission, Actor]:
    """Return a submission at the actor's institution to those who write or approve content; NotThere otherwise."""
    actor = people.require_role(request, *ROLES, people.Role.REGISTRAR)
    rows = ContentSubmission.objects.select_related("course__institution", "version", "workflow")
    row = rows.filter(uuid=submission_uuid).first()
    if row is None or row.course.institution.uuid != actor.institution_uuid:
        raise NotThere("no-such-submission")
    return row, actor


def version_of(course: Course, number: int) -> ContentVersion:
    """Return a version of a course by its number; NotThere otherwise."""
    version = ContentVersion.objects.filter(course=course, number=number).first()
    if version is None:
        raise NotThere("no-such-version")
    return version


def job_of(course: Course, job_uuid: UUID) -> ImportJob:
    """Return an import of a course; NotThere otherwise."""
    job = ImportJob.objects.select_related("version").filter(course=course, uuid=job_uuid).first()
    if job is None:
        raise NotThere("no-such-import")
    return job


def run_of(course: Course, run_uuid: UUID) -> CourseRun:
    """Return a run of a course; NotThere otherwise."""
    run = CourseRun.objects.select_related("content").filter(course=course, uuid=run_uuid).first()
    if run is None:
        raise NotThere("no-such-run")
    return run
