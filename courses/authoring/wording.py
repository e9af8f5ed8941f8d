"""What deeds, levels and types of blocks are called on the screens of authors."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DEEDS: dict[str, Any] = {
    "begin": _("began the draft"),
    "begin-again": _("began again from a version"),
    "add": _("added"),
    "edit": _("changed"),
    "rename": _("changed the settings of"),
    "move": _("moved"),
    "duplicate": _("duplicated"),
    "delete": _("deleted"),
    "add-file": _("added the file"),
    "remove-file": _("removed the file"),
}
LEVELS: dict[str, Any] = {
    "course": _("Course"),
    "section": _("Section"),
    "subsection": _("Subsection"),
    "unit": _("Unit"),
    "block": _("Block"),
}
NEW: dict[str, Any] = {"section": _("New section"), "subsection": _("New subsection"), "unit": _("New unit")}
TYPES: dict[str, Any] = {
    "html": _("Text"),
    "problem": _("Question"),
    "video": _("Video"),
    "poll": _("Poll"),
    "survey": _("Survey"),
    "done": _("Mark as done"),
    "freetextresponse": _("Answer in own words"),
    "word_cloud": _("Word cloud"),
    "pdf": _("PDF document"),
    "drag-and-drop-v2": _("Drag and drop"),
    "scorm": _("SCORM package"),
    "lti": _("Tool on another server"),
    "lti_consumer": _("Tool on another server"),
    "annotatable": _("Text with notes"),
    "poll_question": _("Poll"),
    "discussion": _("Discussion"),
    "library_content": _("Drawn at random"),
    "itembank": _("Drawn at random"),
    "conditional": _("Shown on a condition"),
    "split_test": _("Experiment"),
    "problem-builder": _("Problem builder"),
    "step-builder": _("Step builder"),
}
# What an author may add, with the name on the page, in the order of use.
KINDS: dict[str, Any] = {
    "text": _("Text"),
    "single": _("Single choice"),
    "multiple": _("Multiple choice"),
    "number": pgettext_lazy("a kind of question", "Number"),
    "words": _("Text answer"),
    "video": _("Video"),
    "poll": _("Poll"),
    "done": _("Mark as done"),
    "essay": _("Answer in own words"),
    "olx": _("Other (OLX text)"),
}


def type_name(block_type: str) -> str:
    """Return what a type of block is called, or its OLX tag."""
    return str(TYPES.get(block_type, block_type))
