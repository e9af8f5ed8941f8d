"""The pages on which content is approved or returned, and on which its author sees how it stands."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses.catalogue.queries import course_info
from courses.content import access, approvals, checking, links, moderating
from courses.content.crumbs import crumbs_of
from courses.content.forms import ReturnForm
from courses.content.models import ContentSubmission
from courses.content.states import SubmissionStatus
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal, Stale
from edu.people import api as people

A_PAGE = 50


@never_cache
@people.signed_in
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for approval, or what was decided (?view=decided)."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    assert actor.institution_uuid is not None  # a registrar is one of an institution
    is_decided = request.GET.get("view") == "decided"
    rows = approvals.decided(actor.institution_uuid) if is_decided else approvals.waiting(actor.institution_uuid)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    count = approvals.waiting_at(actor.institution_uuid)
    context = {
        "lines": approvals.lines(page.object_list),
        "page_obj": page,
        "waiting": count,
        "is_decided": is_decided,
        "tabs": [
            {"label": _("Waits for approval"), "url": "?", "current": not is_decided, "count": count},
            {"label": _("Decided"), "url": "?view=decided", "current": is_decided},
        ],
    }
    return render(request, "courses/content/approvals.html", context)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, submission_uuid: UUID) -> HttpResponse:
    """Show what was sent and what it means; approve or return it, or take it back as its author."""
    row, actor = access.submission_for(request, submission_uuid)
    approver = actor.role not in access.ROLES
    form = ReturnForm(request.POST if request.POST.get("deed") == "return" else None)
    if request.method == "POST" and _carried_out(request, row, actor, form):
        if approver:
            return redirect("courses:content_approvals")
        return redirect("courses:content_versions", course_uuid=row.course.uuid)
    waits = row.status == SubmissionStatus.WAITING
    context = {
        "course": row.course,
        "info": course_info(row.course),
        "row": row,
        "line": approvals.lines([row])[0],
        "decision": approvals.decision_of(row),
        "previews": approvals.previews_of(row) if waits else [],
        "links": links.of_version(row.course.uuid, row.version.number, approver=True),
        "check": checking.kept_check(row.version),
        "page": approvals.page_of(row),
        "waits": waits,
        "approver": approver,
        "may_decide": waits and approver and row.submitted_by_uuid != actor.person_uuid,
        "may_withdraw": waits and not approver,
        "nobody": waits and not moderating.deciders_of(row),
        "form": form,
        "crumbs": [
            *crumbs_of(row.course, approver=approver),
            (_("Version %(number)s") % {"number": row.version.number}, ""),
        ],
    }
    return render(request, "courses/content/submission.html", context)


def _carried_out(request: HttpRequest, row: ContentSubmission, actor: Actor, form: ReturnForm) -> bool:
    """Carry out the deed of a button; False with an error in the form when a reason is missing."""
    deed = request.POST.get("deed")
    if deed == "withdraw":
        moderating.withdraw(submission_uuid=row.uuid, acting=actor)
        messages.success(request, _("Taken back. You can send it again at any time."))
    elif deed == "return":
        if not form.is_valid():
            return False
        try:
            moderating.send_back(submission_uuid=row.uuid, reason=form.cleaned_data["reason"], acting=actor)
        except Stale:
            raise
        except Refusal as refusal:
            form.add_error("reason", str(refusal.message))
            return False
        messages.success(request, _("Returned to its author with your reason."))
    elif deed == "approve":
        if moderating.approve(submission_uuid=row.uuid, acting=actor):
            messages.success(request, _("Approved. Learners see the version, and the course's page is public."))
        else:
            messages.success(request, _("Approved. The workflow of your institution asks for one more approval."))
    else:
        return False
    return True
