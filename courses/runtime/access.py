"""Who may reach a unit through a frame or a handler."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.content import queries as content
from courses.content.data import VersionInfo
from courses.content.models import ContentVersion
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.runtime import addresses
from courses.runtime.grants import Grant
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere

ASKED_AS = "Sec-Fetch-Dest"  # browsers say so what they want an address for
ALONE, FRAMED = "document", "iframe"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the blocks stand: course, run and version, as far as blocks need it."""

    course_label: str
    run_id: int
    version_id: int
    version_uuid: UUID


def place_of(grant: Grant) -> Place:
    """Return the place a grant leads to, in one query; NotPermitted when the person has left or the run has ended.

    A grant that keeps nothing was given to a teacher or for a run that has ended, and needs no enrolment.
    """
    versions = ContentVersion.objects.filter(pk=grant.version_id)
    if grant.keeps:
        today = clock.today()
        enrolled = Enrolment.objects.filter(
            person_id=grant.person_id,
            run_id=grant.run_id,
            person__is_active=True,
            status=EnrolmentStatus.ACTIVE.value,
            run__starts_on__lte=today,
            run__ends_on__gte=today,
        )
        versions = versions.filter(course__runs__enrolments__in=enrolled, course__runs__id=grant.run_id)
    row = versions.values_list("course__label", "uuid").first()
    if row is None:
        message = _("The run has ended or you have left it, so nothing more is stored. Reload the page.")
        raise NotPermitted("not-enrolled", message)
    return Place(row[0], grant.run_id, grant.version_id, row[1])


def check_home(request: HttpRequest, course_label: str) -> None:
    """NotThere when a course's address was asked for under the origin of another course."""
    if not addresses.is_home(request.META.get("HTTP_HOST", ""), course_label):
        raise NotThere("no-such-page")


def check_framed(request: HttpRequest, *, may_be_read: bool = False) -> None:
    """NotPermitted when a page of blocks would fill a window: only inside the site's page is it bound to its origin.

    Where all courses are in opaque origins of one host, scripts may not read such a page either, unless `may_be_read`.
    """
    wanted = request.headers.get(ASKED_AS, FRAMED)
    if wanted == ALONE or (addresses.is_opaque() and wanted != FRAMED and not may_be_read):
        message = _("This part of a page opens inside the course only. Open the unit from its course.")
        raise NotPermitted("frame-alone", message)


def version_here(request: HttpRequest, uuid: UUID) -> VersionInfo:
    """Return a content version by its uuid, in one query; NotThere under the origin of another course."""
    version = content.version_by_uuid(uuid)
    check_home(request, version.course_label)
    return version
