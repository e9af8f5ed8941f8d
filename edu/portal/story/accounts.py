"""The accounts and the walk that the terminal prints, and the same as JSON for tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.utils import translation

from courses import api as courses
from credits import api as credits
from edu.portal.story.cast import PARTS, PASSWORD
from edu.portal.story.scenes import Told


@dataclass(frozen=True, slots=True)
class Account:
    """One account to try."""

    key: str
    who: str
    email: str
    secret: str


WHO = {
    "student": "student whose credit came home (Nanning Normal University)",
    "second_student": "student half-way: a plan is signed and waits",
    "third_student": "student without a plan, has applied for recognition",
    "classmate": "student in a running class: discussion, tutoring hours, evaluation, inbox",
    "teacher": "teacher (Guangxi University, host)",
    "author": "course author (Guangxi University)",
    "editor": "catalogue editor (Guangxi University), also at /cms/",
    "host_registrar": "registrar of the host (Guangxi University)",
    "home_registrar": "registrar of the home university (Nanning Normal University)",
    "supervisor": "supervisor (regional education authority)",
    "coordinator": "coordinator of a township's school: textbooks for the school's own network",
}
WALK = (
    "1. {home}: open the course and look at what it counts for (log in as second@guixue.example for your own answer).",
    "2. Log in as home.registrar@guixue.example: Study plans, open the plan of 黄志远, approve it.",
    "3. Log in as host.registrar@guixue.example: Study plans, accept it. The student is now enrolled.",
    "4. Log in as second@guixue.example: My courses, study a unit, answer a problem.",
    "5. Log in as home.registrar@guixue.example: Recognition, decide on the application of 李文秀.",
    "6. Log in as student@guixue.example: Credits and certificates; then check the certificate without logging in:",
    "   {certificate}",
)


def accounts() -> list[Account]:
    """Return the accounts in the order of the story."""
    return [Account(part.key, WHO[part.key], part.email, part.secret) for part in PARTS]


def current_code(secret: str) -> str:
    """Return the code that a second factor shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def story_file() -> Path:
    """Return where the story notes what it left behind."""
    return Path(settings.DATA_DIR) / "story.json"


def note(told: Told) -> None:
    """Write down the addresses that the terminal and the tests need."""
    certificate = next(
        info for info in credits.certificates_of(told.cast.uuid("student")) if info.uuid == told.certificate_uuid
    )
    left = {
        "certificate": certificate.address,
        "certificate_number": certificate.number,
        "course_zh": _course_page(told.course_uuid, "zh-hans"),
        "course_en": _course_page(told.course_uuid, "en"),
        "course_uuid": str(told.course_uuid),
        "ended_run": str(told.ended_run),
        "open_run": str(told.open_run),
        "class_run": str(told.class_run),
        "evaluated_run": str(told.evaluated_run),
        "waiting_plan": str(told.waiting_plan),
        "waiting_case": str(told.waiting_case),
        "lot": str(certificate.lot_uuid),
    }
    story_file().write_text(json.dumps(left, ensure_ascii=False, indent=2), encoding="utf-8")


def _course_page(course_uuid: UUID, language: str) -> str:
    with translation.override(language):
        return courses.course_url(course_uuid)


def left_behind() -> dict[str, Any]:
    """Return what `note` wrote; FileNotFoundError before the story was told."""
    found: dict[str, Any] = json.loads(story_file().read_text(encoding="utf-8"))
    return found


def lines(home: str) -> list[str]:
    """Return what the terminal shows: the address, the accounts, the walk."""
    shown = [f"open {home}", "", f"accounts (password of all: {PASSWORD})"]
    for account in accounts():
        code = f"   code now {current_code(account.secret)}" if account.secret else ""
        shown.append(f"  {account.email:32} {account.who}{code}")
    shown += ["", "a registrar's next code: .venv/bin/python manage.py demo_accounts --codes", "", "a short walk"]
    shown += ["  " + step.format(home=home, certificate=left_behind()["certificate"]) for step in WALK]
    return shown
