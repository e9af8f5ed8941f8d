"""Where the fields of a block come from: authored ones from the content version, learners' from state rows."""

import copy
from collections.abc import Mapping
from typing import Any

from xblock.fields import BlockScope, Scope, UserScope
from xblock.runtime import KeyValueStore

from courses.content.data import BlockInfo
from courses.runtime import keys, state
from courses.runtime.state import RowKey, StateRows

type Key = Any  # KeyValueStore.Key; XBlock brings no types


class UnitStore(KeyValueStore):
    """The fields of all blocks of a unit for one person.

    Authored fields are read-only: what a block sets on itself lives as long as the request.
    """

    def __init__(self, blocks: Mapping[str, BlockInfo], rows: StateRows, person_id: int, run_id: int) -> None:
        self._blocks = blocks
        self._rows = rows
        self._person_id = person_id
        self._run_id = run_id
        self._for_now: dict[tuple[str, str], Any] = {}

    def get(self, key: Key) -> Any:
        """Return the value as JSON; KeyError when there is none."""
        if key.scope == Scope.children:
            info, course = self._blocks[keys.usage_id(key.block_scope_id)], key.block_scope_id.course_key
            return [keys.usage_key(course, child) for child in info.children]
        if key.scope == Scope.parent:
            parent = self._blocks[keys.usage_id(key.block_scope_id)].parent_usage_id
            return keys.usage_key(key.block_scope_id.course_key, parent) if parent in self._blocks else None
        if _is_learners(key):
            return _own_copy(self._rows.row(self.row_key(key)).fields[key.field_name])
        place = _place(key)
        if (place, key.field_name) in self._for_now:
            return _own_copy(self._for_now[place, key.field_name])
        if place not in self._blocks:
            raise KeyError(key.field_name)  # of a type of blocks, or of all: authors set none
        fields = self._blocks[place].fields
        for part in ("settings", "content"):
            if key.field_name in fields.get(part, {}):
                return _own_copy(fields[part][key.field_name])
        raise KeyError(key.field_name)

    def has(self, key: Key) -> bool:
        """Return whether there is a value of its own."""
        try:
            self.get(key)
        except KeyError:
            return False
        return True

    def set(self, key: Key, value: Any) -> None:
        """Keep a value: learners' in their row, which is written at the end; authored ones for now."""
        value = _named(value)
        if _is_learners(key):
            row = self._rows.row(self.row_key(key))
            if key.field_name not in row.fields or row.fields[key.field_name] != value:
                row.fields[key.field_name] = value
                row.dirty = True
        elif key.scope not in (Scope.children, Scope.parent):
            self._for_now[_place(key), key.field_name] = value

    def delete(self, key: Key) -> None:
        """Forget a value, so that the default holds again."""
        if not _is_learners(key):
            self._for_now.pop((_place(key), key.field_name), None)
            return
        row = self._rows.row(self.row_key(key))
        if key.field_name in row.fields:
            del row.fields[key.field_name]
            row.dirty = True

    def default(self, key: Key) -> Any:
        """Return what the ancestors give (due, showanswer, …); KeyError when the field's own default holds."""
        if key.scope != Scope.settings:
            raise KeyError(key.field_name)
        return self._blocks[keys.usage_id(key.block_scope_id)].inherited[key.field_name]

    def row_key(self, key: Key) -> RowKey:
        """Return the row that holds a learner's field."""
        if key.scope.user == UserScope.ALL:
            return state.summary_key(self._run_id, _place(key))
        if key.scope.block == BlockScope.TYPE:
            return state.preferences_key(self._person_id, str(key.block_scope_id))
        if key.scope.block == BlockScope.ALL:
            return state.info_key(self._person_id)
        return state.user_key(self._person_id, self._run_id, keys.usage_id(key.block_scope_id))


def _own_copy(value: Any) -> Any:
    """Return a value that a block may change in place: ours would change unseen, and authored ones for everybody."""
    return copy.deepcopy(value) if isinstance(value, dict | list) else value


def _named(value: Any) -> Any:
    """Return a value whose named tuples (a problem's scores) are objects: JSON would make them nameless lists."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()
    return [_named(item) for item in value] if isinstance(value, list) else value


def _place(key: Key) -> str:
    """Return what a key's field belongs to: a block by our id, a type of blocks by its name, all blocks by ""."""
    if key.scope.block in (BlockScope.TYPE, BlockScope.ALL):
        return str(key.block_scope_id or "")
    return keys.usage_id(key.block_scope_id)


def _is_learners(key: Key) -> bool:
    return key.scope not in (Scope.children, Scope.parent) and key.scope.user in (UserScope.ONE, UserScope.ALL)


def row_keys_of(block_class: Any, usage_id: str, block_type: str, person_id: int, run_id: int) -> set[RowKey]:
    """Return the rows that a block of this class may read or write."""
    wanted: set[RowKey] = set()
    for field in block_class.fields.values():
        if field.scope in (Scope.children, Scope.parent) or field.scope.user == UserScope.NONE:
            continue
        if field.scope.user == UserScope.ALL:
            places = {BlockScope.TYPE: block_type, BlockScope.ALL: ""}
            wanted.add(state.summary_key(run_id, places.get(field.scope.block, usage_id)))
        elif field.scope.block == BlockScope.TYPE:
            wanted.add(state.preferences_key(person_id, block_type))
        elif field.scope.block == BlockScope.ALL:
            wanted.add(state.info_key(person_id))
        else:
            wanted.add(state.user_key(person_id, run_id, usage_id))
    return wanted
