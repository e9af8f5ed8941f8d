"""What a seal holds, computed anew from posting lines and the log's places: nothing here reads a balance or a seal."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from credits.ledger.rules import SOURCE_KINDS
from credits.log.commitments import OWNER_SALT_SIZE
from credits.seals import leaves, tree
from credits.seals.tree import Digest, Item
from edu.kernel.errors import Refusal

ROWS_AT_ONCE = 5_000

# One row an amount: of a lot, or of a lot that was recognised from it. `moved` is what the postings before the cut
# brought into each account; the log's index says which these are.
READ = """
    SELECT o.holder_uuid, o.uuid, o.issuer_uuid, o.unit, o.amount,
        o.facts->>'course_code', o.facts->>'course_name_zh', o.facts->>'course_name_en',
        t.uuid, t.issuer_uuid, t.amount, k.kind, k.owner, m.amount, s.salt, r.erased_at IS NOT NULL
    FROM (
        SELECT l.lot_id, l.account_id, sum(l.amount) AS amount
        FROM credits_logentry e
        JOIN credits_posting p ON p.uuid = e.subject_uuid
        JOIN credits_postingline l ON l.posting_id = p.id
        WHERE e.kind = 'posting' AND e.index < %(size)s {of_one}
        GROUP BY 1, 2) m
    JOIN credits_lot t ON t.id = m.lot_id
    JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id)
    JOIN credits_account k ON k.id = m.account_id
    LEFT JOIN unnest(%(issuers)s::uuid[], %(ends)s::date[]) AS w(institution_uuid, ends_on)
        ON w.institution_uuid = o.issuer_uuid
    LEFT JOIN credits_ownersalt s ON s.owner_uuid = o.holder_uuid
    LEFT JOIN credits_saltrecord r ON r.owner_uuid = o.holder_uuid
    WHERE seal_day(o) <= to_char(coalesce(w.ends_on, %(ends_on)s), 'YYYY-MM-DD')
    ORDER BY o.holder_uuid, o.id, t.id
"""
OF_ONE = "AND l.lot_id IN (SELECT id FROM credits_lot WHERE holder_uuid = %(holder)s)"
CORRECTIONS = """
    SELECT DISTINCT o.uuid, p.id, p.uuid, encode(x.root, 'hex'), x.id
    FROM credits_latecorrection c
    JOIN credits_termseal x ON x.id = c.seal_id
    JOIN credits_posting p ON p.id = c.posting_id
    JOIN credits_logentry e ON e.kind = 'posting' AND e.subject_uuid = p.uuid AND e.index < %s
    JOIN credits_postingline l ON l.posting_id = p.id
    JOIN credits_lot t ON t.id = l.lot_id
    JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id)
    ORDER BY p.id, x.id
"""

Corrections = Mapping[UUID, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a seal cuts the ledger: how much of the log, and up to which day, by issuer."""

    log_size: int
    ends_on: dt.date
    ends: Mapping[UUID, dt.date]


@dataclass(frozen=True, slots=True)
class PersonLots:
    """The leaves of one person; `salt` is None for somebody who was erased, and then nobody finds them again."""

    holder_uuid: UUID
    salt: bytes | None
    documents: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One person's place in the tree: the key, the digest of the person's lots, the leaf above them."""

    key: bytes
    lots: Digest
    item: Item


def people(cut: Cut) -> Iterator[PersonLots]:
    """Yield everybody who holds credit at a cut, by uuid; needs a transaction, reads through a cursor of its own.

    Refusal `salts-missing` when a salt has not come back after a restore.
    """
    corrections = corrections_before(cut.log_size)
    with connection.chunked_cursor() as cursor:
        cursor.execute(READ.format(of_one=""), _parameters(cut))
        for holder_uuid, rows in groupby(_rows(cursor), key=lambda row: row[0]):
            yield _person(holder_uuid, list(rows), corrections)


def person(cut: Cut, holder_uuid: UUID) -> PersonLots | None:
    """Return one person's leaves at a cut; None for somebody without credit there."""
    with connection.cursor() as cursor:
        cursor.execute(READ.format(of_one=OF_ONE), _parameters(cut) | {"holder": holder_uuid})
        rows = cursor.fetchall()
    return _person(holder_uuid, rows, corrections_before(cut.log_size)) if rows else None


def lots_of(salt: bytes, documents: tuple[dict[str, Any], ...]) -> list[Item]:
    """Return the leaves of a person's lots in the order of their keys, under the person's salt of one seal."""
    items = []
    for document in documents:
        key = leaves.lot_key(salt, UUID(document["lot"]))
        digest = tree.lot_leaf(key, leaves.commitment(salt, key, leaves.own_bytes(document)), leaves.sums_of(document))
        items.append(Item(int.from_bytes(key, "big"), digest))
    return tree.sorted_items(items)


def placed(found: PersonLots, seal_uuid: UUID) -> Placed:
    """Return where a person stands in a seal. An erased person gets a place under a salt that nobody keeps."""
    salt = leaves.seal_salt(found.salt or secrets.token_bytes(OWNER_SALT_SIZE), seal_uuid)
    key = leaves.person_key(salt, found.holder_uuid)
    lots = tree.fold(lots_of(salt, found.documents))
    return Placed(key, lots, item_of(key, lots))


def item_of(key: bytes, lots: Digest) -> Item:
    """Return the leaf of a person in the tree of people."""
    return Item(int.from_bytes(key, "big"), tree.person_leaf(key, lots))


def corrections_before(log_size: int) -> Corrections:
    """Return, for each lot, the corrections that came after an earlier seal and stand in the log before a cut."""
    found: dict[UUID, list[dict[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CORRECTIONS, [log_size])
        for lot_uuid, _posting, posting_uuid, root, _seal in cursor.fetchall():
            found.setdefault(lot_uuid, []).append({"posting": str(posting_uuid), "sealed_root": root})
    return found


def _rows(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _parameters(cut: Cut) -> dict[str, Any]:
    return {
        "size": cut.log_size,
        "issuers": list(cut.ends),
        "ends": list(cut.ends.values()),
        "ends_on": cut.ends_on,
    }


def _person(holder_uuid: UUID, rows: list[Any], corrections: Corrections) -> PersonLots:
    salt, erased = rows[0][14], rows[0][15]
    if salt is None and not erased:
        raise Refusal(
            "salts-missing",
            _("The salts of the log have not come back after a restore. The operator has to run salts_restore."),
        )
    documents = [
        _leaf(list(of_lot), corrections.get(uuid, [])) for uuid, of_lot in groupby(rows, key=lambda row: row[1])
    ]
    return PersonLots(holder_uuid, bytes(salt) if salt else None, tuple(documents))


def _leaf(rows: list[Any], corrections: list[dict[str, str]]) -> dict[str, Any]:
    """Return the document of one lot from its rows and those of the lots recognised from it."""
    _holder, lot, issuer, unit, amount, code, name_zh, name_en = rows[0][:8]
    of_lots: dict[UUID, list[Any]] = {}
    for row in rows:
        of_lots.setdefault(row[8], []).append(row)
    own = of_lots.pop(lot, [])
    recognised = [
        leaves.recognition(lot=uuid, home=of_home[0][9], amount=of_home[0][10], places=_accounts(of_home))
        for uuid, of_home in of_lots.items()
    ]
    facts = {"course_code": code or "", "course_name_zh": name_zh or "", "course_name_en": name_en or ""}
    return leaves.leaf_document(
        lot=lot, issuer=issuer, facts=facts, unit=unit, amount=amount,
        places=_accounts(own), recognitions=recognised, corrections=corrections,
    )  # fmt: skip


def _accounts(rows: list[Any]) -> list[leaves.Account]:
    return [(kind, owner, amount) for *_lot, kind, owner, amount, _s, _e in rows if amount and kind not in SOURCE_KINDS]
