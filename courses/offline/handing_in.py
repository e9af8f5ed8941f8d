"""What a device hands in after a time without a network: answers, films watched, units read. Each counts once."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import webob
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.content import queries as content
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.offline import rules
from courses.offline.models import OfflineAnswer
from courses.offline.states import AnswerStatus
from courses.runtime import late, passes, playtime, rendering, watching
from courses.runtime.actions import Handled, call_handler
from courses.runtime.grants import Grant
from courses.runtime.models import BlockState
from courses.runtime.passes import Moment
from courses.runtime.rendering import RenderedUnit
from courses.runtime.views import open_unit
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

log = logging.getLogger(__name__)

ITEMS_MAX = 50  # a sending; the device comes again with the rest
BODY_CHARS_MAX = 200_000  # a long essay; the request as a whole has Django's limit
RANGES_MAX = 400  # an evening of winding about in one film
MEDIA = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
KINDS = frozenset({"answer", "watched", "viewed"})
MS_MAX = 4_102_444_800_000  # the year 2100


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was done: `at_ms` is when, by the server's clock as the device reckons it on."""

    key: UUID
    kind: str
    unit_id: str
    usage_id: str
    moment: str
    at_ms: int
    from_ms: int = 0
    handler: str = ""
    suffix: str = ""
    media: str = "json"
    body: str = ""
    view: bool = False
    ranges: tuple[tuple[Any, Any], ...] = ()

    @property
    def at(self) -> dt.datetime:
        """The claimed time."""
        return _moment_of(self.at_ms)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: taken, waiting, repeated, refused. The device forgets it in each case."""

    key: UUID
    status: str
    code: str = ""
    message: str = ""
    reply: Any = None
    view: str = ""


def read_items(data: object) -> list[Item]:
    """Return what a device hands in; Refusal "queue-unreadable" when it is no such thing."""
    try:
        assert isinstance(data, dict)
        assert len(data["items"]) <= ITEMS_MAX
        return [_item(entry) for entry in data["items"]]
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError):
        raise Refusal("queue-unreadable", _("What this device sent cannot be read. Nothing was stored.")) from None


def _item(entry: dict[str, Any]) -> Item:
    item = Item(
        key=UUID(entry["key"]),
        kind=entry["kind"],
        unit_id=_text(entry["unit"], 300),
        usage_id=_text(entry.get("usage", ""), 300),
        moment=_text(entry.get("moment", ""), 2000),
        at_ms=int(entry["at_ms"]),
        from_ms=int(entry.get("from_ms", entry["at_ms"])),
        handler=_text(entry.get("handler", ""), 100),
        suffix=_text(entry.get("suffix", ""), 100),
        media=entry.get("type", "json"),
        body=_text(entry.get("body", ""), BODY_CHARS_MAX),
        view=bool(entry.get("view")),
        ranges=tuple((part[0], part[1]) for part in entry.get("ranges", ())),
    )
    assert item.kind in KINDS
    assert item.media in MEDIA
    assert 0 < item.from_ms <= item.at_ms < MS_MAX
    return item


def _text(value: object, chars_max: int) -> str:
    assert isinstance(value, str)
    assert len(value) <= chars_max
    return value


def hand_in(grant: Grant, items: Iterable[Item]) -> list[Outcome]:
    """Take what was done in a run, in the order in which it was done, each item in a transaction of its own.

    `grant` is the one of a pass. A refused item leaves no trace and harms no other.
    """
    return [_taken(grant, item) for item in sorted(items, key=lambda item: (item.from_ms, item.at_ms))]


def _taken(grant: Grant, item: Item) -> Outcome:
    if not grant.keeps:
        return Outcome(
            item.key, "refused", "not-kept", _("Nothing is stored here: this is a preview, or the run is over.")
        )
    try:
        return _one(grant, item)
    except Refusal as refusal:
        status = "repeated" if refusal.code == "answered-already" else "refused"
        return Outcome(item.key, status, refusal.code, str(refusal.message))
    except Exception:  # a block's handler is a stranger's code; its transaction has been rolled back
        log.exception("an answer that was handed in failed")
        message = _("This part did not take your answer. Open the unit and answer again.")
        return Outcome(item.key, "refused", "block-failed", message)


def _one(grant: Grant, item: Item) -> Outcome:
    moment, flaw = _bound(grant, item)
    # The version that the learner had in hand is the one that is answered, even if a newer one is pinned by now.
    version_id = moment.version_id if moment else grant.version_id
    unit = replace(grant, version_id=version_id, unit_id=item.unit_id, usage_id=item.usage_id or item.unit_id)
    if item.kind == "answer":
        return _answer(unit, item, moment, flaw)
    if moment is None:
        raise NotPermitted(flaw, _("This was done on a page whose time nobody can check, so it does not count."))
    if item.kind == "watched":
        return _watched(unit, item, moment)
    if content.block(version_id, item.unit_id).level != "unit":
        raise NotThere("no-such-unit")
    open_unit(unit)
    return Outcome(item.key, "taken")


def _bound(grant: Grant, item: Item) -> tuple[Moment | None, str]:
    """Return the moment of an item, or None and what is wrong with it; NotPermitted when it is not this learner's."""
    if not item.moment:
        return None, rules.NO_MOMENT
    try:
        moment = passes.read_moment(item.moment, clock.now())
    except Stale:
        return None, rules.EXPIRED
    if (moment.person_id, moment.run_id) != (grant.person_id, grant.run_id):
        raise NotPermitted("answer-of-another", _("This answer was given by somebody else or in another run."))
    if moment.unit_id != item.unit_id:
        return None, rules.NO_MOMENT
    return moment, ""


def _answer(grant: Grant, item: Item, moment: Moment | None, flaw: str) -> Outcome:
    place = _place(grant)
    digest = hashlib.sha256(json.dumps([item.usage_id, item.handler, item.suffix, item.body]).encode()).hexdigest()
    known = OfflineAnswer.objects.filter(enrolment=place, key=item.key).first()
    if known is not None:
        if known.digest != digest:
            raise Refusal("key-used", _("Another answer was sent under the same number. This one was not stored."))
        return Outcome(item.key, "repeated", "answered-already", _("This answer was stored before. It counts once."))
    info = content.block(grant.version_id, item.usage_id)
    if info.unit_usage_id != item.unit_id:
        raise NotThere("no-such-block")
    now = clock.now()
    due_at = late.due_of(info)
    seen_at = _seen_at(grant, now) if due_at is not None and now > due_at else None
    issued_at = moment.issued_at if moment else None
    verdict = rules.judge(rules.Claim(item.at, issued_at, now, due_at, seen_at, flaw))
    row = OfflineAnswer(
        key=item.key,
        enrolment=place,
        content_version_id=grant.version_id,
        unit_usage_id=item.unit_id,
        usage_id=item.usage_id,
        digest=digest,
        doubt=verdict.doubt,
        claimed_at=item.at,
        issued_at=issued_at,
        due_at=due_at,
        given_at=verdict.given_at,
        received_at=now,
        language=grant.language,
    )
    return _waits(row, item) if verdict.given_at is None else _grades(row, grant, item)


def _waits(row: OfflineAnswer, item: Item) -> Outcome:
    row.status = AnswerStatus.WAITING.value
    row.request = {"handler": item.handler, "suffix": item.suffix, "type": item.media, "body": item.body}
    _insert(row)
    message = _("Your answer arrived after the due time, and nothing proves when it was given. Your teacher decides.")
    return Outcome(item.key, "waiting", row.doubt, message)


@transaction.atomic
def _grades(row: OfflineAnswer, grant: Grant, item: Item) -> Outcome:
    row.status = AnswerStatus.TAKEN.value
    _insert(row)
    request = request_of(item.body, item.media)
    handled = call_handler(grant, item.handler, item.suffix, request, key=str(item.key), given_at=row.given_at)
    reply = json.loads(handled.response.body or b"null")
    return Outcome(item.key, "taken", reply=reply, view=_view(handled, grant) if item.view else "")


def _insert(row: OfflineAnswer) -> None:
    """Add the row; Stale when the same answer is just being taken by another request."""
    added = OfflineAnswer.objects.bulk_create([row], ignore_conflicts=True)
    if not OfflineAnswer.objects.filter(uuid=added[0].uuid).exists():
        raise Stale("answered-already", _("This answer was stored before. It counts once."))


def request_of(body: str, media: str) -> webob.Request:
    """Return an answer as blocks expect it."""
    return webob.Request.blank("/", method="POST", body=body.encode(), content_type=MEDIA[media])


def _view(handled: Handled, grant: Grant) -> str:
    return str(rendering.render_block(handled.runtime, handled.runtime.blocks[grant.usage_id], RenderedUnit()).body)


def _place(grant: Grant) -> Enrolment:
    place = Enrolment.objects.filter(
        person_id=grant.person_id, run_id=grant.run_id, status=EnrolmentStatus.ACTIVE.value
    ).first()
    if place is None:
        raise NotPermitted("not-enrolled", _("You have left this run, so nothing more is stored."))
    return place


def _seen_at(grant: Grant, now: dt.datetime) -> dt.datetime | None:
    """Return when the person last did something on line in the run, leaving out the sending that is going on."""
    before = BlockState.objects.filter(
        person_id=grant.person_id, run_id=grant.run_id, updated_at__lt=now - rules.SENDING, revision__gt=0
    )
    found: dt.datetime | None = before.aggregate(last=Max("updated_at"))["last"]
    return found


def _watched(grant: Grant, item: Item, moment: Moment) -> Outcome:
    report = watching.read_report({"ranges": item.ranges, "page": str(item.key)}, RANGES_MAX)
    from_at, to_at, now = _moment_of(item.from_ms), item.at, clock.now()

    def left(last_at: dt.datetime | None) -> tuple[dt.datetime, dt.datetime]:
        return rules.bounded(from_at, to_at, issued_at=moment.issued_at, last_at=last_at, now=now)

    beat = watching.watched_before(grant, report, left)
    counted = playtime.total(beat.ranges) if beat else 0
    return Outcome(item.key, "taken", reply={"counted_s": counted})


def _moment_of(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
