"""The learners' form, the results of a run, and the list for offices."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.catalogue.queries import course_info
from courses.enrolment.participants import TEACHING_ROLES, participant_of
from courses.evaluation import rules
from courses.evaluation.access import run_to_review, whose_runs
from courses.evaluation.actions import evaluate
from courses.evaluation.forms import EvaluationForm
from courses.evaluation.queries import evaluation_of, has_answered, run_line, runs_to_review
from courses.evaluation.rules import GroupResult
from courses.evaluation.wording import GRADE_WORDS, ITEM_WORDS, WINDOW_WORDS
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import actor_of, require_role, signed_in

RUNS_PER_PAGE = 50
REVIEWERS = ("teacher", "author", "registrar", "supervisor", "operator")


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def answer(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Let a learner evaluate the run once; teachers go to the results."""
    one = participant_of(actor_of(request), _person_id(request), run_uuid)
    if one.teaches:
        return redirect("courses:evaluation_results", run_uuid=run_uuid)
    form = EvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evaluate(one, form.answer())
        except (NotThere, NotPermitted, Stale):
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Thank you. Your answer is kept without your name."))
            return redirect("courses:evaluate", run_uuid=run_uuid)
    context = {
        "run": one.run,
        "course": course_info(one.run.course),
        "form": form,
        "window": rules.window(one.run.ends_on, clock.today()).value,
        "opens_on": rules.opens_on(one.run.ends_on),
        "closes_on": rules.closes_on(one.run.ends_on),
        "answered": has_answered(one),
        "group_min": rules.GROUP_MIN,
    }
    return render(request, "courses/evaluation/answer.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def results(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show what may be shown of a run's evaluation."""
    actor = require_role(request, *REVIEWERS)
    run = run_to_review(actor, _person_id(request), run_uuid)
    found = evaluation_of(run)
    shown = found.shown
    context = {
        "run": run,
        "course": course_info(run.course),
        "evaluation": found,
        "window_words": WINDOW_WORDS[found.window],
        "group_min": rules.GROUP_MIN,
        "office": actor.role not in TEACHING_ROLES,
        "grade_words": [GRADE_WORDS[grade] for grade in rules.GRADES],
        "rows": _rows(shown.all) if shown and shown.all else [],
        "apart": _apart(shown.rural, shown.others) if shown and shown.rural and shown.others else [],
    }
    return render(request, "courses/evaluation/results.html", context)


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """List the runs whose evaluation has begun: a registrar's own institution, or all for who supervises."""
    actor = require_role(request, "registrar", "supervisor", "operator")
    page = Paginator(runs_to_review(whose_runs(actor)), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    lines = [(run_line(row), WINDOW_WORDS[run_line(row).window]) for row in page.object_list]
    return render(request, "courses/evaluation/overview.html", {"page_obj": page, "lines": lines})


def _person_id(request: HttpRequest) -> int:
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    return person_id


def _rows(group: GroupResult) -> list[dict[str, Any]]:
    return [{"words": ITEM_WORDS[item.item], "mean": item.mean, "counts": item.counts} for item in group.items]


def _apart(rural: GroupResult, others: GroupResult) -> list[dict[str, Any]]:
    """Return both groups' means side by side."""
    pairs = zip(rural.items, others.items, strict=True)
    return [
        {"words": ITEM_WORDS[one.item], "rural": one.mean, "others": other.mean, "difference": one.mean - other.mean}
        for one, other in pairs
    ]
