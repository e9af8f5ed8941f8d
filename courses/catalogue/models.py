"""Courses as the catalogue knows them, and the pages that present them."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.catalogue.pages import CourseIndexPage, CoursePage, HomePage, InstitutionIndexPage, InstitutionPage

__all__ = ["Course", "CourseIndexPage", "CoursePage", "HomePage", "InstitutionIndexPage", "InstitutionPage"]


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
