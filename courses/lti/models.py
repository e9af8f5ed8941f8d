"""Tools on other servers that our units open by LTI 1.3, who opened them, and tokens that were taken."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from courses.lti.states import RegistrationStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in RegistrationStatus]
URL_LENGTH_MAX = 500


class Tool(models.Model):
    """One row per tool that an institution registered for its courses; blocks name it by its client id.

    Client and deployment id never change; what else does is kept in `changes`.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="lti_tools")
    name = models.CharField(max_length=80)
    client_id = models.CharField(max_length=40, unique=True)
    deployment_id = models.CharField(max_length=40, unique=True)
    login_url = models.CharField(max_length=URL_LENGTH_MAX)  # where the tool begins its OpenID Connect login
    launch_url = models.CharField(max_length=URL_LENGTH_MAX)  # what is opened when a block names nothing else
    choosing_url = models.CharField(max_length=URL_LENGTH_MAX, blank=True)  # where authors choose content; "": nowhere
    redirect_urls = models.JSONField()  # the only addresses to which an id_token is sent
    jwks_url = models.CharField(max_length=URL_LENGTH_MAX)  # the tool's public keys
    sends_name = models.BooleanField(default=False)
    sends_email = models.BooleanField(default=False)
    lists_members = models.BooleanField(default=False)  # may ask who is in a run: roles, and names already told
    purpose = models.CharField(max_length=300, blank=True)  # why names or e-mail are sent; learners read it
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=RegistrationStatus.ACTIVE.value)
    revision = models.PositiveIntegerField(default=1)  # grows with each change: who saw an older one changes nothing
    registered_by_person_uuid = models.UUIDField()
    registered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sends_name=False, sends_email=False) | ~models.Q(purpose=""),
                name="lti_tool_tells_people_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ToolMove(StateMove):
    """One row per move of a tool's registration; never changed."""

    subject = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="moves")


class RegistrationChange(models.Model):
    """Base of the histories of registrations: one row per change, with what was and what became; never changed.

    A concrete history adds `subject = ForeignKey(..., related_name="changes")`.
    """

    was = models.JSONField()  # the columns that differ, as they were
    became = models.JSONField()
    reason = models.CharField(max_length=500)
    actor_person_uuid = models.UUIDField()
    actor_institution_uuid = models.UUIDField()
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return ", ".join(self.became)


class ToolChange(RegistrationChange):
    """One row per change of a tool's registration; never changed."""

    subject = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="changes")


class ToolSeat(models.Model):
    """One row per learner and block that opened a tool; `uuid` goes through the tool at sign-in and names nobody."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="+")
    usage_id = models.CharField(max_length=300)
    unit_usage_id = models.CharField(max_length=300)
    subject = models.CharField(max_length=64)  # the learner's name within the run, as the tool knows it
    opened_at = models.DateTimeField()
    told = models.JSONField(default=list)  # what launches told the tool of the person: "name", "email"
    scored_at = models.DateTimeField(null=True)  # the tool's own time of the score that stands: an older one is late
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tool", "run", "usage_id", "person"], name="lti_seat_once"),
            models.UniqueConstraint(fields=["tool", "run", "usage_id", "subject"], name="lti_subject_once"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ToolPick(models.Model):
    """One row per choice of content that an author began at a tool (deep linking); swept a day after it ended.

    What the tool answered is only kept here: the author looks at it and puts it into the draft, or does not.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="picks")
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="+")
    usage_id = models.CharField(max_length=300)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    data = models.CharField(max_length=64)  # goes to the tool and has to come back in its signed answer
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    item = models.JSONField(default=dict)  # what was chosen; {}: nothing
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.uuid)


class SeenToken(models.Model):
    """One row per signed token that was taken, so that none is taken twice; swept when it would have expired."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of issuer, purpose and the token's own number
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]
