"""The words of the ledger's screens: where credit is, what happened to it, who did it."""

from django.utils.translation import gettext_lazy as _

from credits.ledger.rules import AccountKind, PostingEvent, Unit

# Tone and word for where an amount is; colour only for what waits for somebody (look.md B1).
PLACE_WORDS = {
    AccountKind.AVAILABLE: ("info", _("Available")),
    AccountKind.RESERVED: ("warn", _("Set aside for an application")),
    AccountKind.CONVERTED_OUT: ("done", _("Converted by the home institution")),
    AccountKind.RECOGNISED: ("ok", _("Recognised")),
    AccountKind.UNUSABLE: ("neutral", _("Not usable")),
    AccountKind.REDEEMED: ("done", _("Used for a degree")),
    AccountKind.EXPIRED: ("neutral", _("Expired")),
    AccountKind.EXPORTED: ("warn", _("Handed to an outside institution")),
    AccountKind.IMPORTED: ("neutral", _("Issued by an outside institution")),
    AccountKind.OPENING: ("neutral", _("Recognised before this system")),
    AccountKind.ISSUED: ("neutral", _("Issued by the host")),
    AccountKind.CONVERTED_IN: ("neutral", _("Converted from another institution")),
}
EVENT_WORDS = {
    PostingEvent.MINTED: _("Credit entered after the result was certified"),
    PostingEvent.RESERVED: _("Set aside for an application"),
    PostingEvent.RELEASED: _("Given back by the application"),
    PostingEvent.RECOGNISED: _("Recognised"),
    PostingEvent.REDEEMED: _("Used for a degree"),
    PostingEvent.EXPIRED: _("Expired"),
    PostingEvent.EXPORTED: _("Handed to an outside institution"),
    PostingEvent.RETURNED: _("Given back by the outside institution"),
    PostingEvent.IMPORTED: _("Entered from an outside institution"),
    PostingEvent.OPENED: _("Entered as recognised before this system"),
    PostingEvent.REVERSED: _("Reversed"),
}
UNIT_WORDS = {Unit.CREDIT_POINTS: _("credits"), Unit.CONTACT_HOURS: _("contact hours")}
REASON_WORDS = {"surplus": _("More than the home institution's rule can count")}
ROLE_WORDS = {
    "system": _("By rule, without a person"),
    "registrar": _("Registrar"),
    "student": _("Student"),
    "teacher": _("Teacher"),
}
SOURCE_WORDS = {
    "result": _("Certified result"),
    "recognition": _("Recognition decision"),
    "application": _("Application"),
    "correction": _("Correction"),
    "award": _("Degree"),
    "policy": _("Rule on expiry"),
    "export": _("Handing over"),
    "release": _("Signed release"),
    "import": _("Outside credit"),
    "opening": _("Confirmed list"),
}
