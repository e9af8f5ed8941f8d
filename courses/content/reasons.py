"""Why a block is not supported, and what an import changed: codes in the database, sentences on the screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "unknown-type": _("No block of this type is installed here. It is kept and exported again."),
    "edx-only": _("This block runs only inside Open edX. It is kept and exported again."),
    "needs-forum": _(
        "Its place is kept: the page of the unit links to the discussion of this site. It is exported again."
    ),
    "needs-submissions": _("It was imported before this site could run it. Import the course again."),
    "needs-teams": _("Teams answer it together, and there are no teams here. It is kept and exported again."),
    # What earlier imports wrote; since then files are taken, so a new import runs the task.
    "needs-uploads": _("Learners answer it with a file. Import the course again: files can be handed in now."),
    "needs-lti": _("It starts a tool on another server by LTI, which is not connected here."),
    "rule-not-run": _("It was imported before its rule was carried out here. Import the course again."),
    "bad-xml": _("Its definition is not well-formed XML. It is kept as text; mend it and import again."),
    "no-file": _("Its definition file is missing from the archive. Pack the course again with that file."),
    "wrong-tag": _("Its definition file describes another type of block. Mend the file's first tag."),
    "cannot-parse": _("The block's own code does not accept its definition. It is kept; mend it and import again."),
    "too-long": _("A field of the block is too long to be kept. Split the block."),
}

CHANGES: dict[str, Any] = {
    "url-name-made": _("It had no url_name; one was made from its place."),
    "url-name-cleaned": _("Its url_name held characters that addresses do not take; they became underscores."),
    "level-wrapped": _("It stood too high in the tree; a subsection or unit was put around it."),
    "youtube-blanked": _("The block's default YouTube video was switched off, since the authors set none."),
    "uploads-off": _("When this was imported, files could not be handed in. Now they can, in this version too."),
    "leaderboard-off": _("The board of the best answers is not shown here."),
    "drafts-left": _("Unpublished drafts were kept as files and not imported as blocks."),
}


def sentence(reason: str) -> str:
    """Return a stored reason ("code" or "code: detail") as a sentence in the active language."""
    code, _colon, detail = reason.partition(": ")
    text = str(REASONS.get(code) or CHANGES.get(code) or code)
    return f"{text} ({detail})" if detail else text
