"""Tiny makers of institutions and their parts; every default is valid."""

import datetime as dt
from decimal import Decimal
from itertools import count

from edu.institutions.models import (
    Department,
    Institution,
    InstitutionKind,
    InstitutionName,
    Programme,
    RequirementSlot,
    Term,
)

_codes = count(4145090001)


def make_institution(
    *,
    code: str | None = None,
    name_zh: str = "",
    name_en: str = "",
    kind: str = InstitutionKind.UNIVERSITY,
    region: str = "450100",
    **fields: str,
) -> Institution:
    """Make an institution with its names of all times; the code is the next unused one unless given."""
    code = code or str(next(_codes))
    institution = Institution.objects.create(code=code, kind=kind, region=region, **fields)
    InstitutionName.objects.create(institution=institution, language="zh-hans", name=name_zh or f"大学{code[-4:]}")
    if name_en:
        InstitutionName.objects.create(institution=institution, language="en", name=name_en)
    return institution


def make_department(
    *, institution: Institution, code: str = "01", name_zh: str = "数学学院", name_en: str = ""
) -> Department:
    """Make a department."""
    return Department.objects.create(institution=institution, code=code, name_zh=name_zh, name_en=name_en)


def make_programme(
    *,
    institution: Institution,
    code: str = "071201",
    plan_version: str = "2024",
    name_zh: str = "统计学",
    name_en: str = "Statistics",
) -> Programme:
    """Make a programme without slots."""
    return Programme.objects.create(
        institution=institution, code=code, plan_version=plan_version, name_zh=name_zh, name_en=name_en
    )


def make_slot(
    *,
    programme: Programme,
    code: str = "GE",
    name_zh: str = "通识选修",
    name_en: str = "General electives",
    credit_points_min: str = "6.00",
    credit_points_max: str | None = None,
) -> RequirementSlot:
    """Make a requirement slot."""
    return RequirementSlot.objects.create(
        programme=programme,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        credit_points_min=Decimal(credit_points_min),
        credit_points_max=Decimal(credit_points_max) if credit_points_max else None,
    )


def make_term(
    *,
    institution: Institution,
    code: str = "2026-2027-1",
    name_zh: str = "2026-2027学年第一学期",
    name_en: str = "Autumn 2026",
    starts_on: dt.date = dt.date(2026, 9, 1),
    ends_on: dt.date = dt.date(2027, 1, 17),
) -> Term:
    """Make a term."""
    return Term.objects.create(
        institution=institution, code=code, name_zh=name_zh, name_en=name_en, starts_on=starts_on, ends_on=ends_on
    )
