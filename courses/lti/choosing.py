"""What a platform's teacher may put into a link: a run of the institution that connected the platform, or a unit."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.catalogue.queries import course_info
from courses.content.queries import outline
from courses.lti import tokens
from courses.lti.platform_models import PlatformLogin
from courses.lti.rules import CLAIM, DEEP_LINKING, TOKEN_S, VERSION
from courses.lti.tools import site_url
from courses.progress.queries import visible_subsections
from courses.runs.models import CourseRun
from edu.kernel import clock
from edu.kernel.errors import NotThere

RUNS_MAX = 100  # an institution has that many runs in a term at most; a longer list helps nobody to choose


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a link may open: a whole run, or a unit of it."""

    key: str  # "<run uuid>" or "<run uuid>/<unit>"
    title: str


def runs_to_choose(login: PlatformLogin) -> list[CourseRun]:
    """Return the institution's runs that have content and have not ended, the next first."""
    rows = CourseRun.objects.select_related("course__institution")
    rows = rows.filter(course__institution_id=login.platform.institution_id, content__isnull=False)
    return list(rows.filter(ends_on__gte=clock.today()).order_by("starts_on", "pk")[:RUNS_MAX])


def units_of(run: CourseRun) -> list[Choice]:
    """Return the units of a run that learners see, in their order."""
    assert run.content_id is not None  # runs_to_choose has seen to it
    return [
        Choice(f"{run.uuid}/{unit.usage_id}", f"{subsection.display_name} · {unit.display_name}")
        for subsection in visible_subsections(outline(run.content_id))
        for unit in subsection.children
    ]


def chosen_run(login: PlatformLogin, key: str) -> tuple[CourseRun, str]:
    """Return what a key of a Choice names; NotThere for what was not offered."""
    named, _slash, unit = key.partition("/")
    run = next((run for run in runs_to_choose(login) if str(run.uuid) == named), None)
    if run is None or (unit and unit not in {one.key.partition("/")[2] for one in units_of(run)}):
        raise NotThere("no-such-choice", _("There is no such run or unit."))
    return run, unit


def answer(login: PlatformLogin, key: str, language: str) -> tuple[str, dict[str, str]]:
    """Return where the browser posts the choice, and the signed answer."""
    run, unit = chosen_run(login, key)
    title = course_info(run.course).name(language)
    if unit:
        title = next(one.title for one in units_of(run) if one.key == key)
    now = int(time.time())
    platform, said = login.platform, login.launch
    item = {
        "type": "ltiResourceLink",
        "title": title,
        "url": site_url("lti_wire:launch"),
        "custom": {"guixue_run": str(run.uuid), "guixue_unit": unit},
        "lineItem": {"label": title, "scoreMaximum": 100},
        "window": {"targetName": "_blank"},
    }
    claims: dict[str, Any] = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": now,
        "exp": now + TOKEN_S,
        "nonce": secrets.token_urlsafe(16),
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": VERSION,
        f"{CLAIM}deployment_id": said["deployment"],
        f"{DEEP_LINKING}content_items": [item],
    }
    if said.get("data") is not None:
        claims[f"{DEEP_LINKING}data"] = said["data"]
    return str(said["back"]), {"JWT": tokens.sign(claims)}
