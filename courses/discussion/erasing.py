"""What becomes of posts when a person is erased: they lose author and text, and keep their place in the thread."""

from uuid import UUID

from courses.discussion.models import Post, PostReport, Thread
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Take the person's texts, titles and name out of all threads, and their notes out of reports."""
    own = Post.objects.filter(author__uuid=person_uuid)
    Thread.objects.filter(pk__in=own.filter(opens=True).values("thread_id")).update(title="")
    own.update(text="", author=None)
    PostReport.objects.filter(reporter__uuid=person_uuid).update(note="", reporter=None)


register_eraser("courses.discussion", erase)
