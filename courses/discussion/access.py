"""Who moderates what: teachers their runs; editors and registrars of the host all its runs."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from courses.discussion.models import Post
from courses.enrolment.participants import NOT_THERE, TEACHING_ROLES
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

HOUSE_MODERATORS = frozenset({"editor", "registrar"})  # of the institution that gives the course


def may_moderate(request: HttpRequest) -> bool:
    """True when the visitor's role moderates; for the menu."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.role in HOUSE_MODERATORS | TEACHING_ROLES


def posts_to_moderate(actor: Actor) -> QuerySet[Post]:
    """Return the posts that the actor may decide on; none for everybody else."""
    at_host = Q(thread__run__course__institution__uuid=actor.institution_uuid)
    posts = Post.objects.select_related("thread__run__course__institution", "author")
    if actor.institution_uuid is None or actor.person_uuid is None:
        return posts.none()
    if actor.role in HOUSE_MODERATORS:
        return posts.filter(at_host)
    if actor.role in TEACHING_ROLES:
        return posts.filter(at_host, thread__run__run_teachers__person__uuid=actor.person_uuid)
    return posts.none()


def post_to_moderate(actor: Actor, post_uuid: UUID, *, locked: bool = False) -> Post:
    """Return a post that the actor may decide on; NotThere for everybody else."""
    posts = posts_to_moderate(actor).filter(uuid=post_uuid)
    post = (posts.select_for_update(of=("self",)) if locked else posts).first()
    if post is None:
        raise NotThere(*NOT_THERE)
    return post
