"""Institutions and what they consist of."""

import uuid

from django.db import models


class InstitutionKind(models.TextChoices):
    """What an institution is."""

    UNIVERSITY = "university"
    SCHOOL = "school"
    TEACHING_POINT = "teaching_point"
    PROVIDER = "provider"
    AUTHORITY = "authority"  # an education department, which supervises


class Institution(models.Model):
    """One row per university, school, teaching point or provider, for as long as it exists under any name."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        max_length=10, unique=True, null=True, blank=True
    )  # 学校标识码; a teaching point may have none
    kind = models.CharField(max_length=20, choices=InstitutionKind)
    region = models.CharField(max_length=6, blank=True)  # GB/T 2260, "450100" is Nanning
    city = models.CharField(max_length=60, blank=True)
    authority = models.CharField(max_length=120, blank=True)  # 主管部门
    level = models.CharField(max_length=20, blank=True)  # 本科, 专科
    remarks = models.CharField(max_length=60, blank=True)  # 民办, 中外合作办学
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[0-9]{10}$"),
                name="institution_code_is_ten_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.uuid)


class InstitutionName(models.Model):
    """One row per name, language and period; open ends mean always.

    Where only the year of a change is known, both names hold in that year (`by_year`): nobody can say on which day
    of it the old one ended, so a document of that year shows both.
    """

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=10)  # "zh-hans" or "en"
    name = models.CharField(max_length=200)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    by_year = models.BooleanField(default=False)  # the dates are whole years: show "2018", not a day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "language", "from_on"], name="one_name_at_a_time", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["name"], name="institution_by_name")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """One row per college or department of an institution."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="departments")
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="department_code_once")]

    def __str__(self) -> str:
        return self.name_zh


class Programme(models.Model):
    """One row per degree programme and version of its plan (培养方案)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="programmes")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="programmes"
    )
    code = models.CharField(max_length=10)  # 专业代码, "071201"
    plan_version = models.CharField(max_length=10)  # "2024"
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "code", "plan_version"], name="programme_plan_once")
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} {self.plan_version}"


class RequirementSlot(models.Model):
    """One row per category of credit that a programme asks for (通识选修 and so on); recognised credit lands here."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="slots")
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    credit_points_min = models.DecimalField(max_digits=8, decimal_places=2)
    credit_points_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="slot_code_once"),
            models.CheckConstraint(
                condition=models.Q(credit_points_max__isnull=True)
                | models.Q(credit_points_max__gte=models.F("credit_points_min")),
                name="slot_maximum_not_below_minimum",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Term(models.Model):
    """One row per academic term of an institution."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="terms")
    code = models.CharField(max_length=20)  # "2026-2027-1"
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="term_code_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="term_has_days"),
        ]

    def __str__(self) -> str:
        return self.code
