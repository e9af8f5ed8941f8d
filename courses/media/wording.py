"""What the copies of films are called, where they stand, and why there is none."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.media.states import RenditionStatus

QUALITY_WORDS: dict[str, Any] = {
    "light": _("Data saver"),
    "standard": _("Standard"),
    "sound": _("Sound only"),
}
STATUS_WORDS: dict[str, tuple[str, Any]] = {
    RenditionStatus.WAITING: ("info", _("Waits its turn")),
    RenditionStatus.RUNNING: ("info", _("Being made")),
    RenditionStatus.DONE: ("done", _("Ready")),
    RenditionStatus.NEEDLESS: ("done", _("Not needed")),
    RenditionStatus.REFUSED: ("bad", _("Not possible")),
    RenditionStatus.FAILED: ("bad", _("Failed")),
    RenditionStatus.CANCELLED: ("neutral", _("Called off")),
}
REASONS: dict[str, Any] = {
    "light-enough": _("The uploaded file is as light."),
    "no-picture": _("The file has no picture."),
    "no-sound": _("The file has no sound."),
    "sound-already": _("The uploaded file is sound only."),
    "no-film": _("There is neither picture nor sound in the file. Export it as MP4 and upload it again."),
    "no-length": _("The file does not say how long it is. Export it as MP4 and upload it again."),
    "too-long": _("It is longer than 4 hours. Cut it into parts and upload them."),
    "too-large": _("Its picture is wider or higher than 8192 pixels. Export it smaller and upload it again."),
    "unreadable": _("The file cannot be read as a video. Export it as MP4 and upload it again."),
    "broken": _("The file breaks off or is damaged. Export it as MP4 and upload it again."),
    "took-too-long": _("The server was too busy. Ask again at a quieter time."),
    "worker-died": _("The server stopped three times while making it. Ask the operator to look."),
    "our-fault": _("It could not be made, and the file may not be at fault. Ask the operator to look."),
}
