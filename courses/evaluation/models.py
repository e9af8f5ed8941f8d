"""Who has evaluated a run, and, apart from that, what was answered."""

import uuid

from django.conf import settings
from django.db import models

from courses.evaluation.rules import Place


class EvaluationTurn(models.Model):
    """One row per learner who has answered: it stops a second answer, and holds no time and nothing of the answer."""

    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="evaluation_turns")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="one_evaluation_per_learner")]

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationAnswer(models.Model):
    """One row per answer, without person and time; its key is random, so that no order points at anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="evaluation_answers")
    place = models.CharField(max_length=6, choices=[(place.value, place.value) for place in Place])
    grades = models.JSONField()  # {"goals": 4, …}: every item of rules.ITEMS
    comment = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=[place.value for place in Place]), name="evaluation_place_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
