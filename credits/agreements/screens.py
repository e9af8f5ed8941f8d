"""What the registrar's pages on agreements and rules show."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import api as courses
from courses.data import CourseInfo
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.queries import partner_of
from credits.agreements.rules import AgreementTerms, EquivalenceKind, terms_of
from credits.agreements.states import AgreementStatus, EquivalenceStatus
from credits.agreements.words import AGREEMENT_WORDS, EQUIVALENCE_WORDS, GRADE_SCALE_WORDS, KIND_WORDS, SCOPE_WORDS
from edu.design import formats
from edu.design.values import SummaryRow, TimelineEntry
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.people import api as people

GUANGXI = "45"  # GB/T 2260: codes of the region begin with it


def language() -> str:
    """Return the active language's code."""
    return get_language() or "zh-hans"


def agreement_rows(versions: Iterable[AgreementVersion], own: UUID) -> list[dict[str, Any]]:
    """Return versions as lines of the list, with the partner's name; a fixed number of queries."""
    listed = list(versions)
    names = institutions.institutions(partner_of(row.agreement, own) for row in listed)
    return [
        {
            "version": row,
            "partner": names[partner_of(row.agreement, own)].name(language()),
            "tag": AGREEMENT_WORDS[AgreementStatus(row.status)],
        }
        for row in listed
    ]


def terms_rows(terms: AgreementTerms) -> list[SummaryRow]:
    """Return the terms of an agreement as lines of a summary list."""
    rows = [
        SummaryRow(_("Terms that begin"), f"{_days(terms.valid_from_on)} – {_days(terms.valid_to_on)}"),
        SummaryRow(_("Contact hours per credit"), formats.points(terms.hours_per_credit)),
        SummaryRow(_("Rounding step"), formats.points_with_unit(terms.rounding_step)),
        SummaryRow(_("Grade scale"), GRADE_SCALE_WORDS.get(terms.grade_scale, terms.grade_scale)),
        SummaryRow(_("Categories"), "、".join(terms.categories) or _("Every slot")),
        SummaryRow(_("Legal source"), _quoted(terms.source.text, terms.source.url)),
    ]
    for cap in terms.caps:
        most = formats.points_with_unit(cap.credit_points_max)
        rows.append(SummaryRow(_("Cap: %(scope)s") % {"scope": SCOPE_WORDS[cap.scope]}, most))
        rows.append(SummaryRow(_("Source of this cap"), _quoted(cap.source.text, cap.source.url)))
    if terms.note:
        rows.append(SummaryRow(_("Remark"), terms.note))
    return rows


def agreement_page(version: AgreementVersion, own: UUID) -> dict[str, Any]:
    """Return what the page of one version shows."""
    first, second = version.agreement.party_a_uuid, version.agreement.party_b_uuid
    names = institutions.institutions([first, second])
    given = {a.institution_uuid: a for a in version.approvals.filter(round=version.round)}
    status = AgreementStatus(version.status)
    return {
        "version": version,
        "tag": AGREEMENT_WORDS[status],
        "partner": names[partner_of(version.agreement, own)].name(language()),
        "rows": terms_rows(terms_of(version.document)),
        "sides": [
            {"name": names[uuid].name(language()), "own": uuid == own, "approval": given.get(uuid)}
            for uuid in (own, partner_of(version.agreement, own))
        ],
        "may_edit": status is AgreementStatus.DRAFT,
        "may_approve": status in {AgreementStatus.PROPOSED, AgreementStatus.APPROVED_BY_ONE} and own not in given,
        "may_return": status in {AgreementStatus.PROPOSED, AgreementStatus.APPROVED_BY_ONE},
        "may_end": status in {AgreementStatus.IN_FORCE, AgreementStatus.DRAFT},
        "timeline": timeline(version.moves.all(), lambda code: AGREEMENT_WORDS[AgreementStatus(code)][1]),
        "others": version.agreement.versions.exclude(pk=version.pk),
    }


def rule_rows(listed: Iterable[Equivalence] | QuerySet[Equivalence]) -> list[dict[str, Any]]:
    """Return rules as lines of the list, with the names of course, host and slot."""
    rules = list(listed)
    names = institutions.institutions(rule.host_uuid for rule in rules)
    programmes = institutions.programmes(rule.programme_uuid for rule in rules)
    found = course_names(rule.host_course_uuid for rule in rules)
    slots = {slot.uuid: slot for programme in programmes.values() for slot in programme.slots}
    return [
        {
            "rule": rule,
            "course": found[rule.host_course_uuid].name(language()),
            "host": names[rule.host_uuid].name(language()),
            "programme": programmes[rule.programme_uuid],
            "programme_name": programmes[rule.programme_uuid].name(language()),
            "slot": slots[rule.slot_uuid].name(language()),
            "kind": KIND_WORDS[EquivalenceKind(rule.kind)],
            "tag": EQUIVALENCE_WORDS[EquivalenceStatus(rule.status)],
        }
        for rule in rules
    ]


def course_names(uuids: Iterable[UUID]) -> dict[UUID, CourseInfo]:
    """Return courses by uuid; one query for each different course, of which a list shows few."""
    return {uuid: courses.course(uuid) for uuid in set(uuids)}


def rule_page(rule: Equivalence, viewer_uuid: UUID | None) -> dict[str, Any]:
    """Return what the page of one rule shows."""
    row = rule_rows([rule])[0]
    persons = people.persons(uuid for uuid in (rule.author_person_uuid, rule.approved_by_person_uuid) if uuid)
    approver = persons.get(rule.approved_by_person_uuid) if rule.approved_by_person_uuid else None
    return row | {
        "author": persons[rule.author_person_uuid].name,
        "approver": approver.name if approver else "",
        "is_author": viewer_uuid == rule.author_person_uuid,
        "may_approve": rule.status == EquivalenceStatus.DRAFT,
        "may_retire": rule.status == EquivalenceStatus.APPROVED,
        "timeline": timeline(rule.moves.all(), lambda code: EQUIVALENCE_WORDS[EquivalenceStatus(code)][1]),
        "versions": Equivalence.objects.filter(family=rule.family).exclude(pk=rule.pk),
    }


def timeline(
    moves: Iterable[Any], words: Callable[[str], Any], reasons: dict[str, Any] | None = None
) -> list[TimelineEntry]:
    """Return a history for the page, newest first: what, when, which office, and the reason in words."""
    listed = list(moves)
    names = institutions.institutions(m.actor_institution_uuid for m in listed if m.actor_institution_uuid)
    entries = [
        TimelineEntry(
            what=words(m.target),
            when=m.happened_at,
            who=_who(m, names),
            note=_reason_words(m.reason, reasons or {}),
            state="current" if m is listed[-1] else "",
        )
        for m in listed
    ]
    return entries[::-1]


def partner_choices(own: UUID) -> list[tuple[str, str]]:
    """Return the universities of Guangxi but one's own, by code."""
    listed = institutions.institutions(region=GUANGXI).values()
    ordered = sorted(listed, key=lambda info: info.code or "")
    return [(str(i.uuid), i.name(language())) for i in ordered if i.uuid != own and i.kind == "university"]


def course_choices(own: UUID) -> list[tuple[str, str]]:
    """Return the courses that other institutions open, with their institutions' names."""
    offered = {run.course.uuid: run.course for run in courses.offerings(clock.today())}
    foreign = [course for course in offered.values() if course.institution_uuid != own]
    names = institutions.institutions(course.institution_uuid for course in foreign)
    return [
        (str(c.uuid), f"{names[c.institution_uuid].name(language())} · {c.code} {c.name(language())}") for c in foreign
    ]


def slot_choices(own: UUID) -> list[tuple[str, str]]:
    """Return the slots of one's own programmes."""
    return [
        (str(slot.uuid), f"{programme.name(language())} {programme.plan_version} · {slot.name(language())}")
        for programme in institutions.programmes_of(own)
        for slot in programme.slots
    ]


def _who(move: Any, names: dict[UUID, Any]) -> str:
    if move.actor_role == "system":
        return _("By the rules, automatically")
    institution = names.get(move.actor_institution_uuid)
    role = {"registrar": _("Registrar's office"), "student": _("Student")}.get(move.actor_role, "")
    return " · ".join(part for part in (institution.name(language()) if institution else "", role) if part)


def _reason_words(reason: str, reasons: dict[str, Any]) -> str:
    code, _sep, rest = reason.partition(": ")
    return f"{reasons[code]}：{rest}" if rest and code in reasons else str(reasons.get(reason, reason))


def _days(day: dt.date) -> str:
    return formats.table_day(day)


def _quoted(text: str, url: str) -> str:
    return f"{text}\n{url}" if url else text
