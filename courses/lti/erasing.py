"""What becomes of connections to other servers when a person is erased: all of them go; scores that stand stay."""

from uuid import UUID

from courses.lti.models import ToolPick, ToolSeat
from courses.lti.platform_models import Passback, PlatformAccount, PlatformLogin
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Delete who the person was to tools and platforms, and where their scores went."""
    accounts = PlatformAccount.objects.filter(person__uuid=person_uuid)
    for platform_id, subject in accounts.values_list("platform_id", "subject"):
        PlatformLogin.objects.filter(platform_id=platform_id, launch__subject=subject).delete()
    Passback.objects.filter(person__uuid=person_uuid).delete()
    accounts.delete()
    ToolPick.objects.filter(person__uuid=person_uuid).delete()
    ToolSeat.objects.filter(person__uuid=person_uuid).delete()


register_eraser("courses.lti", erase)
