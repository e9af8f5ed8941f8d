"""Signing a Comprehensive Learner Record with the key of the holder's home institution, as certificates are signed."""

import base64
from typing import Any

from django.utils.translation import gettext_lazy as _

from credits.certificates import integrity, keys
from credits.certificates import queries as certificates
from credits.certificates.credentials import did_of
from credits.interop import clr
from credits.interop.record import Kind, Record
from edu.institutions import api as institutions
from edu.kernel.errors import Refusal


def secured(record: Record, kind: Kind, base_url: str) -> dict[str, Any]:
    """Return the record as a credential with its Data Integrity proof (eddsa-jcs-2022) by the home institution.

    Refusal when the holder has no home institution here, or that has no key which can be used.
    """
    code = record.holder.home_code
    home = institutions.institution_by_code(code) if code else None
    key = certificates.current_key(home.uuid) if home else None
    if key is None:
        raise Refusal(
            "nobody-signs",
            _("The institution where you study signs a CLR, and it has no signing key here. Take another format."),
        )
    document = clr.build(record, kind, base_url, publisher_id=did_of(code))
    return integrity.secured(
        document,
        method=f"{did_of(code)}#{key.key_id}",
        created=record.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        sign=lambda message: base64.b64decode(keys.sign(key.key_id, key.public_key, message)),
    )
