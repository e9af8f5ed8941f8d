"""The moderators' queue and the page of one post with reports, decision and trail."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.catalogue.queries import course_info
from courses.discussion import access, moderating, queries
from courses.discussion.forms import REASON_WORDS, DecisionForm
from courses.discussion.models import ReportReason
from courses.discussion.states import PostStatus
from edu.design.values import Tab, TimelineEntry
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import require_role

MODERATORS = ("teacher", "author", "editor", "registrar")
POSTS_PER_PAGE = 50


@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """List the posts that wait for a decision, or those that are hidden."""
    actor = require_role(request, *MODERATORS)
    view = "hidden" if request.GET.get("view") == "hidden" else "waiting"
    page = Paginator(queries.queue_of(actor, view), POSTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"post": post, "course": course_info(post.thread.run.course)} for post in page.object_list]
    context = {"page_obj": page, "rows": rows, "view": view, "tabs": _tabs(view), "total": page.paginator.count}
    return render(request, "courses/discussion/queue.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def case(request: HttpRequest, post_uuid: UUID) -> HttpResponse:
    """Show a post with what was reported, and take the decision."""
    actor = require_role(request, *MODERATORS)
    post = access.post_to_moderate(actor, post_uuid)
    form = DecisionForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and _decided(form, request.POST.get("deed", ""), post_uuid, actor):
        messages.success(request, _("The decision is kept."))
        return redirect("courses:moderation")
    own = post.author is not None and post.author.uuid == actor.person_uuid
    context = {
        "post": post,
        "course": course_info(post.thread.run.course),
        "form": form,
        "own": own,
        "reports": [(REASON_WORDS[ReportReason(one.reason)], one) for one in queries.reports_of(post)],
        "trail": _trail(post),
        "statuses": {status.name: status.value for status in PostStatus},
    }
    return render(request, "courses/discussion/case.html", context, status=422 if form.errors else 200)


def _decided(form: DecisionForm, deed: str, post_uuid: UUID, actor: Actor) -> bool:
    deeds: dict[str, Callable[..., Any]] = {
        "hide": moderating.hide,
        "restore": moderating.restore,
        "keep": moderating.keep,
    }
    if deed not in deeds:
        form.add_error(None, _("Choose what should happen with the post."))
        return False
    try:
        deeds[deed](post_uuid=post_uuid, reason=form.cleaned_data["reason"], acting=actor)
    except (NotThere, NotPermitted, Stale):
        raise
    except Refusal as refusal:
        form.add_error("reason" if refusal.code.startswith("reason") else None, str(refusal.message))
        return False
    return True


def _trail(post: Any) -> list[TimelineEntry]:
    words = trail_words()
    return [
        TimelineEntry(words[PostStatus(step.target)], step.happened_at, step.role, step.reason)
        for step in queries.trail_of(post)
    ]


def trail_words() -> dict[PostStatus, str]:
    """Return what each step of a trail is called."""
    return {
        PostStatus.REPORTED: _("Reported"),
        PostStatus.HIDDEN: _("Hidden"),
        PostStatus.SHOWN: _("Decided to show"),
        PostStatus.REMOVED: _("Taken back"),
    }


def _tabs(view: str) -> list[Tab]:
    here = reverse("courses:moderation")
    return [
        Tab(_("Waiting"), here, view == "waiting"),
        Tab(_("Hidden"), f"{here}?view=hidden", view == "hidden"),
    ]
