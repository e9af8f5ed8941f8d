"""What the screens say about packs, why there is none, and what is not in them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.textbooks.states import PackStatus

STATUS_WORDS: dict[str, tuple[str, Any]] = {
    PackStatus.WAITING.value: ("info", _("Waits its turn")),
    PackStatus.RUNNING.value: ("info", _("Being packed")),
    PackStatus.DONE.value: ("done", _("Ready")),
    PackStatus.SAME.value: ("done", _("Nothing new")),
    PackStatus.REFUSED.value: ("bad", _("Not possible")),
    PackStatus.FAILED.value: ("bad", _("Failed")),
}
REASONS: dict[str, Any] = {
    "nothing-to-read": _(
        "The version has no text, document or video that every learner may see. Add some, or pack another version."
    ),
    "file-missing": _(
        "A file of the course is missing or damaged. Upload it again, publish, and pack the new version."
    ),
    "no-key": _(
        "The institution's signing key cannot be used. Ask the operator to look at the key folder; then pack again."
    ),
    "no-space": _("The server's disk is full. Ask the operator to make room; then pack again."),
    "worker-died": _("The server stopped three times while packing. Ask the operator to look."),
    "our-fault": _("It could not be packed, and the course may not be at fault. Ask the operator to look."),
}
LEFT_OUT: dict[str, Any] = {
    "problem": _("Exercises and tests"),
    "interactive": _("Interactive parts: polls, discussions, tools"),
    "network": _("Pictures, videos and pages on other websites"),
    "chosen": _("Parts that only some learners see"),
}
VERBS: dict[str, Any] = {
    "marked": _("Marked as a textbook"),
    "changed": _("Details changed"),
    "ended": _("No longer a textbook"),
}
