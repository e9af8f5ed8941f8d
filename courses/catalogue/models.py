"""Courses as the catalogue knows them, and the pages that present them."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.catalogue.pages import CourseIndexPage, CoursePage, HomePage, InstitutionIndexPage, InstitutionPage

__all__ = [
    "Course",
    "CourseIndexPage",
    "CoursePage",
    "HomePage",
    "InstitutionIndexPage",
    "InstitutionPage",
    "Textbook",
    "TextbookDeed",
]


class Course(models.Model):
    """One row per course, the specification that is delivered in runs (ELMO LOS); its pages hang on it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="courses")
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    label = models.SlugField(max_length=40, unique=True)  # its place in the block origin: {label}.blocks.localhost
    changed_at = models.DateTimeField(db_default=Now(), editable=False)  # kept by a trigger

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="course_code_once")]

    def __str__(self) -> str:
        return self.name_zh


class Textbook(models.Model):
    """One row per course that is, or was, a digital textbook (数字教材), with what its packs say of it.

    Written by courses.textbooks alone; it stands here because being a textbook is what a course is.
    """

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="textbook")
    edition = models.CharField(max_length=40)  # "第2版"
    approval_number = models.CharField(max_length=60, blank=True)  # 审定号, where an authority gave one
    licence = models.CharField(max_length=300)  # who may copy and use it, in words
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)  # number of the last deed
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.course_id} {self.edition}"


class TextbookDeed(models.Model):
    """One row per time somebody marked a course as a textbook, changed what it says, or ended it. Never changed."""

    textbook = models.ForeignKey(Textbook, on_delete=models.PROTECT, related_name="deeds")
    revision = models.PositiveIntegerField()
    verb = models.CharField(max_length=10)  # marked, changed, ended
    edition = models.CharField(max_length=40)
    approval_number = models.CharField(max_length=60, blank=True)
    licence = models.CharField(max_length=300)
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["textbook", "revision"], name="textbook_deed_once")]

    def __str__(self) -> str:
        return f"{self.textbook_id} r{self.revision} {self.verb}"
