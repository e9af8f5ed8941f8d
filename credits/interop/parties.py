"""Institutions outside, as registrars register them. Keys come from the operator alone: a key can give credit back."""

import re

from django.utils.translation import gettext_lazy as _

from credits.ledger import exports
from credits.ledger.access import registrar_of
from credits.ledger.grounds import NAME_LENGTH_MAX, ForeignParty
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal

CODE_LENGTH_MAX = 50  # a key's id is the code and a number, in 60 characters
CODE = re.compile(r"[a-z][a-z0-9-]*:\S(?:.*\S)?")


def register(*, code: str, name_zh: str, name_en: str, acting: Actor) -> ForeignParty:
    """Register an institution outside under an identifier that its files carry ("schac:uw.edu.pl"), as a registrar.

    Refusal for another form of the code, without a name, or when the code belongs to another name.
    """
    registrar_of(acting)
    code = " ".join(code.split())
    if not CODE.fullmatch(code) or len(code) > CODE_LENGTH_MAX:
        raise Refusal("bad-code", _("Write kind and value of the identifier as the file has them: schac:uw.edu.pl"))
    name_zh, name_en = " ".join(name_zh.split()), " ".join(name_en.split())
    if not name_zh or max(len(name_zh), len(name_en)) > NAME_LENGTH_MAX:
        raise Refusal("no-name", _("Write the institution's name in up to 200 characters."))
    return exports.register_party(code=code, name_zh=name_zh, name_en=name_en, acting=acting)
