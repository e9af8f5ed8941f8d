"""How long after the due time a learner's answers are taken: as the grading policy that holds for them says."""

import datetime as dt

from courses.enrolment.models import Enrolment
from courses.grading import rules
from courses.grading.queries import policies_held
from courses.runs.models import CourseRun
from edu.people import api as people


def window_of(run_id: int, person_id: int) -> dt.timedelta:
    """Return the window of a learner; one query where the run's policies take nothing late, three at most."""
    held = {one.home_uuid: one for one in policies_held(CourseRun(pk=run_id))}
    windows = {home: rules.late_window(one.policy.late) for home, one in held.items()}
    if not any(windows.values()):
        return dt.timedelta(0)
    general = windows.get(None, dt.timedelta(0))
    if len(windows) == 1 and None in windows:
        return general
    place = Enrolment.objects.filter(run_id=run_id, person_id=person_id).values_list("person__uuid", flat=True).first()
    record = people.student_records([place]).get(place) if place else None
    return windows.get(record.institution_uuid, general) if record else general
