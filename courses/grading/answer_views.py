"""The teacher's page of answers in learners' own words that wait for a grade, or for classmates who do not come."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.content import queries as content
from courses.enrolment.queries import run as run_info
from courses.grading.access import taught_run
from courses.runtime.rules import STUCK_AFTER
from courses.runtime.waiting import tasks_waiting
from edu.people import api as people


@people.signed_in
@require_safe
def answers(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List the tasks of a run in which answers wait, in the order of the contents."""
    run = taught_run(people.require_role(request, people.Role.TEACHER), run_uuid)
    tasks = tasks_waiting([run_uuid])
    units = content.outline(run.content_id).units() if run.content_id and tasks else ()
    names = {unit.usage_id: unit.display_name for unit in units}
    context = {
        "run": run_info(run_uuid),
        "rows": [(task, names.get(task.unit_usage_id, "")) for task in tasks],
        "total": sum(task.total for task in tasks),
        "since": min((task.since for task in tasks), default=None),
        "days": STUCK_AFTER.days,
    }
    return render(request, "courses/grading/answers.html", context)
