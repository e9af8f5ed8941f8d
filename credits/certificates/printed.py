"""The book of names that codes on paper refer to by number: it only grows."""

from collections.abc import Mapping

from django.db import connection, transaction

from credits.certificates.compact import HOME, ISSUER, PARTS, Book, block_of
from credits.certificates.models import PrintedName

LENGTHS = {"code": 10, "name_zh": 200, "name_en": 300, "former_name_zh": 200, "former_name_en": 300}  # of the columns
LOCK = 4104040  # of the advisory lock under which a number is given out


def book() -> Book:
    """Return every name that a code may refer to."""
    return {row.number: _block(row) for row in PrintedName.objects.order_by("number")}


def book_for(statement: Mapping[str, object]) -> Book:
    """Return the numbers of a statement's institutions, given out now when they are new."""
    blocks = [block for key in (ISSUER, HOME) if (block := block_of(statement, key))]
    return {_number(block): block for block in blocks if _fits(block)}


def _number(block: Mapping[str, str]) -> int:
    values = {part: block.get(part, "") for part in PARTS}
    found = PrintedName.objects.filter(**values).first()
    if found:
        return found.number
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])  # numbers stay small: no gaps, no sequence
        found = PrintedName.objects.filter(**values).first()
        last = PrintedName.objects.order_by("-number").values_list("number", flat=True).first() or 0
        return (found or PrintedName.objects.create(number=last + 1, **values)).number


def _block(row: PrintedName) -> dict[str, str]:
    return {part: value for part in PARTS if (value := getattr(row, part))}


def _fits(block: Mapping[str, str]) -> bool:
    """Tell whether the book can hold it: a block with other parts, or with longer ones, travels as text."""
    return set(block) <= set(PARTS) and bool(block.get("name_zh")) and all(len(block[p]) <= LENGTHS[p] for p in block)
