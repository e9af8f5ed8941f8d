"""How a run's state is said: a tone of the design system and a word."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.data import RunInfo, RunPhase

PHASE_WORDS = {
    RunPhase.NOT_YET_OPEN: ("neutral", _("Not yet open")),
    RunPhase.OPEN: ("info", _("Open for enrolment")),
    RunPhase.CLOSED: ("neutral", _("Enrolment over")),
    RunPhase.RUNNING: ("neutral", _("Running")),
    RunPhase.ENDED: ("done", _("Ended")),
}


def phase_words(run: RunInfo) -> tuple[str, str]:
    """Return tone and word; an open run without seats says that it is full."""
    if run.phase == RunPhase.OPEN and run.is_full:
        return "neutral", gettext("Full")
    tone, word = PHASE_WORDS[run.phase]
    return tone, str(word)


def seat_words(run: RunInfo) -> str:
    """Return how many seats are free, in words."""
    left = run.seats_left
    if left is None:
        return gettext("No limit")
    if left == 0:
        return gettext("Full")
    return ngettext("%(left)s of %(seats)s free", "%(left)s of %(seats)s free", left) % {
        "left": left, "seats": run.seats,
    }  # fmt: skip
