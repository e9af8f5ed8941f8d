"""Gathers the applets' models, since Django looks here."""

from courses.announcements.models import *  # noqa: F403
from courses.authoring.models import *  # noqa: F403
from courses.catalogue.models import *  # noqa: F403
from courses.content.models import *  # noqa: F403
from courses.discussion.models import *  # noqa: F403
from courses.enrolment.models import *  # noqa: F403
from courses.evaluation.models import *  # noqa: F403
from courses.grading.models import *  # noqa: F403
from courses.grading.records import *  # noqa: F403
from courses.lti.models import *  # noqa: F403
from courses.lti.platform_models import *  # noqa: F403
from courses.media.models import *  # noqa: F403
from courses.offline.models import *  # noqa: F403
from courses.runs.models import *  # noqa: F403
from courses.runtime.models import *  # noqa: F403
from courses.textbooks.models import *  # noqa: F403
from courses.tutoring.models import *  # noqa: F403
from courses.xapi.models import *  # noqa: F403
