"""The door's functions of textbooks, for outsiders who know a course by its uuid."""

from uuid import UUID

from courses.catalogue.models import Course
from courses.textbooks import asking, jobs, marking
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def mark_textbook(course_uuid: UUID, *, edition: str, licence: str, approval_number: str = "", acting: Actor) -> None:
    """Mark a course as a digital textbook; refusals as marking.mark says."""
    said = {"edition": edition, "licence": licence, "approval_number": approval_number}
    marking.mark(course_id=_id_of(course_uuid), acting=acting, **said)


def pack_textbook(course_uuid: UUID, number: int, *, acting: Actor) -> UUID:
    """Ask for a pack of a version; returns the pack's uuid."""
    return asking.request_pack(course_id=_id_of(course_uuid), number=number, acting=acting).uuid


def make_textbook_packs() -> int:
    """Make the packs that wait, here and now; returns how many were taken."""
    made = 0
    while jobs.run_next() is not None:
        made += 1
    return made


def _id_of(course_uuid: UUID) -> int:
    key = Course.objects.filter(uuid=course_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise NotThere("no-such-course")
    return key
