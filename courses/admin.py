"""Gathers the applets' read-only admins, since Django looks here. One import a line."""

from courses.catalogue.admin import *  # noqa: F403
from courses.enrolment.admin import *  # noqa: F403
from courses.runs.admin import *  # noqa: F403
