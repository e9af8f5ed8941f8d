"""What a textbook says of itself, in its pages and its manifest."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.content.models import ContentVersion
from edu.institutions import api as institutions
from edu.kernel import clock

TYPE, VERSION = "guixue-textbook", "2"  # 1 said when it was made, so the same version differed from itself


@dataclass(frozen=True, slots=True)
class Facts:
    """Edition and the rest; nothing of it depends on the moment of packing."""

    title: str
    course_uuid: str
    course_code: str
    institution: str
    institution_code: str
    number: int
    digest: str
    recorded_at: str
    edition: str = ""
    approval_number: str = ""
    licence: str = ""

    def lines(self) -> list[tuple[str, str]]:
        """Return what the first page says, as (name, value)."""
        said = [
            (_("Edition"), self.edition),
            (_("Approval number"), self.approval_number),
            (_("Institution"), self.institution),
            (_("Course code"), self.course_code),
            (_("Version"), f"{self.number}"),
            (_("Version dated"), self.recorded_at[:10]),
            (_("Licence"), self.licence),
        ]
        return [(str(name), value) for name, value in said if value]

    def document(self) -> dict[str, Any]:
        """Return the part of the manifest that says what it is."""
        return {
            "type": TYPE,
            "version": VERSION,
            "course_uuid": self.course_uuid,
            "course_code": self.course_code,
            "title": self.title,
            "institution": self.institution,
            "institution_code": self.institution_code,
            "content_version": str(self.number),
            "content_digest": self.digest,
            "content_recorded_at": self.recorded_at,
            "edition": self.edition,
            "approval_number": self.approval_number,
            "licence": self.licence,
        }


def facts_of(version: ContentVersion, *, edition: str = "", approval_number: str = "", licence: str = "") -> Facts:
    """Return what a pack of a version says of itself; the version was fetched with its course and institution."""
    course = version.course
    info = institutions.institution(course.institution.uuid)
    return Facts(
        title=version.title or course.name_zh,
        course_uuid=str(course.uuid),
        course_code=course.code,
        institution=info.name_zh,
        institution_code=info.code or "",
        number=version.number,
        digest=version.digest,
        recorded_at=clock.rfc3339(version.recorded_at),
        edition=edition,
        approval_number=approval_number,
        licence=licence,
    )
