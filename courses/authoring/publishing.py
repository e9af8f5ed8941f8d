"""From a working copy to an immutable version, and from a version to what learners see."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.authoring import assembling, queries
from courses.authoring.models import ContentDraft, DraftBlock, Publication
from courses.content import actions as content
from courses.content import checking, moderating
from courses.content.models import ContentSubmission, ContentVersion
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale

NOTE_CHARACTERS_MAX = 500


def save_version(*, course_id: int, note: str, seen: int, acting: Actor) -> ContentVersion:
    """Keep what the draft holds as an immutable version; the same content again gives the version there is.

    Stale when somebody has worked on in the draft since revision `seen`: a person saves what they saw.
    """
    content.require_author(course_id, acting)
    with transaction.atomic():
        return _save(_locked(course_id, seen), note, acting)


def publish(
    *, course_id: int, run_uuids: Collection[UUID], note: str, seen: int, acting: Actor, despite: bool = False
) -> Publication:
    """Save the draft as a version, let the learners of these runs see it from now on, and write both down.

    A Refusal without a note or while the course has no unit; NotThere for a run of another course. Where the check of
    the version found what must be fixed, the version stays saved and nothing is published, unless `despite`. Where
    somebody else has to approve it first, that is refused too: see `send`.
    """
    version = _saved(course_id, run_uuids, note, seen, acting, despite)
    if content.needs_approval(version):
        raise Refusal("needs-approval", _("Somebody else approves this version first. Send it for approval."))
    return _show(version, run_uuids, note, seen, acting)


def send(
    *, course_id: int, run_uuids: Collection[UUID], note: str, seen: int, acting: Actor, despite: bool = False
) -> ContentSubmission | None:
    """Save the draft as a version and send it for approval; None when it was approved before and is published now.

    Refuses what `publish` refuses.
    """
    version = _saved(course_id, run_uuids, note, seen, acting, despite)
    if not content.needs_approval(version):
        _show(version, run_uuids, note, seen, acting)
        return None
    with transaction.atomic():
        runs = _runs(_locked(course_id, seen), run_uuids)
        return moderating.submit(version_id=version.pk, run_ids=[run.pk for run in runs], note=note, acting=acting)


def _saved(
    course_id: int, run_uuids: Collection[UUID], note: str, seen: int, acting: Actor, despite: bool
) -> ContentVersion:
    """Return the version that holds what the draft holds, fit to be shown to learners."""
    content.require_author(course_id, acting)
    if not note.strip():
        raise Refusal("no-note", _("Say in a few words what has changed: it goes into the publish log."))
    with transaction.atomic():
        draft = _locked(course_id, seen)
        if not DraftBlock.objects.filter(draft=draft, block_type="vertical").exists():
            raise Refusal("nothing-to-publish", _("The course has no unit yet, so learners would see nothing."))
        _runs(draft, run_uuids)
        version = _save(draft, note.strip()[:NOTE_CHARACTERS_MAX], acting)
    if not despite:
        _require_fixed(version)
    return version


def _show(version: ContentVersion, run_uuids: Collection[UUID], note: str, seen: int, acting: Actor) -> Publication:
    with transaction.atomic():
        runs = _runs(_locked(version.course_id, seen), run_uuids)
        for run in runs:
            if run.content_id != version.pk:
                content.pin_version(run_id=run.pk, version_id=version.pk, reason=note, acting=acting)
        return _log(version, note.strip()[:NOTE_CHARACTERS_MAX], _named(runs), acting)


def must_be_fixed(version: ContentVersion | None) -> int:
    """Return how many findings of a version's check hold its publication up."""
    return sum(entry["count"] for entry in checking.must_be_fixed(version)) if version else 0


def _require_fixed(version: ContentVersion) -> None:
    if count := must_be_fixed(version):
        raise Refusal(
            "must-be-fixed",
            _(
                "The draft was saved as version %(number)s and not published: its check found %(count)s things that "
                "must be fixed. Fix them, or tick the box below and say in the note why they may stay."
            )
            % {"number": version.number, "count": count},
            {"version": version.number},
        )


@moderating.on_approval
def _note_approval(submission: ContentSubmission, acting: Actor) -> None:
    """Write an approval into the publish log."""
    _log(submission.version, submission.note, submission.runs, acting)


def _log(version: ContentVersion, note: str, runs: list[dict[str, str]], acting: Actor) -> Publication:
    published = Publication.objects.create(
        course_id=version.course_id,
        version=version,
        previous=queries.published_version(version.course),
        note=note,
        runs=runs,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    record(
        events.CONTENT_PUBLISHED,
        {
            "publication_uuid": str(published.uuid),
            "version_uuid": str(version.uuid),
            "course_uuid": str(version.course.uuid),
        },
        acting=acting,
    )
    return published


def _named(runs: list[CourseRun]) -> list[dict[str, str]]:
    return [{"uuid": str(run.uuid), "code": run.code} for run in runs]


def _locked(course_id: int, seen: int) -> ContentDraft:
    rows = ContentDraft.objects.select_for_update(of=("self",)).select_related("course")
    draft = rows.filter(course_id=course_id).first()
    if draft is None:
        raise NotThere("no-draft")
    if draft.revision != seen:
        raise Stale(
            "changed-meanwhile",
            _("Somebody has changed the draft meanwhile. Look at it again before you save or publish."),
            {"revision": draft.revision},
        )
    return draft


def _save(draft: ContentDraft, note: str, acting: Actor) -> ContentVersion:
    whole = assembling.content_of(draft)
    kept = content.record_content(
        whole, course_id=draft.course_id, source_name=note.strip() or str(_("Made on screen")), acting=acting
    )
    draft.base, draft.base_revision = kept.version, draft.revision
    draft.save(update_fields=["base", "base_revision"])
    return kept.version


def _runs(draft: ContentDraft, run_uuids: Collection[UUID]) -> list[CourseRun]:
    """Return these runs of the course; NotThere when one is another's or has ended."""
    runs = {run.uuid: run for run in queries.runs_to_publish_to(draft.course)}
    if unknown := set(run_uuids) - set(runs):
        raise NotThere("no-such-run", details={"runs": sorted(map(str, unknown))})
    return [run for run in runs.values() if run.uuid in set(run_uuids)]
