"""A person's credit as a screen shows it: every lot, where its amounts are, how they came there."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from credits.data import BalanceInfo, LotInfo, PostingInfo, PostingLineInfo
from credits.ledger import queries
from credits.ledger.grounds import ForeignParty
from credits.ledger.rules import SOURCE_KINDS, AccountKind, PostingEvent
from credits.ledger.sources import page_of
from credits.ledger.words import EVENT_WORDS, PLACE_WORDS, REASON_WORDS, ROLE_WORDS, SOURCE_WORDS
from edu.institutions import api as institutions
from edu.institutions.data import in_language
from edu.kernel.errors import NotThere

OF_AN_INSTITUTION = frozenset(
    {AccountKind.ISSUED, AccountKind.CONVERTED_IN, AccountKind.CONVERTED_OUT, AccountKind.IMPORTED}
)


@dataclass(frozen=True, slots=True)
class Place:
    """An amount of a lot and where it is, in words."""

    anchor: str  # of the posting that brought it there, on the lot's page
    amount: Decimal
    tone: str
    word: Any
    owner: str  # whose it is, in words: an institution, a slot, a reason


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with its names in the reader's language; `home` are the lots recognised from it."""

    lot: LotInfo
    title: str
    issuer: str
    places: tuple[Place, ...]
    home: tuple["LotRow", ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person holds. The figures count a credit once: recognised at home, or still waiting to be."""

    rows: tuple[LotRow, ...]
    recognised: Decimal
    available: Decimal
    set_aside: Decimal
    unusable: Decimal
    contact_hours: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a posting: what came in, or left when negative, where, and whose that is."""

    amount: Decimal
    place: Any
    owner: str


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting in the history of a lot, in words."""

    posting: PostingInfo
    word: Any
    steps: tuple[Step, ...]
    who: str
    cause: Any
    cause_url: str


class Names:
    """Names of institutions and slots in one language, fetched once for a whole page."""

    def __init__(self, lots: Iterable[LotInfo], language: str, lines: Iterable[PostingLineInfo] = ()) -> None:
        self.language = language
        owners = [(b.account_kind, b.account_owner) for lot in lots for b in lot.balances]
        owners += [(line.account_kind, line.account_owner) for line in lines]
        wanted = {lot.issuer_uuid for lot in lots}
        wanted |= {UUID(owner) for kind, owner in owners if kind in OF_AN_INSTITUTION}
        wanted |= {UUID(owner.split(":")[0]) for kind, owner in owners if kind == AccountKind.EXPORTED}
        programmes = {UUID(owner.split(":")[1]) for kind, owner in owners if kind == AccountKind.RECOGNISED}
        found = institutions.programmes(programmes) if programmes else {}
        wanted |= {programme.institution_uuid for programme in found.values()}
        self.institutions = institutions.institutions(wanted) if wanted else {}
        outside = wanted - self.institutions.keys()
        self.parties = {party.uuid: party for party in ForeignParty.objects.filter(uuid__in=outside)} if outside else {}
        self.slots = {slot.uuid: slot.name(language) for programme in found.values() for slot in programme.slots}

    def institution(self, uuid: UUID) -> str:
        """Return the name of an institution, here or outside; its uuid when nobody knows it."""
        if party := self.parties.get(uuid):
            return in_language(self.language, party.name_zh, party.name_en)
        found = self.institutions.get(uuid)
        return found.name(self.language) if found else str(uuid)

    def owner(self, kind: str, owner: str) -> str:
        """Return in words whose account it is; empty where the kind says all."""
        if kind in OF_AN_INSTITUTION:
            return self.institution(UUID(owner))
        if kind == AccountKind.EXPORTED:
            return self.institution(UUID(owner.split(":")[0]))
        if kind == AccountKind.RECOGNISED:
            return self.slots.get(UUID(owner.split(":")[2]), "")
        if kind == AccountKind.UNUSABLE:
            return str(REASON_WORDS.get(owner, owner))
        return ""


def statement_of(person_uuid: UUID, language: str, issuer_uuid: UUID | None = None) -> Statement:
    """Return a person's credit; of one issuer's lots (and what became of them) alone when it is named."""
    held = queries.lots_of(person_uuid)
    names = Names(held, language)
    home: dict[UUID, list[LotInfo]] = {}
    for lot in held:
        if lot.derived_from_uuid:
            home.setdefault(lot.derived_from_uuid, []).append(lot)
    own = [lot for lot in held if not lot.derived_from_uuid and issuer_uuid in {None, lot.issuer_uuid}]
    rows = tuple(_lot_row(lot, names, home.get(lot.uuid, [])) for lot in own)
    shown = [lot for row in rows for lot in (row.lot, *(below.lot for below in row.home))]
    points = [lot for lot in shown if lot.unit == "credit_points"]
    return Statement(
        rows=rows,
        recognised=_sum(points, AccountKind.RECOGNISED),
        available=_sum(points, AccountKind.AVAILABLE),
        set_aside=_sum(points, AccountKind.RESERVED),
        unusable=_sum(points, AccountKind.UNUSABLE),
        contact_hours=_sum([lot for lot in shown if lot.unit == "contact_hours"], AccountKind.AVAILABLE),
    )


def lot_page(
    lot: LotInfo, language: str, *, reader_institution_uuid: UUID | None
) -> tuple[LotRow, tuple[PostingRow, ...]]:
    """Return a lot with the lots recognised from it, and the history of its postings, oldest first.

    The reader's institution is None for the holder.
    """
    derived = queries.lots_derived_from(lot.uuid)
    postings = queries.history_of(lot.uuid)
    names = Names((lot, *derived), language, [line for posting in postings for line in posting.lines])
    arrivals = _arrivals(postings, lot.uuid)
    row = _lot_row(lot, names, derived, arrivals)
    return row, tuple(_posting_row(posting, lot.uuid, names, reader_institution_uuid) for posting in postings)


def rows_of(lots: tuple[LotInfo, ...], language: str) -> tuple[LotRow, ...]:
    """Return lots of different people for a list."""
    names = Names(lots, language)
    return tuple(_lot_row(lot, names, ()) for lot in lots)


def _sum(lots: Iterable[LotInfo], kind: AccountKind) -> Decimal:
    return sum((lot.amount_in(kind) for lot in lots), Decimal("0.00"))


def _lot_row(
    lot: LotInfo, names: Names, derived: Iterable[LotInfo], arrivals: dict[tuple[str, str], UUID] | None = None
) -> LotRow:
    home = tuple(_lot_row(below, names, ()) for below in derived)
    said_by_home = {AccountKind.CONVERTED_OUT} if home else set()  # the lot at home says it better
    unsaid = SOURCE_KINDS | said_by_home
    shown = [b for b in lot.balances if b.amount and AccountKind(b.account_kind) not in unsaid]
    return LotRow(
        lot=lot,
        title=_title(lot, names.language),
        issuer=names.institution(lot.issuer_uuid),
        places=tuple(_place(balance, names, arrivals or {}) for balance in shown),
        home=home,
    )


def _title(lot: LotInfo, language: str) -> str:
    zh, en = lot.facts.get("course_name_zh", ""), lot.facts.get("course_name_en", "")
    return (en if language.startswith("en") and en else zh) or gettext("Recognised credit")


def _place(balance: BalanceInfo, names: Names, arrivals: dict[tuple[str, str], UUID]) -> Place:
    tone, word = PLACE_WORDS[AccountKind(balance.account_kind)]
    arrival = arrivals.get((balance.account_kind, balance.account_owner))
    return Place(
        anchor=f"posting-{arrival}" if arrival else "history",
        amount=balance.amount,
        tone=tone,
        word=word,
        owner=names.owner(balance.account_kind, balance.account_owner),
    )


def _arrivals(postings: Iterable[PostingInfo], lot_uuid: UUID) -> dict[tuple[str, str], UUID]:
    """Return for each account the last posting that brought something of the lot into it."""
    return {
        (line.account_kind, line.account_owner): posting.uuid
        for posting in postings
        for line in posting.lines
        if line.lot_uuid == lot_uuid and line.amount > 0
    }


def _posting_row(
    posting: PostingInfo, lot_uuid: UUID, names: Names, reader_institution_uuid: UUID | None
) -> PostingRow:
    own_first = sorted(posting.lines, key=lambda line: (line.lot_uuid != lot_uuid, line.lot_uuid, line.amount))
    return PostingRow(
        posting=posting,
        word=EVENT_WORDS[PostingEvent(posting.event)],
        steps=tuple(Step(line.amount, *_account_words(line, names)) for line in own_first),
        who=_who(posting, names),
        cause=SOURCE_WORDS.get(posting.source.kind, posting.source.kind),
        cause_url=page_of(posting.source, reader_institution_uuid),
    )


def _account_words(line: PostingLineInfo, names: Names) -> tuple[Any, str]:
    return PLACE_WORDS[AccountKind(line.account_kind)][1], names.owner(line.account_kind, line.account_owner)


def _who(posting: PostingInfo, names: Names) -> str:
    role = str(ROLE_WORDS.get(posting.actor_role, posting.actor_role))
    if posting.actor_institution_uuid is None:
        return role
    try:
        known = names.institutions.get(posting.actor_institution_uuid)
        info = known or institutions.institution(posting.actor_institution_uuid)
    except NotThere:
        return role
    return gettext("%(role)s, %(institution)s") % {"role": role, "institution": info.name(names.language)}
