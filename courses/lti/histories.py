"""What became of a registration, as the office reads it: who, when, what, why."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.lti.forms import PlatformForm, ToolForm
from courses.lti.models import RegistrationChange, Tool
from courses.lti.platform_models import Platform
from courses.lti.states import RegistrationStatus
from edu.design.values import TimelineEntry
from edu.events.history import StateMove
from edu.people import api as people


def of(row: Tool | Platform) -> list[TimelineEntry]:
    """Return everything that happened with a registration, the latest first, in three queries."""
    deeds: list[RegistrationChange | StateMove] = [*row.changes.all(), *row.moves.all()]
    deeds.sort(key=lambda deed: deed.happened_at, reverse=True)
    names = _names([row.registered_by_person_uuid, *(deed.actor_person_uuid for deed in deeds)])
    form = ToolForm if isinstance(row, Tool) else PlatformForm
    first = TimelineEntry(_("Registered"), row.registered_at, names.get(row.registered_by_person_uuid, ""))
    return [*(_entry(deed, names, form) for deed in deeds), first]


def _entry(
    deed: RegistrationChange | StateMove, names: Mapping[UUID | None, str], form: type[ToolForm] | type[PlatformForm]
) -> TimelineEntry:
    who = names.get(deed.actor_person_uuid, "")
    if isinstance(deed, StateMove):
        return TimelineEntry(_move(deed), deed.happened_at, who, deed.reason)
    lines = [_line(form, name, deed.was.get(name), value) for name, value in deed.became.items()]
    return TimelineEntry(_("Registration changed"), deed.happened_at, who, "\n".join([*lines, deed.reason]))


def _move(deed: StateMove) -> str:
    return _("Closed") if deed.target == RegistrationStatus.CLOSED else _("Confirmed")


def _line(form: type[ToolForm] | type[PlatformForm], name: str, was: Any, became: Any) -> str:
    field = form.base_fields.get(name)
    words = {"label": field.label if field else name, "was": _value(was), "became": _value(became)}
    return _("%(label)s: %(was)s → %(became)s") % words


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("a box", "yes") if value else pgettext("a box", "no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value) or _("nothing")


def _names(uuids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    return {uuid: info.name for uuid, info in people.persons({uuid for uuid in uuids if uuid}).items()}
