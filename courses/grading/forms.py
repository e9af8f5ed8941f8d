"""What gradebook and queue send back. Rows are named by uuid; hashes say what was seen."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.grading.data import Entry
from edu.kernel.errors import Refusal


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("unreadable", _("The page was changed on the way. Reload it and choose again.")) from None


def entries(sent: QueryDict) -> list[Entry]:
    """Return the chosen lines of a gradebook; Refusal for what cannot be read."""
    return [
        Entry(
            enrolment_uuid=_uuid(chosen),
            seen_hash=sent.get(f"seen-{chosen}", ""),
            override_score=_score(sent.get(f"score-{chosen}", "")),
            reason=sent.get(f"reason-{chosen}", ""),
        )
        for chosen in sent.getlist("chosen")
    ]


def _score(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        raise Refusal("score-unreadable", _("Write the score as a number, for example 86.5.")) from None
    if not score.is_finite():
        raise Refusal("score-unreadable", _("Write the score as a number, for example 86.5."))
    return score


def chosen_results(sent: QueryDict) -> dict[UUID, str]:
    """Return the chosen results of a queue with the hashes that were seen."""
    return {_uuid(chosen): sent.get(f"seen-{chosen}", "") for chosen in sent.getlist("case")}
