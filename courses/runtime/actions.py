"""What learners do in blocks: a handler runs with its rows locked, and its score and completion are stored with it."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import webob
from django.db import connection, transaction
from xblock.exceptions import NoSuchHandlerError

from courses.content.data import BlockInfo
from courses.content.openresponse import BLOCK_TYPE as OPEN_RESPONSE
from courses.runtime import access, handlers, judging, late, markup, queries, rules
from courses.runtime.grants import Grant
from courses.runtime.runtime import Published, UnitRuntime
from edu.kernel import clock
from edu.kernel.errors import NotThere

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler answered, and the block as it is now, for its view."""

    response: webob.Response
    runtime: UnitRuntime
    block: Any


def call_handler(
    grant: Grant,
    handler: str,
    suffix: str,
    request: webob.Request,
    *,
    key: str = "",
    given_at: dt.datetime | None = None,
) -> Handled:
    """Run a block's handler for the learner in one transaction; what it changed is stored, or nothing is.

    NotPermitted when the person has left the run, NotThere when there is no such block or handler. The rows are
    locked first, so handlers of one block follow each other and lose nothing. With a `key` a second call is
    Stale "answered-already"; `given_at` is when the learner answered, where that was before now.
    """
    with transaction.atomic():
        place = access.place_of(grant)
        blocks = late.open_longer(queries.blocks_of_unit(place, grant.unit_id), grant)
        if given_at is not None:
            blocks = late.as_of(blocks, grant.usage_id, given_at)
        if grant.usage_id not in blocks or not blocks[grant.usage_id].is_supported:
            raise NotThere("no-such-block")
        handlers.require_learners(blocks[grant.usage_id].block_type, handler)
        runtime = UnitRuntime(grant, place, blocks)
        runtime.given_at = given_at
        if blocks[grant.usage_id].block_type == OPEN_RESPONSE:
            judging.enter(runtime, handler)
        wanted = runtime.row_keys([grant.usage_id])
        if grant.keeps:
            runtime.rows.lock(wanted)
            late.remember(runtime.rows, wanted, key)
        else:
            runtime.rows.fetch(wanted)
        block = runtime.block(grant.usage_id)
        try:
            response = runtime.handle(block, handler, request, suffix)
        except NoSuchHandlerError:
            raise NotThere("no-such-handler") from None
        if blocks[grant.usage_id].block_type == "problem":
            markup.unfold_reply(response)
        if handler in rules.TOLD_BY_BROWSERS:
            runtime.published = [event for event in runtime.published if event.kind not in rules.RESULTS]
        if grant.keeps:
            _complete_silent_ones(runtime, block, blocks[grant.usage_id], handler)
            runtime.rows.write()
            store_published(runtime, blocks)
    return Handled(response, runtime, block)


def _complete_silent_ones(runtime: UnitRuntime, block: Any, info: BlockInfo, handler: str) -> None:
    """Publish completion for blocks that do not do it themselves."""
    if info.block_type == OPEN_RESPONSE:
        judging.complete(runtime, block)
    done = getattr(block, "voted", False) or getattr(block, "submitted", False)
    if (info.block_type, handler) in rules.COMPLETING_HANDLERS and done:
        runtime.published.append(Published(info.usage_id, "completion", {"completion": 1.0}))


def store_part(grant: Grant, part: Decimal) -> None:
    """Store the part of a block's points that a tool on another server reports (0 to 1); call it in a transaction."""
    place = access.place_of(grant)
    blocks = queries.blocks_of_unit(place, grant.unit_id)
    runtime = UnitRuntime(grant, place, blocks)
    runtime.published.append(Published(grant.usage_id, "grade", {"value": float(part), "max_value": 1.0}))
    store_published(runtime, blocks)


def store_published(runtime: UnitRuntime, blocks: dict[str, BlockInfo]) -> None:
    """Store the last score and completion of what the blocks published, in one statement."""
    scores: dict[str, rules.Score] = {}
    completions: dict[str, Decimal] = {}
    for event in runtime.published:
        info = blocks[event.usage_id]
        if event.kind == "grade":
            score = rules.score_of(event.data, info.fields.get("settings", {}).get("weight"))
            if score is None:
                log.warning("block %s of run %s published no usable grade", event.usage_id, runtime.grant.run_id)
                continue
            scores[event.usage_id] = score
        completion = rules.completion_of(info.block_type, event.kind, event.data)
        if completion is not None:
            completions[event.usage_id] = completion
    if scores or completions:
        _upsert(runtime, blocks, scores, completions)


def complete_on_view(runtime: UnitRuntime, usage_ids: Iterable[str]) -> None:
    """Mark blocks that only want to be read as completed, in one statement, leaving what is there."""
    wanted = sorted(usage_ids)
    if not wanted:
        return
    grant, now = runtime.grant, clock.now()
    with connection.cursor() as cursor:
        cursor.execute(VIEW_SQL, [grant.person_id, grant.run_id, grant.unit_id, now, wanted])


def _upsert(
    runtime: UnitRuntime,
    blocks: dict[str, BlockInfo],
    scores: dict[str, rules.Score],
    completions: dict[str, Decimal],
) -> None:
    grant, now = runtime.grant, runtime.given_at or clock.now()
    scored, completed = sorted(scores), sorted(completions)
    undone = [blocks[usage_id].block_type in rules.MAY_BE_UNDONE for usage_id in completed]
    with connection.cursor() as cursor:
        cursor.execute(
            SCORE_SQL,
            {
                "person": grant.person_id,
                "run": grant.run_id,
                "version": grant.version_id,
                "unit": grant.unit_id,
                "now": now,
                "scored": scored,
                "earned": [scores[usage_id].earned for usage_id in scored],
                "possible": [scores[usage_id].possible for usage_id in scored],
                "only_if_higher": any(scores[usage_id].only_if_higher for usage_id in scored),
                "completed": completed,
                "completion": [completions[usage_id] for usage_id in completed],
                "may_fall": any(undone),
            },
        )


# Score and completion come together, and a handler is one block's, so one statement does for both.
SCORE_SQL = """
WITH scored AS (
  INSERT INTO courses_blockscore AS s
    (person_id, run_id, usage_id, earned, possible, content_version_id, scored_at)
  SELECT %(person)s, %(run)s, k.usage_id, k.earned, k.possible, %(version)s, %(now)s
  FROM unnest(%(scored)s::text[], %(earned)s::numeric[], %(possible)s::numeric[]) AS k(usage_id, earned, possible)
  ON CONFLICT (run_id, person_id, usage_id) DO UPDATE
    SET earned = EXCLUDED.earned, possible = EXCLUDED.possible,
        content_version_id = EXCLUDED.content_version_id, scored_at = EXCLUDED.scored_at
    WHERE NOT %(only_if_higher)s OR EXCLUDED.earned * s.possible > s.earned * EXCLUDED.possible
)
INSERT INTO courses_blockcompletion AS c
  (person_id, run_id, usage_id, unit_usage_id, completion, completed_at)
SELECT %(person)s, %(run)s, k.usage_id, %(unit)s, k.completion, %(now)s
FROM unnest(%(completed)s::text[], %(completion)s::numeric[]) AS k(usage_id, completion)
ON CONFLICT (run_id, person_id, usage_id) DO UPDATE
  SET completion = EXCLUDED.completion, completed_at = EXCLUDED.completed_at
  WHERE EXCLUDED.completion > c.completion OR %(may_fall)s
"""
VIEW_SQL = """
INSERT INTO courses_blockcompletion (person_id, run_id, usage_id, unit_usage_id, completion, completed_at)
SELECT %s::bigint, %s::bigint, k.usage_id, %s::text, 1, %s::timestamptz FROM unnest(%s::text[]) AS k(usage_id)
ON CONFLICT (run_id, person_id, usage_id) DO NOTHING
"""
