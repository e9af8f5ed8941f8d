"""Who cosigns: registering a witness with us, and ending it."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.log import notes
from credits.log.faults import Fault
from credits.log.models import Witness
from credits.log.policy import WITNESSES_MAX
from edu.kernel import clock
from edu.kernel.errors import Refusal


def add(*, public_key: str, address: str, operator: str = "") -> Witness:
    """Register a witness by its key and the address before /add-checkpoint; again changes address and operator.

    Refusal when the key is none of a witness, its name belongs to another key, or the address is none.
    """
    try:
        key = notes.parse_key(public_key)
    except Fault as fault:
        raise _refused("witness-key-malformed", _("This is not a key of the form name+hash+base64."), fault) from fault
    if key.algorithm not in (notes.COSIGNATURE, notes.ML_DSA_44):
        raise Refusal("witness-key-of-another-kind", _("This key signs notes; a witness's key makes cosignatures."))
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refusal("witness-address-wrong", _("The address of a witness begins with https:// or http://."))
    with transaction.atomic():
        return _added(key, address, operator)


def end(name: str) -> None:
    """Ask this witness no more; its cosignatures stay, and count no longer. Refusal when there is none of that name."""
    if not Witness.objects.filter(name=name, to_at=None).update(to_at=clock.now()):
        raise Refusal("no-such-witness", _("No witness that is asked has this name."))


def _added(key: notes.PublicKey, address: str, operator: str) -> Witness:
    row = Witness.objects.filter(public_key=key.text).first()
    if row and row.to_at is None:
        Witness.objects.filter(pk=row.pk).update(address=address, operator=operator)
        return row
    if row or Witness.objects.filter(name=key.name, to_at=None).exists():
        raise Refusal("witness-name-taken", _("A witness of this name or key was registered before. End it first."))
    if Witness.objects.filter(to_at=None).count() >= WITNESSES_MAX:
        raise Refusal("too-many-witnesses", _("No more than 32 witnesses can be asked."))
    return Witness.objects.create(
        name=key.name, public_key=key.text, address=address, operator=operator, from_at=clock.now()
    )


def _refused(code: str, message: object, fault: Fault) -> Refusal:
    return Refusal(code, message, {"fault": str(fault)})
