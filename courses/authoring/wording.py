"""What deeds, levels and types of blocks are called on the screens of authors."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from courses.authoring.tree import LEVEL_OF_TYPE

DEEDS: dict[str, Any] = {
    "begin": _("Began the draft"),
    "begin-again": _("Began again from %(name)s"),
    "add": _("Added “%(name)s”"),
    "edit": _("Changed “%(name)s”"),
    "rename": _("Changed the settings of “%(name)s”"),
    "move": _("Moved “%(name)s”"),
    "duplicate": _("Duplicated “%(name)s”"),
    "delete": _("Deleted “%(name)s”"),
    "add-file": _("Added the file %(name)s"),
    "remove-file": _("Removed the file %(name)s"),
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
    "openassessment": _("Open response"),
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
    "tool": _("Tool on another server"),
    "olx": _("Other (OLX text)"),
}


def deed(verb: str, name: str, usage_id: str) -> str:
    """Return what was done, in words; a block without a name is called by its type."""
    return str(DEEDS[verb]) % {"name": name or type_name(usage_id.partition("@")[0])}


def amounts(counts: Mapping[str, int]) -> str:
    """Return how many subsections, units and blocks there are, those that are none left out."""
    words = [
        ngettext("%(n)s subsection", "%(n)s subsections", counts["subsection"]),
        ngettext("%(n)s unit", "%(n)s units", counts["unit"]),
        ngettext("%(n)s block", "%(n)s blocks", counts["block"]),
    ]
    given = (counts["subsection"], counts["unit"], counts["block"])
    comma = pgettext("between amounts", ", ")
    return comma.join(word % {"n": n} for word, n in zip(words, given, strict=True) if n)


def type_name(block_type: str) -> str:
    """Return what a type of block is called, or its OLX tag."""
    return str(TYPES.get(block_type) or LEVELS.get(LEVEL_OF_TYPE.get(block_type, block_type), block_type))
