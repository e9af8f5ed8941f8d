"""What the evaluation asks, and what its grades are called."""

from django.utils.translation import gettext_lazy as _

from courses.evaluation.rules import Place, Window

ITEM_WORDS = {
    "goals": _("It was clear what I should learn"),
    "teaching": _("The explanations helped me understand"),
    "pace": _("Amount and pace of work were right for me"),
    "help": _("I got help when I needed it"),
    "access": _("Videos and pages worked with my device and connection"),
    "overall": _("All in all I would recommend the course"),
}
GRADE_WORDS = {
    5: _("Entirely true"),
    4: _("Mostly true"),
    3: _("Partly true"),
    2: _("Hardly true"),
    1: _("Not true"),
}
PLACE_WORDS = {
    Place.RURAL: _("In a village or township"),
    Place.URBAN: _("In a county town or city"),
    Place.UNSAID: _("I would rather not say"),
}
WINDOW_WORDS = {
    Window.LATER: ("neutral", _("Not open yet")),
    Window.OPEN: ("info", _("Learners are answering")),
    Window.OVER: ("done", _("Closed")),
}
