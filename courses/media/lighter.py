"""Tells the check before publishing what learners fetch in a film's place."""

from uuid import UUID

from courses.content.lighter import Copies, LighterCopy
from courses.media import queries
from courses.media.wording import QUALITY_WORDS

WITHOUT_PICTURE = "sound"


def copies_of(version_id: int, version_uuid: UUID) -> Copies:
    """Return the copies with a picture of a version's films by the film's path, the lightest first."""
    made = queries.copies(version_id, version_uuid)
    return {
        asset.path: copies
        for asset in queries.sources(version_id, version_uuid).values()
        if (
            copies := tuple(
                LighterCopy(QUALITY_WORDS[copy.quality], copy.size)
                for copy in made.get(asset.sha256, ())
                if copy.quality != WITHOUT_PICTURE
            )
        )
    }
