"""Scores of linked learners to the platforms that opened our runs: announced by the outbox, sent in the background."""

import json
import secrets
import time
from decimal import Decimal
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from courses import events
from courses.grading.proposing import policies_in_force
from courses.grading.queries import standing
from courses.lti import tokens
from courses.lti.platform_models import Passback, Platform
from courses.lti.rules import FINAL, JWT_BEARER, SCORE, SCORE_TYPE, TOKEN_S
from courses.lti.states import RegistrationStatus
from courses.progress.unit_scores import unit_score
from edu.api import outgoing
from edu.api.outgoing import NoAnswer
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal
from edu.people import api as people

BATCH = 200
PERCENT = Decimal(100)
TOKEN_KEPT_S = 3000  # access tokens are good for an hour as a rule


def announce_changes(limit: int = BATCH) -> int:
    """Hand scores that changed to the outbox, each change once; return how many. Safe to run twice."""
    with transaction.atomic():
        waiting = Passback.objects.select_for_update(skip_locked=True).filter(
            Q(announced_at__isnull=True) | Q(changed_at__gt=F("announced_at")),
            changed_at__isnull=False,
            account__ended_at__isnull=True,
            account__platform__status=RegistrationStatus.ACTIVE.value,
        )
        rows = list(waiting.order_by("changed_at")[:limit])
        for row in rows:
            Passback.objects.filter(pk=row.pk).update(announced_at=row.changed_at)
            record(events.SCORE_TO_SEND, {"passback_uuid": str(row.uuid)}, acting=SYSTEM)
    return len(rows)


def send_score(passback_uuid: UUID) -> None:
    """Send the score as it stands now; NoAnswer when the platform does not take it, so that the outbox tries again.

    Nothing is sent once the learner disconnected or the platform was closed, nor before anything was earned.
    """
    rows = Passback.objects.select_related("account__platform", "person", "run__content", "run__course__institution")
    row = rows.filter(uuid=passback_uuid).first()
    if row is None or row.account.ended_at or row.account.platform.status != RegistrationStatus.ACTIVE:
        return
    part = _part(row)
    if part is None:
        return
    platform, now = row.account.platform, clock.now()
    score = {
        "userId": row.account.subject,
        "scoreGiven": float(round(part * PERCENT, 2)),
        "scoreMaximum": 100,
        "activityProgress": "InProgress" if part < 1 else "Completed",
        "gradingProgress": FINAL,
        "timestamp": clock.rfc3339(now),
    }
    headers = {"Authorization": f"Bearer {_access_token(platform)}", "Content-Type": SCORE_TYPE}
    answer = outgoing.ask(_scores_url(row.line_item), method="POST", body=json.dumps(score).encode(), headers=headers)
    if answer.status in {401, 403}:
        cache.delete(token_name(platform))
    if not 200 <= answer.status < 300:
        raise NoAnswer(f"The platform answers {answer.status} to a score.")
    Passback.objects.filter(pk=row.pk).update(sent_at=now)


def _part(row: Passback) -> Decimal | None:
    """Return the part of all points, or None where nothing can be told yet."""
    run = row.run
    if run.content is None:
        return None
    if row.unit_usage_id:
        earned, possible = unit_score(run.pk, row.person.pk, run.content.pk, row.unit_usage_id)
        return min(earned / possible, Decimal(1)) if possible else None
    try:
        policies = policies_in_force(run)
    except Refusal:
        return None
    held = [one for one in people.affiliations(row.person.uuid) if one.role == people.Role.STUDENT]
    homes = [one.institution_uuid for one in sorted(held, key=lambda one: one.from_on)]
    found = standing(run, policies, person_id=row.person.pk, homes=homes)
    return found.computed.score / PERCENT if found else None


def _scores_url(line_item: str) -> str:
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def _access_token(platform: Platform) -> str:
    kept = cache.get(token_name(platform))
    if kept:
        return str(kept)
    now = int(time.time())
    assertion = tokens.sign(
        {
            "iss": platform.client_id,
            "sub": platform.client_id,
            "aud": platform.token_url,
            "iat": now,
            "exp": now + TOKEN_S,
            "jti": secrets.token_urlsafe(24),
        }
    )
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
        "scope": SCORE,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = outgoing.ask(platform.token_url, method="POST", body=urlencode(sent).encode(), headers=headers)
    said = answer.json() if answer.status == 200 else {}
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str):
        raise NoAnswer(f"The platform answers {answer.status} to our wish for a token.")
    cache.set(token_name(platform), token, TOKEN_KEPT_S)
    return token


def token_name(platform: Platform) -> str:
    """Return under which name a platform's access token is kept."""
    return f"lti-access:{platform.pk}"
