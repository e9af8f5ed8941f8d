"""Writes: a key of textbooks that somebody else may hold counts no more."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Textbook
from courses.textbooks import asking, keys, queries
from courses.textbooks.models import TextbookKey, TextbookPack
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, Refusal


def revoke(*, key_id: str, acting: Actor) -> list[TextbookPack]:
    """Revoke a key, make the next one if it signed, and ask anew for the packs that schools are pointed to.

    Returns the packs that were asked for; the caller hints to the worker. NotPermitted but for the operator; Refusal
    "no-such-textbook-key" or "key-revoked-already". Packs of the key that have a row stay good.
    """
    if acting.role not in keys.KEY_MAKERS:
        raise NotPermitted("not-operator", _("Only the operator of this service revokes signing keys."))
    with transaction.atomic():
        row = TextbookKey.objects.select_for_update(of=("self",), no_key=True).filter(key_id=key_id).first()
        if row is None:
            raise Refusal("no-such-textbook-key", _("No key of textbooks has this id."))
        if row.revoked_at is not None:
            raise Refusal("key-revoked-already", _("This key has been revoked already."))
        if row.to_at is None:
            keys.make(institutions.institution(row.institution.uuid))
        TextbookKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=clock.now())
        books = Textbook.objects.filter(is_active=True, course__institution=row.institution)
        made = queries.made_by_textbook(books.values_list("pk", flat=True))
        offered = [pack for packs in made.values() if (pack := queries.offered(packs)) and pack.key_id == row.pk]
        asked = [asking.pack_anew(pack, acting=acting) for pack in offered]
    return [pack for pack in asked if pack]
