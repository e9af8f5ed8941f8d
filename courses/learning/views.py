"""The learner's pages: course home with the outline, a unit, progress."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.catalogue.queries import is_textbook
from courses.content.queries import unit_of_block
from courses.grading.explaining import outcome
from courses.grading.proposing import policies_in_force
from courses.grading.queries import Standing, standing
from courses.grading.timetable import appointments_of
from courses.grading.wording import tree
from courses.learning.access import Mode, Study, study_of
from courses.learning.queries import contents_of, unit_page
from courses.progress.queries import scores_by_subsection
from courses.runtime import addresses, passes
from edu.kernel.errors import NotThere, Refusal
from edu.people.api import actor_of, signed_in
from edu.people.data import Identity


@require_safe
@never_cache
@signed_in
def home(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show the next unit first, then the outline; before the run begins, when that will be."""
    study = study_for(request, run_uuid)
    if study.mode == Mode.WAITS or study.run.content is None:
        return not_yet(request, study)
    course = study.run.course
    marked = {"is_textbook": is_textbook(course), "course_uuid": course.uuid}
    page = render(request, "courses/learning/home.html", {**around(study), **marked, "contents": contents_of(study)})
    return kept_for(page, study)


@require_safe
@never_cache
@signed_in
def unit(request: HttpRequest, run_uuid: UUID, unit_id: str) -> HttpResponse:
    """Show a unit: its blocks in a frame on the course's own origin, its neighbours, the outline."""
    study = study_for(request, run_uuid)
    if study.mode == Mode.WAITS or study.run.content is None:
        return not_yet(request, study)
    contents = contents_of(study, unit_id)
    page = unit_page(study, contents, unit_id, get_language() or "zh-hans")
    context = {**around(study), "contents": contents, "page": page, "opaque": addresses.is_opaque()}
    response = render(request, "courses/learning/unit.html", context)
    frames = addresses.frames_of(study.run.course.label)
    response._csp_replace = {"frame-src": frames}  # type: ignore[attr-defined]  # how django-csp takes a page's own rule
    return kept_for(response, study)


@require_safe
@never_cache
@signed_in
def jump(request: HttpRequest, run_uuid: UUID, url_name: str) -> HttpResponse:
    """Go to the unit in which a block stands: courses link to each other's parts by /jump_to_id/<name>."""
    study = study_for(request, run_uuid)
    if study.mode == Mode.WAITS or study.run.content is None:
        return not_yet(request, study)
    unit_id = unit_of_block(study.run.content.pk, url_name)
    if unit_id not in {line.usage_id for line in contents_of(study).units()}:
        raise NotThere("no-such-block", _("The course has no such part any more. Look for it in the contents."))
    return redirect("courses:learn_unit", run_uuid=run_uuid, unit_id=unit_id)


@require_safe
@never_cache
@signed_in
def progress(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show what counts so far, what is missing for exam entry, and how the grade is computed for this learner."""
    study = study_for(request, run_uuid)
    version = study.run.content
    if study.mode == Mode.WAITS or version is None:
        return not_yet(request, study)
    stands = _standing(request, study)
    context = {**around(study), "contents": contents_of(study), "standing": stands}
    if stands is None:
        context["scores"] = scores_by_subsection(study.run.pk, study.person_id, version.pk, version.uuid)
    else:
        document = outcome(stands.computed)
        context |= {"document": document, "unmet": tree(document).unmet}
        context["appointments"] = appointments_of(stands)
    return kept_for(render(request, "courses/learning/progress.html", context), study)


def _standing(request: HttpRequest, study: Study) -> Standing | None:
    """Return where the learner stands, or None in a preview and where the content has no usable policy."""
    if study.mode == Mode.PREVIEWS:
        return None
    identities: tuple[Identity, ...] = request.identities  # type: ignore[attr-defined]  # the middleware's
    students = sorted((one for one in identities if one.role == "student"), key=lambda one: one.from_on)
    try:
        policies = policies_in_force(study.run)
    except Refusal:
        return None
    homes = [one.institution_uuid for one in students]
    return standing(study.run, policies, person_id=study.person_id, homes=homes)


def study_for(request: HttpRequest, run_uuid: UUID) -> Study:
    """Return how the person who is signed in is in the run; NotThere for strangers."""
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    return study_of(actor_of(request), person_id, run_uuid)


def not_yet(request: HttpRequest, study: Study) -> HttpResponse:
    """Show that there is nothing to learn yet, and from when on."""
    return render(request, "courses/learning/not_yet.html", around(study))


def around(study: Study) -> dict[str, Any]:
    """Return what every page of a run shows around its own matter."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    course = study.run.course
    return {
        "study": study,
        "run": study.run,
        "course_name": course.name_zh if chinese or not course.name_en else course.name_en,
        "mode": study.mode.value,
        "owner": owner_of(study),
        "origin": addresses.origin(course.label),
    }


def owner_of(study: Study) -> str:
    """Return the device's name for the person, or "" where nothing is stored on devices."""
    return passes.owner_id(study.person_id, "") if study.keeps and not addresses.is_opaque() else ""


def kept_for(response: HttpResponse, study: Study) -> HttpResponse:
    """Let the device keep a page for times without a network, for this person only."""
    if owner := owner_of(study):
        response["X-Guixue-Owner"] = owner
    return response
