"""The rows that hold block state: read in one query for a whole unit, written in one statement."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.runtime.models import BlockState, StateScope
from edu.kernel.errors import Refusal

STATE_BYTES_MAX = 512 * 1024  # a cloud of 10,000 words; beyond it a block stores what it should not
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # as JSON spells it; who types "\u0000" gets a doubled backslash there
HALF_A_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """Which row: 0 stands for no person or no run, so that keys can be put in order."""

    scope: str
    person_id: int
    run_id: int
    usage_id: str


@dataclass(slots=True)
class Row:
    """A row's fields as they are in the database or are going to be, and the revision that was read."""

    fields: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    dirty: bool = False


class StateRows:
    """The state rows of one request. Reading a row that was not fetched gives an empty one."""

    def __init__(self) -> None:
        self._rows: dict[RowKey, Row] = {}

    def row(self, key: RowKey) -> Row:
        """Return the row, empty when there is none yet."""
        return self._rows.setdefault(key, Row())

    def fetch(self, keys: Iterable[RowKey]) -> None:
        """Read the rows in one query."""
        wanted = Q()
        for group, usage_ids in _grouped(keys).items():
            scope, person_id, run_id = group
            wanted |= Q(scope=scope, person_id=person_id or None, run_id=run_id or None, usage_id__in=usage_ids)
        if not wanted:
            return
        rows = BlockState.objects.filter(wanted)
        for scope, person_id, run_id, usage_id, state, revision in rows.values_list(
            "scope", "person_id", "run_id", "usage_id", "state", "revision"
        ):
            self._rows[RowKey(scope, person_id or 0, run_id or 0, usage_id)] = Row(state, revision)

    def lock(self, keys: Iterable[RowKey]) -> None:
        """Read the rows and lock them until the transaction ends, making those that are missing, in one statement.

        Rows are taken in one order everywhere, so two handlers never wait for each other.
        """
        columns = _columns(sorted(set(keys)))
        with connection.cursor() as cursor:
            cursor.execute(LOCK_SQL, columns)
            for scope, person_id, run_id, usage_id, state, revision in cursor.fetchall():
                fields = json.loads(state)
                self._rows[RowKey(scope, person_id or 0, run_id or 0, usage_id)] = Row(fields, revision)

    def unstorable(self) -> dict[str, Exception]:
        """Return the blocks whose rows cannot be written, and why; those rows are left out of what is written."""
        found: dict[str, Exception] = {}
        for key, row in self._rows.items():
            if not row.dirty:
                continue
            try:
                _encoded(row.fields)
            except (Refusal, TypeError, ValueError, RecursionError) as error:
                row.dirty = False
                found[key.usage_id] = error
        return found

    def write(self) -> None:
        """Write the dirty rows in one statement; a row that somebody else has written meanwhile is left as it is.

        Rows that were locked cannot have changed. Those of a page view can, and then what the view would store
        (seeds, first defaults) gives way to what a handler has stored.
        """
        dirty = sorted(((key, row) for key, row in self._rows.items() if row.dirty), key=itemgetter(0))
        if not dirty:
            return
        states = [_encoded(row.fields) for _key, row in dirty]
        columns = _columns([key for key, _row in dirty])
        with connection.cursor() as cursor:
            cursor.execute(WRITE_SQL, [*columns, states, [row.revision for _key, row in dirty]])
        for _key, row in dirty:
            row.dirty = False


# A conflicting insert locks the row and returns what is committed, so reading, making and locking are one statement.
LOCK_SQL = """
INSERT INTO courses_blockstate AS s (scope, person_id, run_id, usage_id, state, revision)
SELECT k.scope, nullif(k.person_id, 0), nullif(k.run_id, 0), k.usage_id, '{}'::jsonb, 0
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[]) AS k(scope, person_id, run_id, usage_id)
ON CONFLICT (scope, person_id, run_id, usage_id) DO UPDATE SET revision = s.revision
RETURNING s.scope, s.person_id, s.run_id, s.usage_id, s.state::text, s.revision
"""
WRITE_SQL = """
INSERT INTO courses_blockstate AS s (scope, person_id, run_id, usage_id, state, revision, updated_at)
SELECT k.scope, nullif(k.person_id, 0), nullif(k.run_id, 0), k.usage_id, k.state::jsonb, k.revision, now()
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::int[])
  AS k(scope, person_id, run_id, usage_id, state, revision)
ON CONFLICT (scope, person_id, run_id, usage_id)
DO UPDATE SET state = EXCLUDED.state, revision = s.revision + 1, updated_at = now()
WHERE s.revision = EXCLUDED.revision
"""


def _grouped(keys: Iterable[RowKey]) -> dict[tuple[str, int, int], list[str]]:
    groups: dict[tuple[str, int, int], list[str]] = {}
    for key in keys:
        groups.setdefault((key.scope, key.person_id, key.run_id), []).append(key.usage_id)
    return groups


def _columns(keys: list[RowKey]) -> list[list[Any]]:
    return [
        [key.scope for key in keys],
        [key.person_id for key in keys],
        [key.run_id for key in keys],
        [key.usage_id for key in keys],
    ]


def _encoded(fields: dict[str, Any]) -> str:
    """Return the fields as jsonb takes them: no NUL and no half of a surrogate pair, which no answer needs.

    ValueError for NaN and infinity, TypeError for what is no JSON.
    """
    text = json.dumps(fields, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    text = HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", NUL.sub(r"\1", text))
    if len(text.encode()) > STATE_BYTES_MAX:
        raise Refusal("state-too-large", _("This answer is too long to be stored. Shorten it and submit again."))
    return text


def user_key(person_id: int, run_id: int, usage_id: str) -> RowKey:
    """Return the key of one person's state in one block."""
    return RowKey(StateScope.USER_STATE.value, person_id, run_id, usage_id)


def summary_key(run_id: int, usage_id: str) -> RowKey:
    """Return the key of what all learners of a run share in one block."""
    return RowKey(StateScope.SUMMARY.value, 0, run_id, usage_id)


def preferences_key(person_id: int, block_type: str) -> RowKey:
    """Return the key of one person's preferences for a type of block."""
    return RowKey(StateScope.PREFERENCES.value, person_id, 0, block_type)


def info_key(person_id: int) -> RowKey:
    """Return the key of what blocks know about one person everywhere."""
    return RowKey(StateScope.USER_INFO.value, person_id, 0, "")
