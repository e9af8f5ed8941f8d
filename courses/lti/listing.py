"""Who is in a run, for a tool that the office let ask (Names and Role Provisioning Services 2.0).

Pseudonyms of the run and roles. A name or e-mail address stands there only while the registration says so and when the
person, at a launch, was told and went on; pupils of schools are never named. Who was named sees it under "Who looked".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.lti import scores, tools
from courses.lti.models import Tool, ToolSeat
from courses.lti.rules import MEMBERSHIP, Broken
from courses.runs.models import CourseRun, RunTeacher
from courses.runtime import grants
from edu.institutions import api as institutions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

TOOL = "tool"  # the role of a tool: it reads, and no action knows it
PAGE = 100
PAGE_MAX = 200
AFTER_SALT = "courses.lti.members"
INSTRUCTOR, LEARNER = f"{MEMBERSHIP}Instructor", f"{MEMBERSHIP}Learner"
LISTS = (INSTRUCTOR, LEARNER)  # in this order


@dataclass(frozen=True, slots=True)
class Page:
    """One page of members, and the address of the next one ("" on the last)."""

    container: dict[str, Any]
    next_url: str


@dataclass(frozen=True, slots=True)
class _Row:
    role: str
    key: int  # of the row in its list
    person: Any


def page_of(tool: Tool, run_uuid: UUID, asked: Mapping[str, str]) -> Page:
    """Return one page of a run's members; a fixed number of queries.

    NotThere for a run in which no block opens this tool, or which the tool may not ask about any more; Broken for a
    limit or a place that was not given here.
    """
    run, blocks = scores.blocks_of(tool, run_uuid)
    link = asked.get("rlid", "")
    if not tool.lists_members or (link and link not in {f"{run.uuid}:{block.usage_id}" for block in blocks}):
        raise NotThere("no-such-run")
    limit, wanted = _limit(asked.get("limit", "")), _role(asked.get("role", ""))
    rows = _rows(run, wanted, _after(asked.get("after", "")), limit + 1)
    shown = rows[:limit]
    told = _told(tool, run, [row.person for row in shown])
    named = [row.person.uuid for row in shown if row.person.pk in told]
    if named:
        people.note_accesses(Actor(None, tool.institution.uuid, TOOL), named, "tool-members")
    url = tools.site_url("lti_wire:members", run.uuid)
    container = {
        "id": url,
        "context": tools.about_run(run),
        "members": [
            {
                "status": "Active",
                "user_id": grants.anonymous_id(row.person.pk, run.pk),
                "roles": [row.role],
                **told.get(row.person.pk, {}),
            }
            for row in shown
        ],
    }
    if len(rows) <= limit:
        return Page(container, "")
    kept = {name: asked[name] for name in ("role", "rlid", "limit") if name in asked}
    kept["after"] = signing.dumps([shown[-1].role, shown[-1].key], salt=AFTER_SALT)
    return Page(container, f"{url}?{urlencode(kept)}")


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not text.isdecimal() or len(text) > 9 or int(text) == 0:
        raise Broken("limit is no positive number.")
    return min(int(text), PAGE_MAX)


def _role(text: str) -> str:
    return text if not text or ":" in text else f"{MEMBERSHIP}{text}"  # the simple name of a role may be used


def _after(text: str) -> tuple[str, int]:
    if not text:
        return INSTRUCTOR, 0
    try:
        role, key = signing.loads(text, salt=AFTER_SALT)
    except (signing.BadSignature, ValueError):
        raise Broken("This page was not named here.") from None
    return str(role), int(key)


def _rows(run: CourseRun, wanted: str, after: tuple[str, int], most: int) -> list[_Row]:
    """Return members in order, teachers first, after a place: as many as are needed."""
    found: list[_Row] = []
    role_after, key_after = after
    for role in LISTS[LISTS.index(role_after) :]:
        if wanted not in ("", role):
            continue
        rows = _list(run, role).filter(pk__gt=key_after if role == role_after else 0)
        found += [_Row(role, row.pk, row.person) for row in rows.order_by("pk")[: most - len(found)]]
    return found


def _list(run: CourseRun, role: str) -> QuerySet[Any]:
    teachers = RunTeacher.objects.filter(run=run)
    if role == INSTRUCTOR:
        return teachers.select_related("person")
    learners = Enrolment.objects.filter(run=run, status=EnrolmentStatus.ACTIVE.value)
    return learners.exclude(person__in=teachers.values("person")).select_related("person")


def _told(tool: Tool, run: CourseRun, persons: list[Any]) -> dict[int, dict[str, str]]:
    """Return what may be said of whom, by the key of the person."""
    allowed = {name for name, sends in (("name", tool.sends_name), ("email", tool.sends_email)) if sends}
    if not allowed:
        return {}
    seats = ToolSeat.objects.filter(tool=tool, run=run, person__in=persons).values_list("person_id", "told")
    told: dict[int, set[str]] = {}
    for person_id, names in seats:
        told.setdefault(person_id, set()).update(allowed.intersection(names))
    named = [person for person in persons if told.get(person.pk)]
    pupils = _pupils({person.uuid for person in named})
    return {
        person.pk: {name: getattr(person, name) for name in sorted(told[person.pk]) if getattr(person, name)}
        for person in named
        if person.uuid not in pupils
    }


def _pupils(uuids: Collection[UUID]) -> set[UUID]:
    records = people.student_records(uuids) if uuids else {}
    schools = institutions.institutions({record.institution_uuid for record in records.values()}) if records else {}
    return {uuid for uuid, record in records.items() if schools[record.institution_uuid].kind in tools.PUPILS_OF}
