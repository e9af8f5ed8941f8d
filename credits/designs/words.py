"""What editors read of templates."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credits.designs.rules import Fault, PaperKind, Tint, fault_of

KIND_WORDS: dict[str, str | Promise] = {
    PaperKind.COURSE.value: _("Credit certificate"),
    PaperKind.HOURS.value: _("Certificate of completion"),
    PaperKind.TRANSCRIPT.value: _("Transcript"),
}
TINT_WORDS: dict[str, str | Promise] = {
    Tint.BLUE.value: _("River blue"),
    Tint.GREEN.value: _("Green"),
    Tint.BRONZE.value: _("Bronze"),
    Tint.PLUM.value: _("Plum"),
}
FAULT_WORDS: dict[Fault, str | Promise] = {
    Fault.EMPTY: _("Write the sentence that the paper says."),
    Fault.TOO_LONG: _("Write the sentence in at most 400 characters."),
    Fault.UNKNOWN_PLACE: _("There is no place called %(places)s. See the list of places beside the form."),
    Fault.MISSING_PLACE: _("The sentence also has to name, outside of brackets: %(places)s"),
    Fault.BRACKETS: _("Every [ needs its ], and brackets do not stand inside brackets."),
    Fault.BRACES: _("Braces stand around the name of a place only, like {holder}."),
}


def message_of(sentence: str, kind: PaperKind) -> str | None:
    """Return what is wrong with a sentence in the editor's language, or None."""
    found = fault_of(sentence, kind)
    if found is None:
        return None
    words = FAULT_WORDS[found.fault]
    return str(words % {"places": "、".join(f"{{{place}}}" for place in found.places)} if found.places else words)
