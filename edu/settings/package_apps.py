"""Apps of packages whose tables have the keys that their own migrations gave them."""

from django.apps import AppConfig

OLDER_KEYS = "django.db.models.AutoField"  # their migrations say so, and nothing here alters their tables


class SubmissionsConfig(AppConfig):
    """What learners hand in, and the scores it got (edx-submissions)."""

    name = "submissions"
    default_auto_field = OLDER_KEYS


class AssessmentConfig(AppConfig):
    """Rubrics, and who judged what by them (ora2)."""

    name = "openassessment.assessment"
    default_auto_field = OLDER_KEYS


class WorkflowConfig(AppConfig):
    """How far each answer has come (ora2)."""

    name = "openassessment.workflow"
    default_auto_field = OLDER_KEYS


class StaffGraderConfig(AppConfig):
    """Locks of a grading screen that is not run here (ora2); its block imports the table."""

    name = "openassessment.staffgrader"
    default_auto_field = OLDER_KEYS
